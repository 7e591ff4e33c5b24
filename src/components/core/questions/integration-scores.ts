import {columnAsText} from "../anndata/column.js";
import {labelClasses} from "../pipeline/label-classes.js";
import {scoreCells, type ScoredCellSpaces} from "../pipeline/score-cells.js";
import type {TaskOptions, QuestionContext} from "./context.js";
import {sharedComponents} from "./shared-components.js";
import {trainedWords} from "./trained-words.js";

/** scIB's metrics of the chain's cells, for a column of labels and perhaps one of batches. */
export interface IntegrationAnswer extends ScoredCellSpaces {
  labelColumn: string;
  batchColumn: string | null;
  /** What found the clusters that NMI and ARI are of ("Louvain"). */
  clustering: string;
  /** That the model was trained on cells of the file, in words; null if that is not known. */
  trained: string | null;
}

const mostGroups = 500;

/**
 * Scores the chain's cells by scIB's metrics (`scoreCells`), at most `most` of them, beside components of the same counts and the labels themselves. Progress counts per cent. Throws a
 * WorkbookError if there was no run ("no-vectors"), if a column groups nothing ("no-labeling") or too few cells have a group ("too-few-cells"), what the reader throws, and the signal's reason.
 */
export async function integrationScores(
  context: QuestionContext,
  {labels, batches, most}: {labels: string; batches: string | null; most: number},
  {signal, onProgress}: TaskOptions
): Promise<IntegrationAnswer> {
  const {cells, matrix} = await context.vectors();
  const {anndata, communities} = context;
  const codes = (column: string) => labelClasses(column, columnAsText(anndata.column("obs", column)), mostGroups).codes;
  const {rows, index, vectors, width} = cells;
  const scored = await scoreCells(
    {
      anndata,
      matrix,
      rows: index.map((place) => rows[place]),
      vectors,
      width,
      labels: codes(labels),
      batches: batches === null ? null : codes(batches)
    },
    {
      most,
      finder: communities,
      components: sharedComponents,
      signal,
      onProgress: (share) => onProgress?.(Math.round(100 * share), 100)
    }
  );
  return {
    ...scored,
    labelColumn: labels,
    batchColumn: batches,
    clustering: communities.name,
    trained: trainedWords(context)
  };
}
