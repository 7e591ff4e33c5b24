import {WorkbookError} from "../errors.js";
import type {Neighbors} from "../vectors/neighbors.js";
import type {LayoutTask} from "./layout.js";

/**
 * The `k` - 1 nearest others of each of `count` cells as a layout takes neighbors: UMAP counts a cell as the first of its own. Throws the WorkbookError
 * "length-mismatch" (domain "space") where fewer were found.
 */
export function withSelf(
  found: Neighbors,
  count: number,
  k: number
): Pick<LayoutTask, "count" | "k" | "indices" | "distances"> {
  if (found.count !== count || found.k < k - 1) {
    throw new WorkbookError({
      domain: "space",
      code: "length-mismatch",
      fault: `${found.k} neighbors of ${found.count} cells were given where ${k - 1} of ${count} are needed`,
      remedy: "search the neighbors of the same cells"
    });
  }
  const indices = new Int32Array(count * k);
  const distances = new Float64Array(count * k);
  for (let i = 0; i < count; i += 1) {
    indices[i * k] = i;
    for (let j = 1; j < k; j += 1) {
      indices[i * k + j] = found.indices[i * found.k + j - 1];
      distances[i * k + j] = found.distances[i * found.k + j - 1];
    }
  }
  return {count, k, indices, distances};
}
