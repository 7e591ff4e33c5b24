import {groupsIn} from "../statistics/groups-in.js";

/**
 * Silhouette width of each cell by cosine distance (Rousseeuw 1987): (b - a) / max(a, b), a the mean distance to the other cells of its group, b that to the nearest other group; -1 to
 * 1; 0 for a cell that is alone in its group; NaN without another group. `vectors` row-major, `width` wide; `codes` from 0, -1 for a cell that takes no part (NaN).
 */
export function silhouettes(vectors: Float32Array, width: number, codes: Int32Array): Float64Array {
  const groups = groupsIn(codes);
  const sizes = new Float64Array(groups);
  const sums = new Float64Array(groups * width);
  const scales = new Float64Array(codes.length);
  codes.forEach((code, cell) => {
    let square = 0;
    for (let i = cell * width; i < (cell + 1) * width; i += 1) square += vectors[i] ** 2;
    scales[cell] = square > 0 ? 1 / Math.sqrt(square) : 0;
    if (code < 0) return;
    sizes[code] += 1;
    for (let i = 0; i < width; i += 1) sums[code * width + i] += vectors[cell * width + i] * scales[cell];
  });
  const present = [...sizes.keys()].filter((group) => sizes[group] > 0);
  return Float64Array.from(codes, (code, cell) => {
    if (code < 0 || present.length < 2) return NaN;
    if (sizes[code] === 1) return 0;
    // The mean cosine with a group is the product with the mean of its unit vectors.
    const cosines = present.map((group) => {
      let sum = 0;
      for (let i = 0; i < width; i += 1) sum += vectors[cell * width + i] * sums[group * width + i];
      return sum * scales[cell];
    });
    const itself = scales[cell] > 0 ? 1 : 0;
    let [a, b] = [0, Infinity];
    present.forEach((group, j) => {
      if (group === code) a = 1 - (cosines[j] - itself) / (sizes[group] - 1);
      else b = Math.min(b, 1 - cosines[j] / sizes[group]);
    });
    const most = Math.max(a, b);
    return most > 0 ? (b - a) / most : 0;
  });
}
