import type {AnnData} from "../anndata/anndata.js";
import {streamRows} from "../anndata/stream-rows.js";
import {labelAgreement, type LabelAgreement} from "../space/label-agreement.js";
import {logNormalise} from "../space/log-normalise.js";
import {sparseMatrix} from "../space/matrices.js";
import {principalComponents} from "../space/principal-components.js";
import type {CsrBlock} from "../types.js";

/** How well neighbours agree on a label, for the model and for principal components of the same cells. */
export interface LabelScores {
  /** Leave-one-out 5-NN vote by cosine among the model's vectors. */
  model: LabelAgreement;
  /** The same rule among 30 principal components of log-normalised counts. */
  components: LabelAgreement;
}

/** The figures of a `LabelScores` that a page shows, for one obs column. */
export interface ScoreSummary {
  column: string;
  cells: number;
  classes: number;
  /** Share of the largest class. */
  majority: number;
  model: {accuracy: number; macroRecall: number};
  components: {accuracy: number; macroRecall: number};
}

/** Labelled cells to score. */
export interface ScoredCells {
  /** Rows of the cells in their file, ascending. */
  rows: Int32Array;
  /** Their vectors, row-major. */
  vectors: Float32Array;
  width: number;
  /** Class of each cell, -1 for none. */
  labels: Int32Array;
  classes: number;
}

const components = 30;

/**
 * Scores a labelling by its neighbours: the model's vectors beside 30 principal components of log1p(counts per 10,000) of
 * the same cells and all genes of the matrix, under one rule. Reads the cells' counts again and holds them, about
 * 12 bytes a stored value. Throws what the reader and `labelAgreement` throw, and the signal's reason.
 */
export async function labelScores(
  anndata: AnnData,
  matrix: string,
  {rows, vectors, width, labels, classes}: ScoredCells,
  signal?: AbortSignal
): Promise<LabelScores> {
  const model = await labelAgreement(vectors, width, labels, classes, {signal});
  const blocks: CsrBlock[] = [];
  for await (const block of streamRows(anndata, matrix, {rows, signal})) blocks.push(logNormalise(block));
  const found = await principalComponents(sparseMatrix(joined(blocks)), components, {signal});
  return {model, components: await labelAgreement(found.scores, found.components, labels, classes, {signal})};
}

function joined(blocks: CsrBlock[]): CsrBlock {
  const count = (of: (block: CsrBlock) => number) => blocks.reduce((sum, block) => sum + of(block), 0);
  const rows = new Int32Array(count((block) => block.rows.length));
  const indptr = new Int32Array(rows.length + 1);
  const indices = new Int32Array(count((block) => block.indices.length));
  const values = new Float64Array(indices.length);
  let row = 0;
  let at = 0;
  for (const block of blocks) {
    rows.set(block.rows, row);
    block.rows.forEach((_, i) => (indptr[row + i + 1] = at + block.indptr[i + 1]));
    indices.set(block.indices, at);
    values.set(block.values, at);
    row += block.rows.length;
    at += block.indices.length;
  }
  return {rows, nCols: blocks[0]?.nCols ?? 0, indptr, indices, values};
}
