import type {AnnData} from "../anndata/anndata.js";
import {embedSentences} from "../embed/embed-sentences.js";
import type {Encoder} from "../embed/encoder.js";
import type {Bundle} from "../model/bundle.js";
import type {LayoutEngine} from "../space/layout.js";
import {cellsTable} from "../tables/cells.js";
import {embeddingsTable} from "../tables/embeddings.js";
import {genesTable} from "../tables/genes.js";
import type {Provenance, SourceProvenance} from "../tables/provenance.js";
import {createSentencesBuilder} from "../tables/sentences.js";
import {createWeightsBuilder, type WeightsRow} from "../tables/weights.js";
import {stageNames, type Sentence, type StageName} from "../types.js";
import {createCellRecords, requireUsableCell, type CellRecords} from "./cell-records.js";
import type {PipelineEvent, PipelineParameters} from "./events.js";
import {mapEmbeddings, type MappableCells} from "./map-embeddings.js";
import {obsColumns} from "./obs-columns.js";
import {prepareCells, type PreparedCells} from "./prepare-cells.js";
import {streamSentences} from "./stream-sentences.js";

/** The file that a run reads. */
export interface PipelineSource {
  anndata: AnnData;
  provenance: SourceProvenance;
}

/** What a page, a worker, a data loader and the command line differ in. */
export interface PipelineDeps {
  bundle: Bundle;
  /** Opens the model; called once, when the first sentence is there, and closed by the run. */
  openEncoder(signal?: AbortSignal): Promise<Encoder>;
  layoutEngine: LayoutEngine;
  software: {name: string; version: string};
}

/** What a run is asked for, beside its parameters. */
export interface PipelineOptions {
  parameters: PipelineParameters;
  /** Cells to use, ascending rows; null is all. */
  rows?: Int32Array | null;
  /** Last stage to run ("umap"). */
  until?: StageName;
  /**
   * Tables to keep and hand out that grow with the file (none): about 8 kB and 4 kB a cell. `obs: false` leaves the file's
   * columns out of the cells table: to read one is to read it for all cells of the file, whichever are chosen.
   */
  keep?: {weights?: boolean; sentences?: boolean; obs?: boolean};
  /** Sentences in one call of the model; by default what the encoder prefers. */
  batch?: number;
  /** Adapt that to about half a second a call (false: results must not depend on the machine's speed). */
  adapt?: boolean;
  /** Vectors of an interrupted run by row: these cells are not embedded again. */
  finished?: ReadonlyMap<number, Float32Array>;
  signal?: AbortSignal;
  onEvent?: (event: PipelineEvent) => void;
}

/**
 * Runs the chain load -> normalise -> sample -> embed -> umap on one file and tells of it in events; every finished table
 * is an event. Rows stream through the first four stages, so memory is bounded by a block of rows, the vectors and what
 * `keep` asks for. Callbacks, not an async generator, because a worker's messages are callbacks (docs/decisions.md).
 * Throws a WorkbookError if the file cannot be used, and the signal's reason when aborted.
 */
export async function runPipeline(source: PipelineSource, deps: PipelineDeps, options: PipelineOptions): Promise<void> {
  const {parameters, rows = null, until = "umap", signal, onEvent = () => {}} = options;
  const last = stageNames.indexOf(until);
  const start = performance.now();
  const prepared = await prepareCells(source.anndata, deps.bundle.genes, parameters, rows, signal);
  for (const notice of prepared.notices) onEvent({type: "notice", stage: "load", ...notice});
  const records = createCellRecords(prepared.rows);
  const run: Run = {source, deps, options, prepared, cellIds: idsOf(prepared), records, onEvent};
  onEvent({type: "table", stage: "load", name: "genes", table: genes(run)});
  const ready = performance.now() - start;
  const sentences = sentencesOf(run, ready, last);
  if (last < stageNames.indexOf("embed")) {
    for await (const _ of sentences) continue;
    return;
  }
  const embedded = await embed(run, sentences);
  if (last < stageNames.indexOf("umap")) return;
  await mapEmbeddings(embedded.cells, {
    ...parameters,
    engine: deps.layoutEngine,
    provenance: provenanceOf(run, "umap", embedded.encoder),
    signal,
    onEvent
  });
}

interface Run {
  source: PipelineSource;
  deps: PipelineDeps;
  options: PipelineOptions;
  prepared: PreparedCells;
  /** Names of the cells of `prepared.rows`. */
  cellIds: string[];
  records: CellRecords;
  onEvent: (event: PipelineEvent) => void;
}

/** The stages load to sample; their tables are handed out when the last sentence has been taken. */
async function* sentencesOf(run: Run, ready: number, last: number): AsyncGenerator<Sentence> {
  const {deps, options, prepared, cellIds, records, onEvent} = run;
  const {keep = {}, parameters, signal} = options;
  const weights = keep.weights ? createWeightsBuilder({provenance: provenanceOf(run, "normalize")}) : null;
  const sentences = keep.sentences ? createSentencesBuilder({provenance: provenanceOf(run, "sample")}) : null;
  const total = prepared.rows.length;
  yield* streamSentences(prepared, {
    sampling: parameters.sampling,
    average: parameters.average,
    constants: deps.bundle.manifest.sentence,
    records,
    signal,
    onProgress(stage, done, ms) {
      if (stageNames.indexOf(stage) > last) return;
      const state = done === total ? "done" : "running";
      onEvent({type: "progress", stage, state, done, total, ms: stage === "load" ? ready + ms : ms});
    },
    onWeights: weights === null ? undefined : (cell) => weights.append([weightsRow(cell, prepared)]),
    onSentence: sentences === null ? undefined : (sentence) => sentences.append([{...sentence, cellId: cellIds[records.seen - 1]}])
  });
  requireUsableCell(records, prepared.matrix.name, prepared.anndata.nObs);
  onEvent({type: "table", stage: "load", name: "cells", table: cells(run)});
  if (weights) onEvent({type: "table", stage: "normalize", name: "weights", table: weights.finish()});
  if (sentences) onEvent({type: "table", stage: "sample", name: "sentences", table: sentences.finish()});
}

