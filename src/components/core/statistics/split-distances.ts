import {createRandom} from "../random.js";

/** Splits that are tried where there are more. */
const mostSplits = 200;

/**
 * Distances between the means of two halves of `vectors` (row-major, `width` wide, an even number of rows), for every way to halve them, or 200 random ways (seed 0) where there are more: what two means of
 * as many rows lie apart if all rows are of one kind. Ascending. A permutation distribution (Good, Permutation, Parametric, and Bootstrap Tests of Hypotheses, 2005).
 */
export function splitDistances(vectors: Float32Array, width: number): Float64Array {
  const rows = vectors.length / width;
  const half = rows / 2;
  const distance = (left: readonly number[]): number => {
    const isLeft = new Set(left);
    let square = 0;
    for (let i = 0; i < width; i += 1) {
      let difference = 0;
      for (let row = 0; row < rows; row += 1) difference += (isLeft.has(row) ? 1 : -1) * vectors[row * width + i];
      square += (difference / half) ** 2;
    }
    return Math.sqrt(square);
  };
  return Float64Array.from(halvings(rows), distance).sort();
}

/** Left halves of `rows` rows. The first row is always left, since sides do not matter. */
function halvings(rows: number): number[][] {
  const half = rows / 2;
  if (rows <= 10) return chosen(1, rows, half - 1).map((others) => [0, ...others]);
  const random = createRandom(0);
  return Array.from({length: mostSplits}, () => {
    const order = Array.from({length: rows}, (_, row) => row);
    for (let i = 0; i < half; i += 1) {
      const j = i + Math.floor(random.next() * (rows - i));
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order.slice(0, half);
  });
}

/** All ways to choose `k` numbers from `from` to below `to`. */
function chosen(from: number, to: number, k: number): number[][] {
  if (k === 0) return [[]];
  const found: number[][] = [];
  for (let first = from; first <= to - k; first += 1) {
    for (const rest of chosen(first + 1, to, k - 1)) found.push([first, ...rest]);
  }
  return found;
}
