import {WorkbookError} from "../errors.js";
import type {Metric} from "../vectors/metric.js";
import {nearestNeighbors} from "../vectors/neighbors.js";
import {pickVectors} from "../vectors/pick-vectors.js";
import {rowsOf, type WorkOptions} from "../vectors/work.js";
import {meanError} from "./mean-error.js";

/** How far batches mix among the cells of one class. */
export interface ClassMixing {
  /** Class number; 0 if no labels were given. */
  label: number;
  cells: number;
  /** Share of the neighbors that are of another batch, mean over cells, and its standard error; NaN for one cell. */
  observed: number;
  observedError: number;
  /** The share that chance would give: other batches' cells among all others of the class. */
  expected: number;
}

/** How far batches mix. */
export interface BatchMixing {
  k: number;
  /** Over all cells of the classes below. */
  observed: number;
  observedError: number;
  expected: number;
  /** Classes found in at least two batches. */
  classes: ClassMixing[];
  /** Classes left out because all their cells are of one batch. */
  excluded: number[];
}

/** Options of `batchMixing`. */
export interface MixingOptions extends WorkOptions {
  /** Neighbors asked (default 15). */
  k?: number;
  /** Default "cosine". */
  metric?: Metric;
  /** A class number a cell, -1 for none: neighbors are then sought within the class. */
  labels?: Int32Array;
}

/**
 * Share of each cell's `k` nearest neighbors, of its own class if `labels` are given, that come from another batch,
 * beside the share expected if batches did not matter. A cell without label and a class of one batch are left out.
 * Throws a WorkbookError if sizes disagree or nothing is left.
 */
export async function batchMixing(
  vectors: Float32Array,
  width: number,
  batches: Int32Array,
  options: MixingOptions = {}
): Promise<BatchMixing> {
  const {k = 15, metric, labels = new Int32Array(batches.length)} = options;
  const count = rowsOf(vectors, width);
  if (batches.length !== count || labels.length !== count) throw wrongLength(batches.length, labels.length, count);
  const sizes = tally(labels, batches);
  const excluded = [...sizes].flatMap(([label, inBatch]) => (inBatch.size < 2 ? [label] : []));
  const asked = Int32Array.from(labels.keys()).filter((i) => labels[i] >= 0 && !excluded.includes(labels[i]));
  if (asked.length === 0) throw oneBatch();
  const within = asked.map((cell) => labels[cell]);
  const found = await nearestNeighbors(pickVectors(vectors, width, asked), width, k, {...options, metric, within});

  const byClass = new Map<number, MixingSum>();
  const all: MixingSum = {observed: [], expected: 0};
  asked.forEach((cell, i) => {
    const inBatch = sizes.get(labels[cell])!;
    const total = [...inBatch.values()].reduce((sum, size) => sum + size, 0);
    const expected = (total - inBatch.get(batches[cell])!) / (total - 1);
    const neighbors = found.indices.subarray(i * found.k, (i + 1) * found.k).filter((other) => other >= 0);
    const others = neighbors.filter((other) => batches[asked[other]] !== batches[cell]).length;
    const ofClass: MixingSum = byClass.get(labels[cell]) ?? {observed: [], expected: 0};
    byClass.set(labels[cell], ofClass);
    for (const sum of [ofClass, all]) {
      sum.observed.push(others / neighbors.length);
      sum.expected += expected;
    }
  });
  const classes = [...byClass].sort(([a], [b]) => a - b).map(([label, sum]) => ({label, ...mean(sum)}));
  const {cells: _, ...whole} = mean(all);
  return {k: found.k, ...whole, classes, excluded: excluded.sort((a, b) => a - b)};
}

/** The observed share of each cell, and the sum of the expected ones. */
interface MixingSum {
  observed: number[];
  expected: number;
}

function mean({observed, expected}: MixingSum) {
  const cells = observed.length;
  const sum = observed.reduce((total, share) => total + share, 0);
  return {cells, observed: sum / cells, observedError: meanError(observed), expected: expected / cells};
}

/** Cells of each batch in each class. */
function tally(labels: Int32Array, batches: Int32Array): Map<number, Map<number, number>> {
  const sizes = new Map<number, Map<number, number>>();
  labels.forEach((label, i) => {
    if (label < 0) return;
    const inBatch = sizes.get(label) ?? new Map<number, number>();
    sizes.set(label, inBatch.set(batches[i], (inBatch.get(batches[i]) ?? 0) + 1));
  });
  return sizes;
}

function wrongLength(batches: number, labels: number, count: number): WorkbookError {
  return new WorkbookError({
    domain: "space",
    code: "length-mismatch",
    fault: `${batches} batches and ${labels} labels were given for ${count} cells`,
    remedy: "give one of each for every cell"
  });
}

function oneBatch(): WorkbookError {
  return new WorkbookError({
    domain: "space",
    code: "one-batch",
    fault: "No class has cells of two batches, so mixing cannot be measured",
    remedy: "choose another batch column, or measure without labels"
  });
}
