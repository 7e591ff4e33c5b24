import louvain from "graphology-communities-louvain";

/** A graph of the library's kind. */
export type LouvainGraph = Parameters<typeof louvain>[0];

/**
 * Communities of a graph whose nodes are called 0 to `count` - 1 and whose edges carry `weight`: Louvain's method (Blondel and others 2008) with fast local moves, by
 * modularity with this resolution. `random` decides where each pass begins. The community of each node, numbered from 0 in any order.
 */
export function louvainCommunities(
  graph: LouvainGraph,
  count: number,
  resolution: number,
  random: () => number
): Int32Array {
  const found = louvain(graph, {resolution, rng: random, getEdgeWeight: "weight"});
  return Int32Array.from({length: count}, (_, cell) => found[cell]);
}
