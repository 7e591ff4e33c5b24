import type {AnnData} from "../anndata/anndata.js";
import {isWorkbookError} from "../errors.js";
import {batchMixing, type BatchMixing} from "../space/batch-mixing.js";
import {labelAgreement, type LabelAgreement} from "../space/label-agreement.js";
import type {WorkOptions} from "../vectors/work.js";
import {cellComponents, type CellComponents} from "./cell-components.js";

/** How well labels, and how little batches, show among the neighbors in one space. */
export interface SpaceTrust {
  /** Leave-one-out vote of the 5 nearest labeled cells, by cosine. */
  labels: LabelAgreement;
  /** The same where only cells of other batches vote; null without batches, or if no type has cells of two. */
  acrossBatches: LabelAgreement | null;
  /** Share of the 15 nearest cells of the same type that are of another batch; null likewise. */
  mixing: BatchMixing | null;
}

/** The model's vectors beside principal components of the same cells, under one rule. */
export interface TrustScores {
  model: SpaceTrust;
  components: SpaceTrust;
  /** Principal components used: 30, fewer where cells or genes are few. */
  nComponents: number;
  /**
   * Cells in `acrossBatches` whose type has fewer than 3 cells in other batches, so that no majority of 5 votes can tell them:
   * what they lower is not the vectors' fault. 0 without batches.
   */
  scarce: number;
}

/** Accuracy and macro recall of one rule with their standard errors, 0 to 1. */
export type AgreementFigures = Pick<LabelAgreement, "accuracy" | "accuracyError" | "macroRecall" | "macroRecallError">;

/** The figures of `TrustScores` that a page shows, for one obs column. */
export interface ScoreSummary {
  column: string;
  cells: number;
  classes: number;
  /** Share of the largest class. */
  majority: number;
  model: AgreementFigures;
  components: AgreementFigures;
  /** That the model was trained on cells of the file, in words; null if that is not known. */
  trained: string | null;
}

/** Labeled cells to score, and the batch of each if there are batches. */
export interface TrustCells {
  /** Rows of the cells in their file, ascending. */
  rows: Int32Array;
  /** Their vectors, row-major. */
  vectors: Float32Array;
  width: number;
  /** Class of each cell, -1 for none. */
  labels: Int32Array;
  classes: number;
  /** Batch number of each cell, -1 where it is not known: the cell then enters no score of batches. */
  batches?: Int32Array;
}

/**
 * Scores a labeling, and a grouping into batches if one is given, in the space of the model and in that of 30 principal
 * components of log1p(counts per 10,000) of the same cells (docs/trust.md defines every number). Reads the cells' counts
 * again and holds them, about 12 bytes a stored value.
 * Throws what the reader and `labelAgreement` throw, and the signal's reason.
 */
export async function trustScores(
  anndata: AnnData,
  matrix: string,
  cells: TrustCells,
  options: WorkOptions = {},
  find: CellComponents = cellComponents
): Promise<TrustScores> {
  const model = await spaceTrust(cells.vectors, cells.width, cells, part(options, 0, 0.5));
  const {scores, components} = await find(anndata, matrix, cells.rows, part(options, 0.5, 0.6));
  return {
    model,
    components: await spaceTrust(scores, components, cells, part(options, 0.6, 1)),
    nComponents: components,
    scarce: scarceCells(cells)
  };
}

/** The scores of one space: `vectors` is row-major, `width` wide, a row for each of `labels`. */
export async function spaceTrust(
  vectors: Float32Array,
  width: number,
  {labels, classes, batches}: Pick<TrustCells, "labels" | "classes" | "batches">,
  options: WorkOptions = {}
): Promise<SpaceTrust> {
  const plain = await labelAgreement(
    vectors,
    width,
    labels,
    classes,
    batches === undefined ? options : part(options, 0, 0.5)
  );
  if (batches === undefined) return {labels: plain, acrossBatches: null, mixing: null};
  const known = labels.map((label, i) => (batches[i] >= 0 ? label : -1));
  return {
    labels: plain,
    acrossBatches: await ifTwoBatches(
      labelAgreement(vectors, width, known, classes, {...part(options, 0.5, 0.9), batches})
    ),
    mixing: await ifTwoBatches(batchMixing(vectors, width, batches, {...part(options, 0.9, 1), labels: known}))
  };
}

/** Options of a part of the work that takes the progress from one share to another; NaN counts as its beginning. */
function part(options: WorkOptions, from: number, to: number): WorkOptions {
  return {
    ...options,
    onProgress: (share) => options.onProgress?.(from + (Number.isNaN(share) ? 0 : share) * (to - from))
  };
}

const majorityOfVotes = 3;

function scarceCells({labels, batches}: TrustCells): number {
  if (batches === undefined) return 0;
  const key = (i: number) => `${labels[i]} ${batches[i]}`;
  const known = [...labels.keys()].filter((i) => labels[i] >= 0 && batches[i] >= 0);
  const [ofType, ofBoth] = [new Map<number, number>(), new Map<string, number>()];
  for (const i of known) {
    ofType.set(labels[i], (ofType.get(labels[i]) ?? 0) + 1);
    ofBoth.set(key(i), (ofBoth.get(key(i)) ?? 0) + 1);
  }
  const elsewhere = (i: number) => ofType.get(labels[i])! - ofBoth.get(key(i))!;
  const types = new Set(known.filter((i) => elsewhere(i) > 0).map((i) => labels[i]));
  return known.filter((i) => types.has(labels[i]) && elsewhere(i) < majorityOfVotes).length;
}

/** Null where no type has cells of two batches: then there is nothing to score, and nothing is wrong. */
async function ifTwoBatches<T>(score: Promise<T>): Promise<T | null> {
  try {
    return await score;
  } catch (error) {
    if (isWorkbookError(error) && (error.code === "too-few-cells" || error.code === "one-batch")) return null;
    throw error;
  }
}
