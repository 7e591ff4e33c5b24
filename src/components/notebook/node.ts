import {resolve} from "node:path";
import {folderBundle} from "../adapters/node-files.js";
import {folderStore} from "../adapters/folder-store.js";
import {openNodeExpressionHead, openNodeLayers} from "../adapters/onnxruntime-node.js";
import type {OpenSource} from "../core/engine/open-source.js";
import {StageEngine} from "../core/engine/stage-engine.js";
import {bestPrecision} from "../core/model/best-precision.js";
import type {Bundle} from "../core/model/bundle.js";
import {openBundle} from "../core/model/open-bundle.js";
import {tableOfStage} from "../core/pipeline/events.js";
import {questions, type QuestionAnswer, type QuestionArguments, type QuestionName} from "../core/questions/index.js";
import type {Question, TaskOptions} from "../core/questions/context.js";
import {isAddress} from "../core/remote/data-address.js";
import {StageScheduler} from "../core/stages/scheduler.js";
import type {RunEvent, RunOrder, StageHost} from "../core/stages/stage-host.js";
import type {OpenFile, StageDescription, Wish} from "../core/stages/stage.js";
import {wishSignal} from "../core/stages/wish-signal.js";
import {memoryStore} from "../core/store/object-store.js";
import {createResultStore, type ResultStore} from "../core/store/result-store.js";
import {ensureDemoModel} from "../runtime/demo-model.js";
import {louvain} from "../runtime/louvain.js";
import {nodeAliases} from "../runtime/node-aliases.js";
import {openBackend} from "../runtime/node-backend.js";
import {openCells} from "../runtime/open-cells.js";
import {createUmapEngine} from "../core/space/umap-engine.js";
import {software} from "../runtime/software.js";
import {answersBy} from "./answers-by.js";

export type {Answer} from "../core/stages/answer.js";
export {cluster} from "../core/stages/cluster.js";
export {markers} from "../core/stages/markers-stage.js";
export {scoreGenes} from "../core/stages/score-genes.js";
export {label} from "../core/stages/label.js";
export type {LabelReference} from "../core/reference/label-reference.js";
export {openReference} from "../runtime/node-reference.js";
export {embed, load, normalize, sample, umap} from "../core/stages/stage.js";
export type {AnswerStatus, Counts, LoadOptions, OpenFile, Stage, Wish} from "../core/stages/stage.js";
export type {BackendChoice} from "../core/stages/chain.js";
export type {ChainStatus, StageStatus} from "../core/stages/status.js";
export {answerFacts} from "../core/tables/answer-facts.js";
export {placedCells} from "../core/tables/placed-cells.js";

/** How a file is opened in Node. */
export interface OpenFileOptions extends Wish {
  /** Folder of the model's bundle; null is the embedded one. */
  model?: string | null;
  /** Folder that keeps results over runs of the program; left out, they are kept in memory. */
  store?: string;
  /** Told how far a matrix of a Matrix Market file is turned into rows: entries done, of all. */
  onProgress?(done: number, total: number): void;
}

interface NodeSource {
  /** A path or address; several are read as one. */
  path: string | readonly string[];
  /** Folder of results, if there is one. */
  store?: string;
  identity?: string;
}

interface Notebook {
  engine: StageEngine<NodeSource>;
  runner: StageScheduler;
}

const answers = answersBy(ask);

/** One a folder of results: equal stages of one process are one. */
const notebooks = new Map<string, Notebook>();
const opened = new WeakMap<OpenFile, {source: NodeSource; engine: StageEngine<NodeSource>}>();
const bundles = new Map<string, Promise<Bundle>>();

/**
 * Opens the counts at `path`, or at an http address: a file, a folder or a zip of any format of docs/reading.md. Resolves to what is known of it, of which `load` makes the first stage. Nothing is written but into
 * `store`; without one, a matrix that is turned into rows goes into a temporary folder. Rejects with a WorkbookError that says what is wrong with the file and the way out.
 */
export function openFile(path: string, options: OpenFileOptions = {}): Promise<OpenFile> {
  return openPlaces(placeOf(path), options);
}

/**
 * Opens several files as one data set (docs/reading.md): their genes joined by name, their cells one behind the other, each with the seed of its row in its own file, and the
 * column `file` saying which it is of. Rejects as `openFile` does, and with the WorkbookError "one-file" for fewer than two.
 */
