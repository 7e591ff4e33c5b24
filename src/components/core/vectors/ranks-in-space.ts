import {cosineWith} from "./cosine-with.js";

/** Where some cells stand among the neighbors of one. */
export interface RanksInSpace {
  /** 1 is the nearest of all others; 0 where a vector of the two has a value that is not finite. */
  ranks: Int32Array;
  /** Cosine of each with the cell, -1 to 1; NaN where its rank is 0. */
  cosines: Float64Array;
}

/**
 * Ranks of `others` (cell numbers) among all neighbors of row `cell` of `vectors` (row-major, `width` wide) by cosine, every row compared, with the
 * order of `nearestInSpace`: of equally near ones the lower number comes first, a row of zeros has cosine 0 with all.
 */
export function ranksInSpace(
  vectors: Float32Array | Float64Array,
  width: number,
  cell: number,
  others: ArrayLike<number>
): RanksInSpace {
  const row = (i: number) => vectors.subarray(i * width, (i + 1) * width);
  const cosineTo = cosineWith(row(cell));
  const all = Float64Array.from({length: vectors.length / width}, (_, other) => cosineTo(row(other)));
  const ranks = Int32Array.from(others, (one) => {
    if (!Number.isFinite(all[one])) return 0;
    let rank = 1;
    for (let other = 0; other < all.length; other += 1) {
      if (other === cell || other === one) continue;
      if (all[other] > all[one] || (all[other] === all[one] && other < one)) rank += 1;
    }
    return rank;
  });
  return {ranks, cosines: Float64Array.from(others, (one) => all[one])};
}
