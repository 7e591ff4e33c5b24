import {cosineWith} from "./cosine-with.js";

/** The nearest others of one cell, nearest first. */
export interface NearestCells {
  /** Cell numbers. */
  cells: Int32Array;
  /** Cosine of each with the cell, -1 to 1. */
  cosines: Float64Array;
}

/**
 * The `k` nearest others of row `cell` of `vectors` (row-major, `width` wide) by cosine, all rows compared; of equally
 * near ones the lower number comes first. Fewer than k where there are fewer rows. A row of zeros has cosine 0 with all;
 * a row with a value that is not finite has no neighbors and is nobody's.
 */
export function nearestInSpace(
  vectors: Float32Array | Float64Array,
  width: number,
  cell: number,
  k: number
): NearestCells {
  const count = vectors.length / width;
  const most = Math.min(k, Math.max(0, count - 1));
  const cells = new Int32Array(most);
  const cosines = new Float64Array(most).fill(-Infinity);
  const row = (i: number) => vectors.subarray(i * width, (i + 1) * width);
  const cosineTo = cosineWith(row(cell));
  let found = 0;
  for (let other = 0; other < count && most > 0; other += 1) {
    if (other === cell) continue;
    const cosine = cosineTo(row(other));
    if (!(cosine > cosines[most - 1])) continue;
    let at = most - 1;
    for (; at > 0 && cosines[at - 1] < cosine; at -= 1) {
      cosines[at] = cosines[at - 1];
      cells[at] = cells[at - 1];
    }
    cosines[at] = cosine;
    cells[at] = other;
    found = Math.min(most, found + 1);
  }
  return {cells: cells.slice(0, found), cosines: cosines.slice(0, found)};
}
