import type {CsrBlock} from "../types.js";

/** How counts were turned into the values of a matrix, as far as it can be undone: x = log(1 + factor * count) / log(base). */
export interface CountScale {
  /** Base of the logarithm; null: no logarithm was taken, x = factor * count. */
  base: number | null;
  label: string;
}

/** One cell's counts, guessed from its transformed values. */
export interface RecoveredCell {
  row: number;
  /** Whole numbers, one an entry of the row; empty where they could not be found. */
  counts: Float64Array;
  /** What one count amounts to in the cell, before the logarithm; NaN where it could not be found. */
  factor: number;
  /** Largest distance of a count from a whole number, before it was rounded: 0 to 0.5. */
  error: number;
  /** True if `error` is small enough to believe it. */
  recovered: boolean;
  /** Different values in the cell: few of them come out whole by chance. */
  distinct: number;
}

/** Scales that are tried, most common first. */
export const countScales: readonly CountScale[] = [
  {base: Math.E, label: "ln(1 + x)"},
  {base: 2, label: "log2(1 + x)"},
  {base: 10, label: "log10(1 + x)"},
  {base: null, label: "a scaling without logarithm"}
];

/** Largest distance from a whole number that is believed. Values that are no multiples of anything reach 0.5 in any cell of some size. */
export const believedError = 0.1;
/** A cell's smallest value may stand for this many counts. */
const largestSmallest = 10;

/**
 * Finds the counts behind transformed values, cell by cell. The smallest value of a cell stands for one count, as a rule (for
 * at most ten): that gives the cell's factor, least squares over its other values make it sharper, and then every value
 * divided by the factor must be a whole number. `error` is how far from that the worst one is. A factor common to all
 * counts of a cell cannot be seen: a cell whose counts are all even comes out halved, one with a single value as ones.
 */
export function recoverCounts({rows, indptr, values}: CsrBlock, {base}: CountScale): RecoveredCell[] {
  return Array.from(rows, (row, i) => {
    const cell = Array.from(values.subarray(indptr[i], indptr[i + 1]), (value) =>
      base === null ? value : Math.expm1(value * Math.log(base))
    );
    return recoverCell(row, cell);
  });
}

function recoverCell(row: number, values: number[]): RecoveredCell {
  const smallest = values.reduce((least, value) => (value > 0 && value < least ? value : least), Infinity);
  const usable =
    values.length === 0 || (smallest < Infinity && values.every((value) => value >= 0 && Number.isFinite(value)));
  if (values.length === 0)
    return {row, counts: new Float64Array(0), factor: NaN, error: 0, recovered: true, distinct: 0};
  let best = {factor: NaN, error: 0.5};
  for (let k = 1; usable && k <= largestSmallest && best.error > believedError; ++k) {
    const factor = sharpened(values, smallest / k);
    const error = values.reduce(
      (worst, value) => Math.max(worst, Math.abs(value / factor - Math.round(value / factor))),
      0
    );
    if (error < best.error) best = {factor, error};
  }
  const recovered = best.error <= believedError;
  const counts = recovered
    ? Float64Array.from(values, (value) => Math.round(value / best.factor))
    : new Float64Array(0);
  return {row, counts, factor: best.factor, error: best.error, recovered, distinct: new Set(values).size};
}

/** The factor by least squares, first over small counts, which a slightly wrong factor cannot round wrongly, then over all. */
function sharpened(values: readonly number[], start: number): number {
  let factor = start;
  for (const largest of [20, 1000, Infinity]) {
    let [product, square] = [0, 0];
    for (const value of values) {
      const count = Math.round(value / factor);
      if (count > largest) continue;
      product += value * count;
      square += count * count;
    }
    if (square > 0) factor = product / square;
  }
  return factor;
}
