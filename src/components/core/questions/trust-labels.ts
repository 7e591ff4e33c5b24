import {columnAsText} from "../anndata/column.js";
import {selectRows} from "../cells/select-rows.js";
import {labelClasses} from "../pipeline/label-classes.js";
import {trustScores, type TrustScores} from "../pipeline/trust-scores.js";
import {pickVectors} from "../vectors/pick-vectors.js";
import type {TaskOptions, QuestionContext} from "./context.js";
import {sharedComponents} from "./shared-components.js";
import {trainedWords} from "./trained-words.js";

/** Scores of a labels column, and of a batch column if one was named. */
export interface TrustLabels extends TrustScores {
  labels: string;
  batches: string | null;
  /** Names of the types and of the batches, by their numbers in the scores. */
  classNames: string[];
  batchNames: string[];
  /** Cells of the run with a vector, and those of them that were used: all, or 5,000 at random. */
  embedded: number;
  used: number;
  /** Used cells whose label is missing: they get no vote and no score. */
  unlabeled: number;
  /** That the model was trained on cells of the file, in words; null if that is not known. */
  trained: string | null;
}

const mostCells = 5000;
const mostClasses = 50;
const mostBatches = 200;

/**
 * Scores the obs column `labels`, and `batches` if it is not null, on the chain's cells: at most 5,000, a random choice
 * where there are more. Progress is the share done. Throws a WorkbookError if there was no run ("no-vectors") or a column has no groups ("no-labeling"),
 * what the reader throws, and the signal's reason.
 */
export async function trustLabels(
  context: QuestionContext,
  {labels, batches}: {labels: string; batches: string | null},
  {signal, onProgress}: TaskOptions
): Promise<TrustLabels> {
  const known = await context.vectors();
  const {anndata} = context;
  const {rows: all, vectors: allVectors, width, index} = known.cells;
  const chosen = selectRows({mode: "random", n: mostCells, seed: 0}, index.length);
  const rows = chosen === null ? index.map((place) => all[place]) : chosen.map((i) => all[index[i]]);
  const groups = (column: string, most: number) => {
    const values = columnAsText(anndata.column("obs", column));
    return labelClasses(
      column,
      Array.from(rows, (row) => values[row]),
      most
    );
  };
  const classes = groups(labels, mostClasses);
  const ofBatch = batches === null ? null : groups(batches, mostBatches);
  const vectors = chosen === null ? allVectors : pickVectors(allVectors, width, chosen);
  const scores = await trustScores(
    anndata,
    known.matrix,
    {
      rows,
      vectors,
      width,
      labels: classes.codes,
      classes: classes.names.length,
      batches: ofBatch?.codes
    },
    {signal, onProgress: (share) => onProgress?.(share, 1)},
    sharedComponents
  );
  return {
    ...scores,
    labels,
    batches,
    classNames: classes.names,
    batchNames: ofBatch?.names ?? [],
    embedded: index.length,
    used: rows.length,
    unlabeled: classes.codes.reduce((count, code) => count + Number(code < 0), 0),
    trained: trainedWords(context)
  };
}
