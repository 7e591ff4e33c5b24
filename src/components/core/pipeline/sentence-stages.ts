import type {Table} from "apache-arrow";
import {samplingSeeds} from "../cells/sampling-seeds.js";
import {cellSentence} from "../cells/sentence.js";
import type {CellProbabilities} from "../cells/normalize.js";
import {cellsTable} from "../tables/cells.js";
import {genesTable} from "../tables/genes.js";
import {createSentencesBuilder, readSentences} from "../tables/sentences.js";
import {createProbabilitiesBuilder, readProbabilities, type ProbabilitiesRow} from "../tables/probabilities.js";
import {stageNames, type Sentence} from "../types.js";
import {requireUsableCell} from "./cell-records.js";
import {obsColumns} from "./obs-columns.js";
import type {PreparedCells} from "./prepare-cells.js";
import {provenanceOf, type PipelineRun} from "./run-context.js";
import {streamSentences} from "./stream-sentences.js";
import {seededCells} from "./seeded-cells.js";

/** Tables to keep and hand out that grow with the file. */
export interface KeptTables {
  probabilities?: boolean;
  sentences?: boolean;
  obs?: boolean;
}

/** Cells between two turns of the event loop. */
const cellsAtATime = 256;

/**
 * The stages load to sample from the file, as one stream; their tables are handed out when the last cell has been read and
 * sampled, before its sentences are, so that figures of them need not wait for the model. `ready` are the milliseconds that loading took before the first row.
 */
export async function* sentencesOfFile(
  run: PipelineRun,
  prepared: PreparedCells,
  keep: KeptTables,
  ready: number
): AsyncGenerator<Sentence> {
  const {
    deps,
    parameters: {sampling, seeds, average},
    rows,
    cellIds,
    records,
    last,
    signal,
    onEvent
  } = run;
  const probabilities = keep.probabilities
    ? createProbabilitiesBuilder({provenance: provenanceOf(run, "normalize")})
    : null;
  const sentences = keep.sentences ? createSentencesBuilder({provenance: provenanceOf(run, "sample")}) : null;
  const total = rows.length;
  onEvent({type: "table", stage: "load", name: "genes", table: genes(run, prepared)});
  yield* streamSentences(prepared, {
    sampling,
    seeds,
    average,
    constants: deps.bundle.manifest.sentence,
    records,
    signal,
    onProgress(stage, done, ms) {
      if (stageNames.indexOf(stage) > last) return;
      const state = done === total ? "done" : "running";
      onEvent({type: "progress", stage, state, done, total, ms: stage === "load" ? ready + ms : ms});
    },
    onProbabilities:
      probabilities === null ? undefined : (cell) => probabilities.append([probabilitiesRow(cell, prepared)]),
    onSentence:
      sentences === null
        ? undefined
        : (sentence) => sentences.append([{...sentence, cellId: cellIds[records.seen - 1]}]),
    onEnd: handOut
  });
  if (total === 0) handOut();

  function handOut(): void {
    requireUsableCell(records, prepared.matrix.name, prepared.anndata.nObs);
    onEvent({type: "table", stage: "load", name: "cells", table: cells(run, prepared, keep)});
    if (probabilities)
      onEvent({type: "table", stage: "normalize", name: "probabilities", table: probabilities.finish()});
    if (sentences) onEvent({type: "table", stage: "sample", name: "sentences", table: sentences.finish()});
  }
}

