import {rowsOf} from "../vectors/work.js";

/** Lengths of vectors and how alike their directions are. */
export interface VectorSpread {
  count: number;
  /** Shortest, mean and longest length. */
  norm: {min: number; mean: number; max: number};
  /** Mean cosine over all pairs of different vectors, -1 to 1; NaN for fewer than two vectors of length above 0. */
  meanCosine: number;
}

/**
 * Lengths and mean pairwise cosine of `vectors` (row-major, `width` wide): a collapsed model shows as a mean cosine
 * near 1. All pairs are counted exactly, through the square of the sum of unit vectors. Vectors of zeros have no
 * direction and count in the lengths only.
 */
export function vectorSpread(vectors: Float32Array, width: number): VectorSpread {
  const count = rowsOf(vectors, width);
  const sum = new Float64Array(width);
  let directed = 0;
  let total = 0;
  let min = Infinity;
  let max = 0;
  for (let at = 0; at < vectors.length; at += width) {
    let square = 0;
    for (let i = at; i < at + width; i += 1) square += vectors[i] * vectors[i];
    const norm = Math.sqrt(square);
    total += norm;
    min = Math.min(min, norm);
    max = Math.max(max, norm);
    if (norm === 0) continue;
    directed += 1;
    for (let i = 0; i < width; i += 1) sum[i] += vectors[at + i] / norm;
  }
  const square = sum.reduce((value, part) => value + part * part, 0);
  return {
    count,
    norm: count === 0 ? {min: NaN, mean: NaN, max: NaN} : {min, mean: total / count, max},
    meanCosine: directed < 2 ? NaN : (square - directed) / (directed * (directed - 1))
  };
}
