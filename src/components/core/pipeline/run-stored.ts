import {chooseMatrix} from "../anndata/choose-matrix.js";
import {namesKnown} from "../cells/names-known.js";
import {isWorkbookError} from "../errors.js";
import type {ResultStore} from "../store/result-store.js";
import {stageKeys, type StageKeys} from "../store/stage-keys.js";
import {createVectorStore, type VectorBatch, type VectorStore} from "../store/vector-store.js";
import type {Provenance} from "../tables/provenance.js";
import {stageNames, type Precision, type StageName} from "../types.js";
import {stageOfTable, type PipelineEvent, type TableName} from "./events.js";
import {
  runPipeline,
  type PipelineDeps,
  type PipelineOptions,
  type PipelineSource,
  type StoredTables
} from "./run-pipeline.js";
import {timeKeeper} from "./time-keeper.js";

/** "all": what is stored is not computed again. "only": nothing is computed at all. "none": everything is computed anew, and stored. */
export type Reuse = "all" | "only" | "none";

/** A run with a store of results. */
export interface StoredRunOptions extends Omit<PipelineOptions, "stored"> {
  store: ResultStore;
  /** Storage precision that the encoder will have: part of a result's address. */
  precision: Precision;
  /** Hash of the file's whole content, where its identity is of samples only and the file may be edited in place. */
  content?: string | null;
  /** How the store is used ("all"). */
  reuse?: Reuse;
}

/** Where a table is addressed. */
const addressOf: Record<TableName, keyof StageKeys> = {
  genes: "load",
  cells: "load",
  probabilities: "load",
  sentences: "sample",
  embeddings: "embed",
  umap: "umap"
};
const tableNames = Object.keys(addressOf) as TableName[];

/**
 * `runPipeline` with a content-addressed store: a stage whose result is stored is not run, vectors that an interrupted run
 * finished are not computed again (a notice "resumed" says how many), and what is computed is stored as it is finished.
 * Where storing fails the run goes on, with one notice. With
 * `reuse` "only" it hands out the stored tables up to the first that is missing; answers with the last stage that is whole then, null if none is.
 */
export async function runStored(
  source: PipelineSource,
  deps: PipelineDeps,
  options: StoredRunOptions
): Promise<StageName | null> {
  const {
    store,
    precision,
    content = null,
    reuse = "all",
    parameters,
    rows = null,
    until = "umap",
    onEvent = () => {},
    finished
  } = options;
  const choice = {
    genes: namesKnown(deps.bundle),
    geneColumn: parameters.geneColumn ?? undefined,
    signal: options.signal
  };
  const matrix = parameters.matrix ?? (await chooseMatrix(source.anndata, choice)).chosen?.name ?? "none";
  const keys = await stageKeys({
    identity: source.provenance.identity,
    content,
    matrix,
    model: deps.bundle.hash,
    precision,
    rows,
    parameters
  });
  const stored = reuse === "none" ? {} : await readStored(store, keys, options);
  const whole = wholeUntil(stored, until);
  if (reuse === "only") {
    if (whole === null) return null;
    const {told} = await timeKeeper(store, keys, false);
    await runPipeline(source, deps, {
      ...options,
      until: whole,
      stored,
      onEvent: (event) => told(event).forEach(onEvent)
    });
    return whole;
  }
  const vectors = createVectorStore(store, keys.vectors, partProvenance(source, deps));
  // Without the table of cells the file is read again: a table of vectors is of no use then, but each vector is.
  const isEmbedded = stored.embeddings !== undefined && whole !== null;
  const kept =
    reuse === "none" || isEmbedded || stageNames.indexOf(until) < stageNames.indexOf("embed")
      ? new Map<number, Float32Array>()
      : await vectors.read(rows ?? Int32Array.from({length: source.anndata.nObs}, (_, row) => row));
  for (const [row, vector] of finished ?? []) kept.set(row, vector);
  if (kept.size > 0) {
    const what = `${kept.size} cell${kept.size === 1 ? " was" : "s were"} embedded earlier and ${kept.size === 1 ? "is" : "are"} not embedded again`;
    onEvent({type: "notice", stage: "embed", severity: "info", code: "resumed", message: what});
  }
  const times = await timeKeeper(store, keys, kept.size > 0);
  const writer = createWriter(onEvent);
  const keepBatch = createKeeper(vectors, writer.add);
  const listen = (event: PipelineEvent): void => {
    times.told(event).forEach(onEvent);
    if (event.type === "table" && !event.stored) {
      const {name, table} = event;
      void writer.add(() => store.write(keys[addressOf[name]], nameInStore(name, options), table));
    }
  };
  let isWhole = false;
  try {
    await runPipeline(source, deps, {...options, stored, finished: kept, keepBatch, onEvent: listen});
    isWhole = true;
  } finally {
    await writer.add(() => times.save(isWhole));
    await writer.done();
  }
  return until;
}

