import {WorkbookError} from "../errors.js";
import type {Metric} from "../vectors/metric.js";
import {nearestNeighbors, type Neighbors} from "../vectors/neighbors.js";
import {pickVectors} from "../vectors/pick-vectors.js";
import {rowsOf, type WorkOptions} from "../vectors/work.js";
import {shareError} from "./share-error.js";

/** How well cells' labels are told by their neighbors' labels. */
export interface LabelAgreement {
  /** Cells scored. */
  count: number;
  k: number;
  /** Share of cells whose label is the one that their neighbors vote for, and its standard error (`shareError`). */
  accuracy: number;
  accuracyError: number;
  /** Mean recall of the classes that have cells, and its standard error: the root of the sum of the recalls' squared ones, over the classes. */
  macroRecall: number;
  macroRecallError: number;
  /** Share of each class's cells that are classified correctly, and its standard error; NaN for a class without cells. */
  recall: Float64Array;
  recallError: Float64Array;
  /** Cells of each class. */
  support: Int32Array;
  /** classes x classes, row-major: cells of class i (row) classified as class j. */
  confusion: Int32Array;
  /** Share of the largest class: what always naming it would reach. */
  majority: number;
  /** Classes left out because all their cells are of one batch; empty unless `batches` was given. */
  excluded: number[];
}

/** Options of `labelAgreement`. */
export interface AgreementOptions extends WorkOptions {
  /** Voting neighbors (default 5). */
  k?: number;
  /** Default "cosine". */
  metric?: Metric;
  /**
   * A batch number a cell: only cells of other batches vote, and only classes found in at least two batches are scored
   * and vote.
   */
  batches?: Int32Array;
}

/**
 * Leave-one-out vote of each cell's `k` nearest labeled cells for its label. `labels` is a class number a row of
 * `vectors` (row-major, `width` wide), -1 for a cell without label, which is left out altogether. Of classes with
 * equally many votes the one whose nearest voter is nearest wins.
 * Throws a WorkbookError if sizes disagree or fewer than two labeled cells remain.
 */
export async function labelAgreement(
  vectors: Float32Array,
  width: number,
  labels: Int32Array,
  classes: number,
  options: AgreementOptions = {}
): Promise<LabelAgreement> {
  const {k = 5, metric, batches} = options;
  const count = rowsOf(vectors, width);
  requireLabels(labels, count, classes);
  if (batches !== undefined) requireBatches(batches, count);
  const excluded = batches === undefined ? [] : classesOfOneBatch(labels, batches, classes);
  const scored = Int32Array.from(labels.keys()).filter((i) => labels[i] >= 0 && !excluded.includes(labels[i]));
  if (scored.length < 2) throw tooFew(scored.length);
  const neighbors = await nearestNeighbors(pickVectors(vectors, width, scored), width, k, {
    ...options,
    metric,
    outside: batches && scored.map((cell) => batches[cell])
  });
  return {
    ...agreementOf(
      neighbors,
      scored.map((cell) => labels[cell]),
      classes
    ),
    excluded
  };
}

function agreementOf(neighbors: Neighbors, labels: Int32Array, classes: number): Omit<LabelAgreement, "excluded"> {
  const {count, k} = neighbors;
  const support = new Int32Array(classes);
  const confusion = new Int32Array(classes * classes);
  let right = 0;
  for (let i = 0; i < count; i += 1) {
    const told = vote(neighbors, i, labels, classes);
    support[labels[i]] += 1;
    confusion[labels[i] * classes + told] += 1;
    if (told === labels[i]) right += 1;
  }
  const recall = Float64Array.from(support, (cells, i) => (cells > 0 ? confusion[i * classes + i] / cells : NaN));
  const recallError = Float64Array.from(support, (cells, i) => shareError(confusion[i * classes + i], cells));
  const present = recall.filter((value) => !Number.isNaN(value));
  const variance = recallError.reduce((sum, error) => sum + (Number.isNaN(error) ? 0 : error ** 2), 0);
  return {
    count,
    k,
    support,
    confusion,
    recall,
    recallError,
    accuracy: right / count,
    accuracyError: shareError(right, count),
    macroRecall: present.reduce((sum, value) => sum + value, 0) / present.length,
    macroRecallError: Math.sqrt(variance) / present.length,
    majority: Math.max(...support) / count
  };
}

function vote({k, indices}: Neighbors, cell: number, labels: Int32Array, classes: number): number {
  const votes = new Int32Array(classes);
  for (let j = 0; j < k; j += 1) {
    const voter = indices[cell * k + j];
    if (voter >= 0) votes[labels[voter]] += 1;
  }
  const most = Math.max(...votes);
  for (let j = 0; j < k; j += 1) {
    const voter = indices[cell * k + j];
    if (voter >= 0 && votes[labels[voter]] === most) return labels[voter];
  }
  throw new Error(`cell ${cell} has no voter`); // excluded above: every class scored has cells in two batches
}

function classesOfOneBatch(labels: Int32Array, batches: Int32Array, classes: number): number[] {
  const seen = Array.from({length: classes}, () => new Set<number>());
  labels.forEach((label, i) => label >= 0 && seen[label].add(batches[i]));
  return seen.flatMap((found, label) => (found.size === 1 ? [label] : []));
}

function requireLabels(labels: Int32Array, count: number, classes: number): void {
  const outside = labels.find((label) => label < -1 || label >= classes);
  if (labels.length === count && outside === undefined) return;
  throw new WorkbookError({
    domain: "space",
    code: "bad-labels",
    fault:
      labels.length === count
        ? `A label is ${outside} where there are ${classes} classes`
        : `${labels.length} labels were given for ${count} cells`,
    remedy: "give each cell a class number from 0, or -1 for none"
  });
}

function requireBatches(batches: Int32Array, count: number): void {
  if (batches.length === count) return;
  throw new WorkbookError({
    domain: "space",
    code: "length-mismatch",
    fault: `${batches.length} batches were given for ${count} cells`,
    remedy: "give one batch number for every cell"
  });
}

function tooFew(count: number): WorkbookError {
  return new WorkbookError({
    domain: "space",
    code: "too-few-cells",
    fault: `Only ${count} of the cells can be scored`,
    remedy: "choose a column with labels for at least two cells, in two batches if batches are named"
  });
}
