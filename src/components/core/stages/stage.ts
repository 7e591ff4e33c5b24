import type {Table} from "apache-arrow";
import type {ErrorDetails} from "../errors.js";
import {defaultParameters} from "../parameters.js";
import {tableOfStage, type TableName} from "../pipeline/events.js";
import {stageNames, type Sampling, type SeedRule, type StageName} from "../types.js";
import type {AnswerName, JsonValue} from "../tables/provenance.js";
import {stageAddress, defaultChain, type BackendChoice, type Chain} from "./chain.js";
import type {CellChoice} from "./cell-choice.js";
import type {FileFacts} from "./file-facts.js";
import {requireStage} from "./require-stage.js";
import type {ChainStatus} from "./status.js";

/** When an answer is no longer wanted: an AbortSignal, or what Observable calls `invalidation`. */
export interface Wish {
  signal?: AbortSignal;
  /** Resolves when the cell that asks is run again or removed. */
  invalidation?: Promise<unknown>;
}

/** Whoever computes stages (`createScheduler`): the methods of `Stage`, given the description. */
export interface StageRunner {
  table(stage: StageDescription, name: TableName, wish?: Wish): Promise<Table>;
  live(stage: StageDescription, wish?: Wish): AsyncGenerator<Table, void>;
  watch(stage: StageDescription, wish?: Wish): AsyncGenerator<ChainStatus, void>;
  start(stage: StageDescription, options?: {anew?: boolean}): void;
  cancel(stage: StageDescription): void;
}

/** An open file, as stages are made of it. */
export interface OpenFile extends FileFacts {
  readonly runner: StageRunner;
  readonly answers: AnswerComputer;
}

/** What determines a stage's result. */
export interface StageDescription {
  readonly name: StageName;
  readonly file: OpenFile;
  /** Everything that this stage and those above it are made with. */
  readonly chain: Chain;
  /** Equal for equal descriptions: see `stageAddress`. */
  readonly address: string;
}

/** What determines an answer about a stage's table. */
export interface AnswerDescription {
  /** Name of the question (core/questions) that computes it, which answers with the bytes of an Arrow table. */
  readonly name: AnswerName;
  /** The stage that it is about. */
  readonly parent: StageDescription;
  /** Everything that the question is asked with and that changes its answer. */
  readonly parameters: {readonly [name: string]: JsonValue};
  /** What the question is handed beside them, told by one of the parameters: the bytes of a reference. */
  readonly beside: {readonly [name: string]: unknown};
  /** Equal for equal descriptions: name, parameters and the parent's address as a readable text. */
  readonly address: string;
}

/** Where an answer stands; "waiting" for its stage's table. `done` of `total` of whatever it counts, 0 of 0 before. */
export interface AnswerStatus {
  state: "idle" | "waiting" | "running" | "done" | "error" | "canceled";
  done: number;
  total: number;
  /** What went wrong, where the state is "error". */
  error: ErrorDetails | null;
}

/** Whoever computes answers (`AnswerRunner`): the methods of `Answer`, given the description. */
export interface AnswerComputer {
  table(answer: AnswerDescription, wish?: Wish): Promise<Table>;
  watch(answer: AnswerDescription, wish?: Wish): AsyncGenerator<AnswerStatus, void>;
  cancel(answer: AnswerDescription): void;
}

/**
 * A stage's result as a value: making one reads and computes nothing. Equal descriptions have equal addresses, and what
 * several cells, pages or tabs ask of them is computed once.
 */
export interface Stage extends StageDescription {
  /** The stage that this one reads; null for `load`. */
  readonly parent: Stage | null;
  /**
   * The stage's Arrow table (docs/tables.md): from memory, from the store, or computed, streaming through the stages above. What
   * would take over a minute waits for `start` where a person attends, and comes after it. Rejects with a WorkbookError,
   * or with an AbortError once the wish is withdrawn or the run canceled; on a page that shows a Run button it waits for the next run instead.
   */
  table(wish?: Wish): Promise<Table>;
  /** The same for some rows of the file only (ascending), each as in the whole table; of umap, which needs all cells, a part. */
  rows(rows: ArrayLike<number>, wish?: Wish): Promise<Table>;
  /** The whole table in pieces of `size` cells (500), for stages whose table would not fit in memory. */
  batches(options?: Wish & {size?: number}): AsyncGenerator<Table, void>;
  /** What there is so far, again and again, then the whole table: vectors of finished batches, layouts as they form (row, x, y). */
  live(wish?: Wish): AsyncGenerator<Table, void>;
  /** Progress of the chain up to this stage; asks for nothing to be computed. */
  watch(wish?: Wish): AsyncGenerator<ChainStatus, void>;
  /** Lets the stage run though it takes long; `anew`: though its result is there. */
  start(options?: {anew?: boolean}): void;
  /** Ends the run that makes this stage; what is finished is kept. */
  cancel(): void;
}

/** The load stage also has a table of the genes that the model knows. */
export interface Counts extends Stage {
  genes(wish?: Wish): Promise<Table>;
}

/** What `load` is told; what is left out is chosen by the evidence in the file, and all cells are taken. */
export interface LoadOptions extends Partial<CellChoice> {
  /** "X", "raw/X", "layers/NAME" or "recovered:ln:X". */
  matrix?: string | null;
  /** The model's species that the genes are read as; recognized unless told. */
  species?: string | null;
  /** Column of var with gene symbols. */
  geneColumn?: string | null;
  /** Repairs of gene names to take (docs/reading.md); the certain ones unless told, none for an empty list. */
  repair?: readonly string[];
  /** "public" leaves out what the public script of the original UCE does: genes in fewer than 10 cells, cells with fewer than 25 genes; "none" unless told. */
  filter?: "none" | "public";
  /** Address of the model's bundle: which genes are loaded is a matter of the model's genes. */
  model?: string | null;
}

