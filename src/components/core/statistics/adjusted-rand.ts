import {contingency} from "./contingency.js";

/**
 * Adjusted Rand index of two groupings of the same cells (Hubert and Arabie 1985, J. Classif. 2): 1 where they are the same but for names, 0
 * where they agree as chance would have it; -0.5 at the least. Codes are from 0; a cell with a negative code in either is left out. 1 where
 * both have one group, or both as many groups as cells. NaN for no cells.
 */
export function adjustedRand(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const {cells, rows, columns, counts} = contingency(a, b);
  if (cells === 0) return NaN;
  const pairs = (values: Iterable<number>) => {
    let sum = 0;
    for (const value of values) sum += (value * (value - 1)) / 2;
    return sum;
  };
  const together = pairs(counts.values());
  const [inA, inB, all] = [pairs(rows), pairs(columns), (cells * (cells - 1)) / 2];
  const expected = all === 0 ? 0 : (inA * inB) / all;
  const most = (inA + inB) / 2;
  return most === expected ? 1 : (together - expected) / (most - expected);
}