/** The embed stage: vectors in the order of rows, whatever order batches finish in. */
async function embed(run: Run, sentences: AsyncIterable<Sentence>): Promise<{cells: MappableCells; encoder: Encoder}> {
  const {deps, options, prepared, cellIds, records, onEvent} = run;
  const {parameters, batch, adapt, finished, signal} = options;
  const encoder = await deps.openEncoder(signal);
  try {
    const {width} = encoder;
    const {rows} = prepared;
    const place = new Map(Array.from(rows, (row, i) => [row, i]));
    const vectors = new Float32Array(rows.length * width);
    let done = 0;
    let ms = 0;
    const progress = () => {
      onEvent({type: "progress", stage: "embed", state: done === rows.length ? "done" : "running", done, total: rows.length, ms});
    };
    for (const [row, vector] of finished ?? []) {
      const at = place.get(row);
      if (at === undefined) continue;
      vectors.set(vector, at * width);
      ++done;
    }
    const missing = (async function* () {
      for await (const sentence of sentences) if (!finished?.has(sentence.row)) yield sentence;
    })();
    progress();
    for await (const group of embedSentences(missing, encoder, {batch, adapt, average: parameters.average, signal})) {
      const embedded = group.cells.filter(({embedding}) => embedding !== null);
      const found = new Float32Array(embedded.length * width);
      embedded.forEach(({row, embedding}, i) => {
        found.set(embedding!, i * width);
        vectors.set(embedding!, place.get(row)! * width);
      });
      for (const {row, status} of group.cells) records.status[place.get(row)!] = status;
      done += group.cells.length;
      ms += group.milliseconds;
      const batchRows = Int32Array.from(embedded, ({row}) => row);
      onEvent({type: "batch", rows: batchRows, vectors: found, width, length: group.length, ms: group.milliseconds});
      progress();
    }
    const {status} = records;
    const nTokens = records.nTokens.map((n, i) => (status[i] === "ok" ? n : 0));
    const table = embeddingsTable({rows, cellIds, status, nTokens, vectors, width}, provenanceOf(run, "embed", encoder));
    onEvent({type: "table", stage: "embed", name: "embeddings", table});
    const index = Int32Array.from(status.keys()).filter((i) => status[i] === "ok");
    return {cells: {rows, cellIds, vectors: compact(vectors, index, width), width, index}, encoder};
  } finally {
    await encoder.close();
  }
}

/** The vectors of `index`, one after the other; the same array if that is all of them. */
function compact(vectors: Float32Array, index: Int32Array, width: number): Float32Array {
  if (index.length * width === vectors.length) return vectors;
  const found = new Float32Array(index.length * width);
  index.forEach((place, i) => found.set(vectors.subarray(place * width, (place + 1) * width), i * width));
  return found;
}

function idsOf({anndata, rows}: PreparedCells): string[] {
  const names = anndata.obsNames();
  return Array.from(rows, (row) => names[row]);
}

function genes(run: Run) {
  const {names, alignment} = run.prepared;
  const model = run.deps.bundle.genes;
  const rows = names.names.map((symbol, column) => {
    const aligned = alignment.alignedOfColumn[column];
    return {symbol, model: aligned < 0 ? null : model[alignment.modelGenes[aligned]]};
  });
  return genesTable(rows, provenanceOf(run, "load"));
}

function cells(run: Run) {
  const {prepared, cellIds, records, onEvent} = run;
  const wanted = run.options.keep?.obs !== false;
  const {columns, skipped} = wanted ? obsColumns(prepared.anndata, prepared.rows) : {columns: [], skipped: []};
  for (const {name, why} of skipped) {
    onEvent({type: "notice", stage: "load", severity: "info", code: "obs-column", message: `the obs column ${name} is left out: ${why}`});
  }
  return cellsTable({...records, cellIds, obs: columns}, provenanceOf(run, "load"));
}

function weightsRow(cell: {row: number; status: string; genes: Int32Array; weights: Float32Array}, {alignment}: PreparedCells): WeightsRow {
  if (cell.status !== "ok") return {row: cell.row, genes: null, weights: null};
  return {row: cell.row, genes: cell.genes.map((gene) => alignment.columns[gene]), weights: cell.weights};
}

/** What made a stage's table: the parameters of this and earlier stages. */
function provenanceOf({source, deps, options, prepared}: Run, stage: StageName, encoder?: Encoder): Provenance {
  const {bundle, software} = deps;
  const {sampling, average, neighbors, minDist, seed, epochs} = options.parameters;
  const after = (name: StageName) => stageNames.indexOf(stage) >= stageNames.indexOf(name);
  const {name, untrained} = bundle.manifest;
  return {
    format: 1,
    stage,
    software,
    source: source.provenance,
    matrix: prepared.matrix.name,
    genes: {names: prepared.names.source, inFile: prepared.alignment.nCols, aligned: prepared.alignment.columns.length},
    ...(encoder && {model: {name, hash: bundle.hash, precision: encoder.storage, backend: encoder.backend, ...(untrained && {untrained})}}),
    parameters: {
      ...(after("sample") && {sampling}),
      ...(after("embed") && {average}),
      ...(after("umap") && {neighbors, minDist, seed, epochs})
    }
  };
}