export function openFiles(paths: readonly string[], options: OpenFileOptions = {}): Promise<OpenFile> {
  return openPlaces(paths.map(placeOf), options);
}

const placeOf = (path: string): string => (isAddress(path) ? path : resolve(path));

async function openPlaces(place: string | readonly string[], options: OpenFileOptions): Promise<OpenFile> {
  const {model = null, store} = options;
  const {engine, runner} = notebookOf(store);
  const {onProgress} = options;
  const facts = await engine.open({path: place, store}, model, {signal: wishSignal(options), onProgress});
  const file: OpenFile = {...facts, runner, answers};
  opened.set(file, {source: {path: place, store, identity: facts.identity}, engine});
  return file;
}

/** Asks one of the questions of core/questions about a stage; see the browser's. Rejects with a WorkbookError, or the wish's reason. */
export async function ask<Name extends QuestionName>(
  stage: StageDescription,
  name: Name,
  args: QuestionArguments<Name>,
  options: Wish & {onProgress?(done: number, total: number): void; whenDone?: boolean; onBegin?(): void} = {}
): Promise<QuestionAnswer<Name>> {
  if (options.whenDone === true) await stage.file.runner.table(stage, tableOfStage[stage.name], options);
  options.onBegin?.();
  const {source, engine} = opened.get(stage.file)!;
  // The compiler cannot follow one name through the two maps of types.
  const question = questions[name] as unknown as Question<QuestionArguments<Name>, QuestionAnswer<Name>>;
  const told = {signal: wishSignal(options), onProgress: options.onProgress};
  return engine.answer(source, stage.chain, (context) => question(context, args, told));
}

function notebookOf(folder: string | undefined): Notebook {
  const key = folder === undefined ? "" : resolve(folder);
  const known = notebooks.get(key);
  if (known !== undefined) return known;
  const store = createResultStore(folder === undefined ? memoryStore() : folderStore(folder));
  const engine = engineOn(store);
  const made = {engine, runner: new StageScheduler(hostOf(engine))};
  notebooks.set(key, made);
  return made;
}

function engineOn(store: ResultStore): StageEngine<NodeSource> {
  return new StageEngine<NodeSource>({
    software,
    layoutEngine: createUmapEngine(),
    communities: louvain,
    adapt: false,
    openSource,
    aliases: nodeAliases,
    model: nodeModel,
    precisionOf: (model) => bestPrecision(model),
    encoderChoices: async (model, backend, onFallback) => [
      {label: "the processor", open: (signal) => openBackend(model, {backend, onFallback, signal})}
    ],
    openHead: (model) => openNodeExpressionHead(model, {precision: bestPrecision(model)}),
    openLayers: (model, _, signal) => openNodeLayers(model, {precision: bestPrecision(model), signal}),
    storage: async () => ({store, fault: null})
  });
}

/** Nobody sits beside a program in Node: what it asks for is computed, and faults are thrown. */
function hostOf(engine: StageEngine<NodeSource>): StageHost {
  return {
    attended: false,
    permission: async () => ({allowed: true, ms: null}),
    run({until, wanted, reuse}: RunOrder, onEvent: (event: RunEvent) => void, signal: AbortSignal) {
      const {file, chain, name} = until;
      const {source} = opened.get(file)!;
      return engine.run({source, chain, until: name, wanted, reuse}, onEvent, signal);
    }
  };
}

/** Opens counts; where results are kept in a folder, with the hash of all its bytes, as the command line addresses them. */
async function openSource({path, store}: NodeSource, options: TaskOptions = {}): Promise<OpenSource> {
  const {signal} = options;
  const cells = await openCells(path, {store, ...options});
  const {anndata, bytes, source, close} = cells;
  try {
    const content = store === undefined ? undefined : await source.content(folderStore(store), {signal});
    return {anndata, identity: source.identity, content, bytes, close: () => void close()};
  } catch (error) {
    await close();
    throw error;
  }
}

/** The bundle in a folder, opened once; a failure is forgotten. */
async function nodeModel(folder: string | null): Promise<Bundle> {
  const path = folder ?? (await ensureDemoModel());
  const known = bundles.get(path) ?? openBundle(folderBundle(path));
  bundles.set(path, known);
  known.catch(() => bundles.delete(path));
  return known;
}
