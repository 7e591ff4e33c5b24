import type {Inspection} from "../core/anndata/inspect.js";
import {WorkbookError} from "../core/errors.js";
import {tableOfStage} from "../core/pipeline/events.js";
import type {QuestionAnswer, QuestionArguments, QuestionName} from "../core/questions/index.js";
import type {InspectChoice} from "../core/stages/file-facts.js";
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
import {keepAnswer} from "./kept-answers.js";
import {packedFile} from "../views/packed-file.js";
import {throwOfFile} from "./told-of-file.js";

/**
 * What `openFile` takes: bytes, the files of a folder or of one 10x Genomics output, something that gives bytes (a FileAttachment of Framework's), or an
 * address to fetch them from.
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
  /** Told how far a matrix of a Matrix Market file is turned into rows: entries done, of all. */
  onProgress?(done: number, total: number): void;
  /** True where the page shows the stages' progress with Run and Cancel (`runBar`): faults and cancels then wait there. */
  attended?: boolean;
}

/** How a question is asked. */
export interface AskOptions extends Wish {
  /** How far it is: `done` of `total` of whatever the question counts. */
  onProgress?(done: number, total: number): void;
  /** Waits for the stage's table first (false): questions about vectors need it. */
  whenDone?: boolean;
}

const client = new WorkbookClient();
const sources = new WeakMap<OpenFile, BrowserSource>();
/** Files that are open as a saved session alone. */
const sessions = new WeakMap<OpenFile, Session>();
const sourceOf = (file: OpenFile): BrowserSource => sources.get(file)!;
/** Equal stages of one page are one, whichever opening of the file they are made of. */
const runners = new Map(
  [true, false].map((attended) => [attended, new StageScheduler(new PageHost(client, sourceOf, {attended}))])
);

/**
 * Opens counts of any format of docs/reading.md where they are: nothing is uploaded, and no more is read than what is asked for. Resolves to what is known of it,
 * of which `load` makes the first stage. Rejects with a WorkbookError that says what is wrong with the file and the way out.
 */
export async function openFile(source: FileSource, options: OpenFileOptions = {}): Promise<OpenFile> {
  const {model = null, attended = false, identity, onProgress} = options;
  const signal = wishSignal(options);
  const {blob, name} = await bytesOf(source, signal);
  const head =
    blob.size < 8
      ? new Uint8Array(0)
      : new Uint8Array(
          await blob
            .slice(0, 8)
            .arrayBuffer()
            .catch(() => new ArrayBuffer(0))
        );
  if (isSessionFile(name, head))
    return sessionFile(await readSession(new Uint8Array(await blob.arrayBuffer()), name), attended);
  const from: BrowserSource = {blob, name: options.name ?? name, identity};
  const facts = await client.open(from, model, {signal, onProgress});
  const file: OpenFile = {...facts, runner: runners.get(attended)!};
  sources.set(file, {...from, identity: facts.identity});
  return file;
}

/** A saved session as an open file: its stages have the tables that were saved, and say of the others which file they need. */
function sessionFile(session: Session, attended: boolean): OpenFile {
  const file: OpenFile = {...session.file, runner: new StageScheduler(new SessionHost(session, {attended}))};
  sessions.set(file, session);
  return file;
}

/** The session that a file is open as; undefined for a file that is open itself. */
export function sessionOf(file: OpenFile): Session | undefined {
  return sessions.get(file);
}

/** The bytes of an open file. */
export function blobOf(file: OpenFile): Blob {
  return sourceOf(file).blob;
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
  const {onProgress, whenDone = false} = options;
  const signal = wishSignal(options);
  const session = sessions.get(stage.file);
  if (session !== undefined) {
    const kept = sessionAnswer(session.answers, {address: stage.address, name, args});
    if (kept === undefined) throw dataNeeded(stage.file.name, "this");
    return kept as QuestionAnswer<Name>;
  }
  if (whenDone) await stage.file.runner.table(stage, tableOfStage[stage.name], {signal});
  const answer = await client
    .ask(sourceOf(stage.file), stage.chain, name, args, {signal, onProgress})
    .catch((error: unknown) => throwOfFile(error, stage.file));
  keepAnswer(stage, name, args, answer);
  return answer;
}

async function bytesOf(source: FileSource, signal?: AbortSignal): Promise<{blob: Blob; name: string}> {
  if (isFiles(source)) {
    const packed = packedFile(source.map((file) => ({path: file.webkitRelativePath || file.name, file})));
    return {blob: packed, name: packed.name};
  }
  if (source instanceof Blob) return {blob: source, name: source instanceof File ? source.name : "cells.h5ad"};
  if (typeof source === "object" && "blob" in source) {
    return {blob: await source.blob(), name: source.name ?? "cells.h5ad"};
  }
  const url = new URL(source, document.baseURI);
  const name = decodeURIComponent(url.pathname.split("/").pop() ?? "") || "cells.h5ad";
  const response = await fetch(url, {signal}).catch((cause: unknown) => {
    signal?.throwIfAborted();
    throw unreachable(url, "it cannot be reached from this page", cause);
  });
  if (!response.ok) throw unreachable(url, `the server answers ${response.status}`);
  return {blob: await response.blob(), name};
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
