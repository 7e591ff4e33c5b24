import {contingency} from "./contingency.js";

/**
 * Normalized mutual information of two groupings of the same cells: their mutual information over the mean of their entropies (scikit-learn's and scIB's "arithmetic"). 1:
 * the same but for names; 0: independent. Codes are from 0; a cell with a negative code in either is left out. 1 where both have one group; NaN for no cells.
 */
export function normalizedMutualInformation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const {cells, rows, columns, counts} = contingency(a, b);
  if (cells === 0) return NaN;
  let shared = 0;
  for (const [pair, count] of counts) {
    const [i, j] = [Math.floor(pair / columns.length), pair % columns.length];
    shared += (count / cells) * Math.log((count * cells) / (rows[i] * columns[j]));
  }
  const entropies = entropy(rows, cells) + entropy(columns, cells);
  return entropies === 0 ? 1 : Math.max(0, (2 * shared) / entropies);
}

function entropy(counts: Int32Array, cells: number): number {
  let sum = 0;
  for (const count of counts) if (count > 0) sum -= (count / cells) * Math.log(count / cells);
  return sum;
}
