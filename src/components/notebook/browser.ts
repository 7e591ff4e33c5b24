import type {Inspection} from "../core/anndata/inspect.js";
import {isWorkbookError, WorkbookError} from "../core/errors.js";
import {tableOfStage} from "../core/pipeline/events.js";
import type {QuestionAnswer, QuestionArguments, QuestionName} from "../core/questions/index.js";
import {nameOfAddress} from "../core/remote/data-address.js";
import type {FileFacts, InspectChoice} from "../core/stages/file-facts.js";
import {isSessionFile, readSession} from "../core/session/read-session.js";
import {dataNeeded} from "../core/session/session-errors.js";
import {sessionAnswer, SessionHost} from "../core/session/session-host.js";
import type {Session} from "../core/session/session.js";
import {StageScheduler} from "../core/stages/scheduler.js";
import type {OpenFile, StageDescription, Wish} from "../core/stages/stage.js";
import {wishSignal} from "../core/stages/wish-signal.js";
import {WorkbookClient} from "../runtime/browser/client.js";
import {PageHost} from "../runtime/browser/page-host.js";
import type {BrowserSource, ModelFacts} from "../runtime/browser/protocol.js";
import {answersBy} from "./answers-by.js";
import {keepAnswer} from "./kept-answers.js";
import {packedFile} from "../views/packed-file.js";
import {throwOfFile} from "./told-of-file.js";

/**
 * What `openFile` takes: bytes, the files of a folder or of one 10x Genomics output, something that gives bytes (a FileAttachment of Framework's), or an
 * address that is read by ranges.
 */
export type FileSource = Blob | readonly File[] | {name?: string; blob(): Promise<Blob>} | URL | string;

/** How a file is opened. */
export interface OpenFileOptions extends Wish {
  /** Name to call it by; that of the source unless told. */
  name?: string;
  /** What `fileIdentity` says of it, if that is known. */
  identity?: string;
  /** Address of the model's bundle, absolute or relative to the workbook's own; null is that one. */
  model?: string | null;
  /** Told how far it is: entries of a Matrix Market file that are turned into rows, or bytes that are read by an address, of all. */
  onProgress?(done: number, total: number): void;
  /** True where the page shows the stages' progress with Run and Cancel (`stageStrip`): faults and cancels then wait there. */
  attended?: boolean;
}

/** How a question is asked. */
export interface AskOptions extends Wish {
  /** How far it is: `done` of `total` of whatever the question counts. */
  onProgress?(done: number, total: number): void;
  /** Waits for the stage's table first (false): questions about vectors need it. */
  whenDone?: boolean;
  /** Told when the question is put, after that. */
  onBegin?(): void;
}

const client = new WorkbookClient();
const sources = new WeakMap<OpenFile, BrowserSource>();
/** Files that are open as a saved session alone. */
const sessions = new WeakMap<OpenFile, Session>();
const sourceOf = (file: OpenFile): BrowserSource => sources.get(file)!;
const answers = answersBy(ask);
/** Equal stages of one page are one, whichever opening of the file they are made of. */
const runners = new Map(
  [true, false].map((attended) => [attended, new StageScheduler(new PageHost(client, sourceOf, {attended}))])
);

/**
 * Opens counts of any format of docs/reading.md where they are: nothing is uploaded, and no more is read than what is asked for. Resolves to what is known of it,
 * of which `load` makes the first stage. Rejects with a WorkbookError that says what is wrong with the file and the way out.
 */
export async function openFile(source: FileSource, options: OpenFileOptions = {}): Promise<OpenFile> {
  const {attended = false} = options;
  const signal = wishSignal(options);
  const found = await bytesOf(source);
  if ("blob" in found && isSessionFile(found.name, await headOf(found.blob)))
    return sessionFile(await readSession(new Uint8Array(await found.blob.arrayBuffer()), found.name), attended);
  const {from, facts} = await openAs(found, options, signal);
  const file: OpenFile = {...facts, runner: runners.get(attended)!, answers};
  sources.set(file, {...from, identity: facts.identity});
  return file;
}

/** Where the bytes are that were named: read by ranges where that is an address. */
async function openAs(
  from: BrowserSource,
  {model = null, identity, name = from.name, onProgress}: OpenFileOptions,
  signal?: AbortSignal
): Promise<{from: BrowserSource; facts: FileFacts}> {
  const open = async (from: BrowserSource) => ({from, facts: await client.open(from, model, {signal, onProgress})});
  if ("blob" in from) return open({...from, name, identity});
  const url = new URL(from.address);
  try {
    return await open({...from, name, identity});
  } catch (error) {
    // Small files on simple servers: as a whole, which is what was asked for in any case.
    if (!isWorkbookError(error) || !["no-ranges", "hidden-range"].includes(error.code)) throw error;
    if (url.origin !== location.origin) throw error;
    return open({blob: await fetchWhole(url, signal), name, identity});
  }
}

