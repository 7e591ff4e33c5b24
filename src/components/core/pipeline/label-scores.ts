import type {AnnData} from "../anndata/anndata.js";
import {labelAgreement, type LabelAgreement} from "../space/label-agreement.js";
import {cellComponents, type CellComponents} from "./cell-components.js";

/** How well neighbors agree on a label, for the model and for principal components of the same cells. */
export interface LabelScores {
  /** Leave-one-out 5-NN vote by cosine among the model's vectors. */
  model: LabelAgreement;
  /** The same rule among 30 principal components of log-normalized counts. */
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

/** Labeled cells to score. */
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

/**
 * Scores a labeling by its neighbors: the model's vectors beside 30 principal components of log1p(counts per 10,000) of
 * the same cells and all genes of the matrix, under one rule. Reads the cells' counts again and holds them, about
 * 12 bytes a stored value. Throws what the reader and `labelAgreement` throw, and the signal's reason.
 */
export async function labelScores(
  anndata: AnnData,
  matrix: string,
  {rows, vectors, width, labels, classes}: ScoredCells,
  signal?: AbortSignal,
  components: CellComponents = cellComponents
): Promise<LabelScores> {
  const model = await labelAgreement(vectors, width, labels, classes, {signal});
  const found = await components(anndata, matrix, rows, {signal});
  return {model, components: await labelAgreement(found.scores, found.components, labels, classes, {signal})};
}
