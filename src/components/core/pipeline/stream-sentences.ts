import {streamRows} from "../anndata/stream-rows.js";
import {normalize, type CellProbabilities} from "../cells/normalize.js";
import {samplingSeeds} from "../cells/sampling-seeds.js";
import {cellSentence} from "../cells/sentence.js";
import {eventLoopTurn} from "../event-loop-turn.js";
import type {Sampling, SeedRule, Sentence, SentenceConstants, StageName} from "../types.js";
import {recordCell, type CellRecords} from "./cell-records.js";
import type {PreparedCells, PreparedFile} from "./prepare-cells.js";

/** How cells become sentences, and who is told of it. */
export interface StreamSentencesOptions {
  sampling: Sampling;
  /** Where seeds come from. */
  seeds: SeedRule;
  /** Sentences a cell, each with a seed of its own (`samplingSeeds`). */
  average: number;
  constants: SentenceConstants;
  /** Filled in as cells come by. */
  records: CellRecords;
  signal?: AbortSignal;
  /**
   * Cells that a stage has finished, and the milliseconds that it took for them, so far. Of a matrix stored gene by gene "load" is told of
   * while it is gathered, which comes before the first cell and takes longest.
   */
  onProgress?: (stage: StageName, done: number, ms: number) => void;
  /** Each cell's probabilities, as they come by. */
  onProbabilities?: (cell: CellProbabilities) => void;
  /** Each cell's first sentence, as they come by. */
  onSentence?: (sentence: Sentence) => void;
  /** The last cell has come by: everything is recorded, though its sentences are still to be handed on. */
  onEnd?: () => void;
}

/** Sentences of a block of cells: reading and normalizing them takes 5 ms, so that a device which waits for this thread is not kept waiting. */
const sentencesRead = 64;
/** Cells between two words of how far it is. */
const cellsTold = 512;
/** Milliseconds between two words of rows that are gathered. */
const tellEvery = 200;

/**
 * Load, normalize and sample as one stream (docs/sampling.md): `average` sentences a cell, one after the other,
 * cells by ascending row. A cell without a distribution gives sentences without tokens, and the rest goes on.
 * Reads block by block and samples each sentence when it is asked for; between blocks the event loop gets a turn, so that a run can be canceled.
 * Throws what the reader throws, and the signal's reason.
 */
export async function* streamSentences(
  prepared: PreparedCells,
  options: StreamSentencesOptions
): AsyncGenerator<Sentence> {
  const {files = [{prepared, first: 0, alignedOf: null}], rows} = prepared;
  const total = {done: 0, rows: rows.length, spent: {load: 0, normalize: 0, sample: 0}};
  for (const file of files) yield* streamFile(file, total, options);
}

/** Sentences of one file, whose cells stand from row `first` on; `total` is what was done of all files. */
async function* streamFile(
  {prepared, first, alignedOf}: Omit<PreparedFile, "alignedOf"> & {alignedOf: Int32Array | null},
  total: {done: number; rows: number; spent: Record<"load" | "normalize" | "sample", number>},
  {
    sampling,
    seeds,
    average,
    constants,
    records,
    signal,
    onProgress,
    onProbabilities,
    onSentence,
    onEnd
  }: StreamSentencesOptions
): AsyncGenerator<Sentence> {
  const {anndata, matrix, alignment, rows} = prepared;
  const {spent} = total;
  let clock = performance.now();
  const lap = (stage: keyof typeof spent) => {
    const now = performance.now();
    spent[stage] += now - clock;
    clock = now;
  };
  const cellNames = seeds === "name" ? anndata.obsNames() : [];
  const blockRows = Math.max(1, Math.floor(sentencesRead / average));
  const before = total.done;
  let toldAt = performance.now();
  let read = before;
  const gathered = (rowsRead: number) => {
    const now = performance.now();
    if (now - toldAt < tellEvery || before + rowsRead <= read || rowsRead === rows.length) return;
    [read, toldAt] = [before + rowsRead, now];
    onProgress?.("load", read, spent.load + now - clock);
  };
  for await (const block of streamRows(anndata, matrix, {rows, blockRows, signal, onProgress: gathered})) {
    lap("load");
    const cells = normalize(block, alignment);
    lap("normalize");
    const seedOf = await samplingSeeds(seeds, block.rows, {nCells: anndata.nObs, names: () => cellNames});
    lap("sample");
    for (const own of cells) {
      const cell = first === 0 ? own : {...own, row: own.row + first};
      recordCell(records, cell, alignment.symbols);
      onProbabilities?.(alignedOf === null ? cell : amongAll(cell, alignedOf));
      const sentences: Sentence[] = [];
      for (let k = 0; k < average; ++k) {
        sentences.push(cellSentence(cell, alignment, {sampling, seed: seedOf(own.row, k), constants}));
      }
      records.nTokens[records.seen - 1] = sentences[0].tokens?.length ?? 0;
      onSentence?.(sentences[0]);
      lap("sample");
      total.done += 1;
      if (total.done % cellsTold === 0 || total.done === before + rows.length) told();
      yield* sentences;
      clock = performance.now();
    }
    await eventLoopTurn();
    clock = performance.now();
  }

  function told(): void {
    const {done} = total;
    read = Math.max(read, done);
    onProgress?.("load", read, spent.load);
    for (const stage of ["normalize", "sample"] as const) onProgress?.(stage, done, spent[stage]);
    if (done === total.rows) onEnd?.();
  }
}

/** A cell's probabilities in the order of all files' genes; a gene that is none of theirs is left out. */
function amongAll(cell: CellProbabilities, alignedOf: Int32Array): CellProbabilities {
  const order = Array.from(cell.genes, (gene, k) => ({gene: alignedOf[gene], k}))
    .filter(({gene}) => gene >= 0)
    .sort((a, b) => a.gene - b.gene);
  return {
    ...cell,
    genes: Int32Array.from(order, ({gene}) => gene),
    probabilities: Float32Array.from(order, ({k}) => cell.probabilities[k])
  };
}
