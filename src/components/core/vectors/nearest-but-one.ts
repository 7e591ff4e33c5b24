import {nearestInOther} from "./nearest-in-other.js";
import type {Neighbors} from "./neighbors.js";
import type {WorkOptions} from "./work.js";

/**
 * `nearestInOther` among all rows of `among` but row `except` (below 0: among all): what a cell's neighbors are that stands among them itself. -1 and Infinity where there are fewer than k. Throws
 * what `nearestInOther` throws.
 */
export async function nearestButOne(
  vectors: Float32Array,
  among: Float32Array,
  width: number,
  k: number,
  except: number,
  work: WorkOptions = {}
): Promise<Neighbors> {
  const wide = await nearestInOther(vectors, among, width, k + 1, work);
  const near: Neighbors = {
    count: wide.count,
    k,
    indices: new Int32Array(wide.count * k).fill(-1),
    distances: new Float64Array(wide.count * k).fill(Infinity)
  };
  for (let row = 0; row < wide.count; row += 1) {
    let at = row * k;
    for (let j = row * wide.k; j < (row + 1) * wide.k && at < (row + 1) * k; j += 1) {
      if (wide.indices[j] === except) continue;
      near.indices[at] = wide.indices[j];
      near.distances[at] = wide.distances[j];
      at += 1;
    }
  }
  return near;
}
