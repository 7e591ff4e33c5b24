import {WorkbookError} from "../errors.js";
import {nearestInSpace} from "./nearest-in-space.js";
import {sharedCells} from "./shared-cells.js";

/**
 * Share of each cell's k nearest neighbors (cosine, itself left out, ties by lower index) in `reference` that are
 * among its k nearest in `ours`, averaged over the n cells; both n x d, row-major. 0 to 1. Compares all pairs: for
 * some thousands of cells. Throws if n <= k.
 */
export function neighborRecall(
  ours: Float32Array | Float64Array,
  reference: Float32Array | Float64Array,
  n: number,
  d: number,
  k = 15
): number {
  if (n <= k || ours.length !== n * d || reference.length !== n * d) {
    throw new WorkbookError({
      domain: "encoder",
      code: "bad-comparison",
      fault: `${ours.length} and ${reference.length} numbers are given for ${n} cells of ${d} and ${k} neighbors`,
      remedy: "compare the same cells, more of them than neighbors"
    });
  }
  let kept = 0;
  for (let cell = 0; cell < n; ++cell) {
    kept += sharedCells(nearestInSpace(reference, d, cell, k).cells, nearestInSpace(ours, d, cell, k).cells);
  }
  return kept / (n * k);
}