/** The cells, and the genes that the model knows (docs/reading.md). Table: cells. */
export function load(file: OpenFile, options: LoadOptions = {}): Counts {
  const {matrix = null, species = null, geneColumn = null} = options;
  const {repair = defaultParameters.repair, model = null, filter = "none"} = options;
  const {cells = defaultChain.choice.cells, thresholds = defaultChain.choice.thresholds} = options;
  const stage = stageOf("load", file, null, {
    ...defaultChain,
    model,
    choice: {cells, thresholds},
    parameters: {
      ...defaultParameters,
      ...{matrix: matrix ?? file.inspection.matrix.name, species, geneColumn, repair},
      ...(filter === "public" && {filter})
    }
  });
  return Object.assign(stage, {genes: (wish?: Wish) => file.runner.table(stage, "genes", wish)});
}

/** How likely each gene of a cell is to be drawn (docs/normalizing.md). Table: probabilities. */
export function normalize(counts: Stage): Stage {
  return below("normalize", counts, {});
}

/** Each cell's sentence of genes (docs/sampling.md). Table: sentences. */
export function sample(
  probabilities: Stage,
  options: {
    /** "reference": as UCE-brain draws; "low-variance" is not the reference. */
    method?: Sampling;
    /** Where a cell's seed comes from: its row in the file, as in the reference, or its name. */
    seeds?: SeedRule;
  } = {}
): Stage {
  const {method = defaultParameters.sampling, seeds = defaultParameters.seeds} = options;
  return below("sample", probabilities, {sampling: method, seeds});
}

/** One vector a cell (docs/embedding.md). Table: embeddings. */
export function embed(
  sentences: Stage,
  options: {
    /** Samplings whose vectors are averaged, 1 (the reference) to 64. */
    average?: number;
    backend?: BackendChoice;
  } = {}
): Stage {
  const {average = defaultParameters.average, backend = "auto"} = options;
  return below("embed", sentences, {average}, backend);
}

/** A map of the vectors (docs/umap.md). Table: umap. */
export function umap(
  embeddings: Stage,
  options: {
    /** Neighbors of each cell, 2 to 200 (15). */
    neighbors?: number;
    /** Minimum distance of two cells on the map, 0 to 1; null chooses by the number of cells (0.8 up to 500, 0.5 up to 2,000, 0.3 up to 10,000, 0.1 above). */
    minDist?: number | null;
    /** Seed of the layout (42). */
    seed?: number;
    /** Epochs of the layout; null chooses by the number of cells. */
    epochs?: number | null;
  } = {}
): Stage {
  const {neighbors, minDist, seed, epochs} = {...defaultParameters, ...options};
  return below("umap", embeddings, {neighbors, minDist, seed, epochs});
}

function below(name: StageName, parent: Stage, own: Partial<Chain["parameters"]>, backend?: BackendChoice): Stage {
  const expected = stageNames[stageNames.indexOf(name) - 1];
  requireStage(name, expected, parent);
  const {chain} = parent;
  return stageOf(name, parent.file, parent, {
    ...chain,
    parameters: {...chain.parameters, ...own},
    backend: backend ?? chain.backend
  });
}

function stageOf(name: StageName, file: OpenFile, parent: Stage | null, chain: Chain): Stage {
  const {runner} = file;
  const stage: Stage = {
    name,
    file,
    chain,
    parent,
    address: stageAddress(file.identity, chain, name),
    table: (wish) => runner.table(stage, tableOfStage[name], wish),
    rows: (rows, wish) => tableOfRows(stage, rows, wish),
    batches: (options) => piecesOf(stage, options),
    live: (wish) => runner.live(stage, wish),
    watch: (wish) => runner.watch(stage, wish),
    start: (options) => runner.start(stage, options),
    cancel: () => runner.cancel(stage)
  };
  return stage;
}

/** Rows do not depend on each other up to the vectors, so a part is a stage of fewer cells. */
async function tableOfRows(stage: Stage, rows: ArrayLike<number>, wish?: Wish): Promise<Table> {
  if (stage.name === "umap") {
    const table = await stage.table(wish);
    const wanted = new Set(Array.from(rows));
    const all = table.getChild("row")!;
    const places = Array.from({length: table.numRows}, (_, i) => i).filter((i) => wanted.has(all.get(i) as number));
    return places.map((i) => table.slice(i, i + 1)).reduce((some, more) => some.concat(more), table.slice(0, 0));
  }
  const {chain, file} = stage;
  const choice: CellChoice = {...chain.choice, cells: {mode: "rows", rows: Array.from(rows)}};
  return stageOf(stage.name, file, null, {...chain, choice}).table(wish);
}

async function* piecesOf(
  stage: Stage,
  {size = 500, ...wish}: Wish & {size?: number} = {}
): AsyncGenerator<Table, void> {
  if (stage.name === "embed" || stage.name === "umap") {
    const table = await stage.table(wish);
    for (let from = 0; from < table.numRows; from += size) yield table.slice(from, from + size);
    return;
  }
  const {file, chain} = stage;
  const cells = await stageOf("load", file, null, chain).table(wish);
  const rows = cells.getChild("row")!.toArray() as Int32Array;
  for (let from = 0; from < rows.length; from += size) yield tableOfRows(stage, rows.subarray(from, from + size), wish);
}