/** A cells table without the file's columns is another one. */
function nameInStore(name: TableName, {keep}: StoredRunOptions): string {
  return name === "cells" && keep?.obs === false ? "cells-bare" : name;
}

/** Reads what the stages up to the last one wanted have in the store. */
async function readStored(store: ResultStore, keys: StageKeys, options: StoredRunOptions): Promise<StoredTables> {
  const {until = "umap"} = options;
  const stored: StoredTables = {};
  for (const name of tableNames) {
    if (stageNames.indexOf(stageOfTable[name]) > stageNames.indexOf(until)) continue;
    const table = await store.read(keys[addressOf[name]], nameInStore(name, options));
    if (table !== null) stored[name] = table;
  }
  return stored;
}

/** The last stage up to `until` whose result, with all before it that a page shows, is stored. */
function wholeUntil(stored: StoredTables, until: StageName): StageName | null {
  if (stored.genes === undefined || stored.cells === undefined) return null;
  const reached = (name: StageName) => stageNames.indexOf(until) >= stageNames.indexOf(name);
  if (reached("embed") && stored.embeddings !== undefined)
    return reached("umap") && stored.umap !== undefined ? "umap" : "embed";
  if (reached("sample") && stored.sentences !== undefined) return "sample";
  return reached("normalize") && stored.probabilities !== undefined ? "normalize" : "load";
}

function partProvenance({provenance}: PipelineSource, {software}: PipelineDeps): Provenance {
  return {format: 1, stage: "embed", software, source: provenance, parameters: {}};
}

/** Keeps batches in their order; those that come while something is written are kept together. */
function createKeeper(vectors: VectorStore, add: Writer["add"]): NonNullable<PipelineOptions["keepBatch"]> {
  let waiting: VectorBatch[] | null = null;
  let kept: Promise<void>;
  return (rows, found, width) => {
    const batch = {rows, vectors: found};
    if (waiting !== null) {
      waiting.push(batch);
      return kept;
    }
    const own = (waiting = [batch]);
    const taken = () => {
      if (waiting === own) waiting = null;
    };
    // Once writing has failed nothing is written, and nothing waits.
    kept = add(() => (taken(), vectors.append(own, width))).then(taken);
    return kept;
  };
}

interface Writer {
  add(write: () => Promise<void>): Promise<void>;
  done(): Promise<void>;
}

/** Writes one thing after the other beside the run; the first fault ends the writing, and is told. */
function createWriter(onEvent: (event: PipelineEvent) => void): Writer {
  let last: Promise<void> = Promise.resolve();
  let failed = false;
  return {
    add(write) {
      return (last = last.then(async () => {
        if (failed) return;
        try {
          await write();
        } catch (error) {
          failed = true;
          const why = isWorkbookError(error) ? `${error.details.fault}; ${error.details.remedy}` : String(error);
          onEvent({
            type: "notice",
            stage: "embed",
            severity: "warning",
            code: "not-stored",
            message: `this run's results are not kept: ${why}`
          });
        }
      }));
    },
    done: () => last
  };
}