/** The sample stage alone, from a kept probabilities table: another sampling of the same cells, without reading them again. */
export async function* sentencesOfProbabilities(
  run: PipelineRun,
  prepared: PreparedCells,
  table: Table,
  keep: KeptTables
): AsyncGenerator<Sentence> {
  const {
    deps,
    parameters: {sampling, seeds, average},
    rows,
    cellIds,
    records,
    signal,
    onEvent
  } = run;
  const {alignment, anndata} = prepared;
  const sentences = keep.sentences ? createSentencesBuilder({provenance: provenanceOf(run, "sample")}) : null;
  const seedOf = await samplingSeeds(seeds, rows, seededCells(anndata));
  let ms = 0;
  const kept = readProbabilities(table);
  for (let from = 0; from < kept.length; from += cellsAtATime) {
    signal?.throwIfAborted();
    const begin = performance.now();
    const made: Sentence[] = [];
    const to = Math.min(kept.length, from + cellsAtATime);
    for (let i = from; i < to; ++i) {
      const cell = cellOf(kept[i], run, i, prepared);
      for (let k = 0; k < average; ++k) {
        const seed = seedOf(cell.row, k);
        const sentence = cellSentence(cell, alignment, {sampling, seed, constants: deps.bundle.manifest.sentence});
        made.push(sentence);
        if (k > 0) continue;
        records.nTokens[i] = sentence.tokens?.length ?? 0;
        sentences?.append([{...sentence, cellId: cellIds[i]}]);
      }
    }
    ms += performance.now() - begin;
    onEvent({
      type: "progress",
      stage: "sample",
      state: to === rows.length ? "done" : "running",
      done: to,
      total: rows.length,
      ms
    });
    if (sentences && to === kept.length)
      onEvent({type: "table", stage: "sample", name: "sentences", table: sentences.finish()});
    yield* made;
    await new Promise<void>((resolve) => void setTimeout(resolve, 0));
  }
}

/** Sentences that were kept; nothing is computed. */
export async function* sentencesOfTable({records}: PipelineRun, table: Table): AsyncGenerator<Sentence> {
  const {rows, status, nTokens, tokens} = readSentences(table);
  for (const [i, row] of rows.entries()) {
    records.nTokens[i] = nTokens[i];
    yield {row, status: status[i], tokens: tokens(i)};
  }
}

/** A kept cell as the sampler takes it; the counts that it no longer has decide nothing there. */
function cellOf(
  {row, genes: columns, probabilities}: ProbabilitiesRow,
  {records}: PipelineRun,
  i: number,
  {alignment}: PreparedCells
): CellProbabilities {
  const genes = columns?.map((column) => alignment.alignedOfColumn[column]) ?? new Int32Array(0);
  const {status, totalCounts, nGenes, alignedCounts} = records;
  return {
    row,
    status: status[i],
    genes,
    probabilities: probabilities ?? new Float32Array(0),
    totalCounts: totalCounts[i],
    nGenes: nGenes[i],
    alignedCounts: alignedCounts[i],
    fault: null
  };
}

function genes(run: PipelineRun, {names, alignment}: PreparedCells): Table {
  const model = run.deps.bundle.genes;
  const rows = names.fileNames.map((symbol, column) => {
    const aligned = alignment.alignedOfColumn[column];
    const repaired = names.names[column] === symbol ? null : names.names[column];
    return {symbol, repaired, model: aligned < 0 ? null : model[alignment.modelGenes[aligned]]};
  });
  return genesTable(rows, provenanceOf(run, "load"));
}

function cells(run: PipelineRun, prepared: PreparedCells, keep: KeptTables): Table {
  const {cellIds, records, onEvent} = run;
  const wanted = keep.obs !== false;
  const {columns, skipped} = wanted ? obsColumns(prepared.anndata, prepared.rows) : {columns: [], skipped: []};
  for (const {name, why} of skipped) {
    onEvent({
      type: "notice",
      stage: "load",
      severity: "info",
      code: "obs-column",
      message: `the obs column ${name} is left out: ${why}`
    });
  }
  return cellsTable({...records, cellIds, obs: columns}, provenanceOf(run, "load"));
}

function probabilitiesRow(cell: CellProbabilities, {alignment}: PreparedCells): ProbabilitiesRow {
  if (cell.status !== "ok") return {row: cell.row, genes: null, probabilities: null};
  return {row: cell.row, genes: cell.genes.map((gene) => alignment.columns[gene]), probabilities: cell.probabilities};
}
