import {nearestNeighbors, type Neighbors, type NeighborOptions, type NeighborSearch} from "./neighbors.js";

/** `NeighborSearch` with a key that says which vectors these are. */
export type KeptSearch<Key> = (
  key: Key,
  vectors: Float32Array,
  width: number,
  k: number,
  options?: NeighborOptions
) => Promise<Neighbors>;

/**
 * `nearestNeighbors` that keeps what it found for the last `most` keys, 12 bytes a neighbor (of 50,000 cells with 15 neighbors 8 MB a
 * key): asked again for a key, with as many neighbors or fewer, it searches nothing. More than are kept are searched, and kept in place of
 * the fewer. The answer may hold more than `k` neighbors of each cell, nearest first; it must not be changed. `search` is for tests.
 */
export function keepNeighbors<Key>(most = 2, search: NeighborSearch = nearestNeighbors): KeptSearch<Key> {
  const kept = new Map<Key, Neighbors>();
  return async (key, vectors, width, k, options) => {
    const known = kept.get(key);
    const isEnough = known !== undefined && known.k >= Math.min(k, known.count - 1);
    const found = isEnough && known.count === vectors.length / width ? known : await search(vectors, width, k, options);
    kept.delete(key);
    kept.set(key, found);
    for (const old of [...kept.keys()].slice(0, -most)) kept.delete(old);
    return found;
  };
}