/** The first bytes of a file, which tell a session; none where it cannot be read. */
async function headOf(blob: Blob): Promise<Uint8Array> {
  const head = blob.slice(0, 8).arrayBuffer();
  return new Uint8Array(await head.catch(() => new ArrayBuffer(0)));
}

/** A saved session as an open file: its stages have the tables that were saved, and say of the others which file they need. */
function sessionFile(session: Session, attended: boolean): OpenFile {
  const runner = new StageScheduler(new SessionHost(session, {attended}));
  const file: OpenFile = {...session.file, runner, answers};
  sessions.set(file, session);
  return file;
}

/** The session that a file is open as; undefined for a file that is open itself. */
export function sessionOf(file: OpenFile): Session | undefined {
  return sessions.get(file);
}

/** True for an open file that is read by its address. */
export function isByAddress(file: OpenFile): boolean {
  return "address" in sourceOf(file);
}

/** The bytes of an open file. Throws the WorkbookError "read-by-address" for one that lies on a host. */
export function blobOf(file: OpenFile): Blob {
  const source = sourceOf(file);
  if ("blob" in source) return source.blob;
  const fault = `${file.name} is read by its address, and this takes a file of this machine`;
  const remedy = "download the file and open it from your disk";
  throw new WorkbookError({domain: "usage", code: "read-by-address", fault, remedy});
}

/** The same open file, of which something else is known: counts recovered from a matrix, the genes of another model. */
export function withInspection(file: OpenFile, inspection: Inspection): OpenFile {
  const other: OpenFile = {...file, inspection};
  const session = sessions.get(file);
  if (session !== undefined) sessions.set(other, session);
  else sources.set(other, sourceOf(file));
  return other;
}

/** The inspection of a file under another choice of matrix or gene names. Rejects with a WorkbookError. */
export function inspect(file: OpenFile, choice: InspectChoice, model: string | null = null): Promise<Inspection> {
  const session = sessions.get(file);
  // What was chosen then is what is known.
  return session === undefined
    ? client.inspect(sourceOf(file), choice, model)
    : Promise.resolve(session.file.inspection);
}

/** The facts of a model (null: the workbook's own). Rejects with a WorkbookError if it cannot be loaded. */
export function model(address: string | null = null): Promise<ModelFacts> {
  return client.model(address);
}

/**
 * Asks one of the questions of core/questions about a stage: `ask(embeddings, "cellNeighbors", {row, k})`. Those about vectors need
 * the embed stage's table to be there; `whenDone` waits for the stage's table first. Rejects with a WorkbookError, or the wish's
 * reason once it is withdrawn.
 */
export async function ask<Name extends QuestionName>(
  stage: StageDescription,
  name: Name,
  args: QuestionArguments<Name>,
  options: AskOptions = {}
): Promise<QuestionAnswer<Name>> {
  const {onProgress, whenDone = false, onBegin} = options;
  const signal = wishSignal(options);
  const session = sessions.get(stage.file);
  if (session !== undefined) {
    const kept = sessionAnswer(session.answers, {address: stage.address, name, args});
    if (kept === undefined) throw dataNeeded(stage.file.name, "this");
    return kept as QuestionAnswer<Name>;
  }
  if (whenDone) await stage.file.runner.table(stage, tableOfStage[stage.name], {signal});
  onBegin?.();
  const answer = await client
    .ask(sourceOf(stage.file), stage.chain, name, args, {signal, onProgress})
    .catch((error: unknown) => throwOfFile(error, stage.file));
  keepAnswer(stage, name, args, answer);
  return answer;
}

async function bytesOf(source: FileSource): Promise<BrowserSource> {
  if (typeof source === "string" || source instanceof URL) {
    const url = new URL(source, document.baseURI);
    return {address: url.href, name: nameOfAddress(url)};
  }
  if (isFiles(source)) {
    const packed = packedFile(source.map((file) => ({path: file.webkitRelativePath || file.name, file})));
    return {blob: packed, name: packed.name};
  }
  if (source instanceof Blob) return {blob: source, name: source instanceof File ? source.name : "cells.h5ad"};
  return {blob: await source.blob(), name: source.name ?? "cells.h5ad"};
}

async function fetchWhole(url: URL, signal?: AbortSignal): Promise<Blob> {
  const response = await fetch(url, {signal}).catch((cause: unknown) => {
    signal?.throwIfAborted();
    throw unreachable(url, "it cannot be reached from this page", cause);
  });
  if (!response.ok) throw unreachable(url, `the server answers ${response.status}`);
  return response.blob();
}

const isFiles = (source: FileSource): source is readonly File[] => Array.isArray(source);

function unreachable(url: URL, why: string, cause?: unknown): WorkbookError {
  return new WorkbookError(
    {
      domain: "file",
      code: "unreachable",
      fault: `${url.href} was not fetched: ${why}`,
      remedy: "check the address and the connection, or download the file and open it from your disk"
    },
    {cause}
  );
}
