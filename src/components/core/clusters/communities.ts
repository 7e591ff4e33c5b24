import type {FuzzyGraph} from "../space/fuzzy-graph.js";

/** A graph in which a library finds communities, again and again. */
export interface CommunityGraph {
  /**
   * The community of each cell, numbered from 0 in any order, by modularity with this `resolution` (above 0; more makes more communities; Reichardt and
   * Bornholdt 2006). `random` is uniform in [0, 1). Synchronous, the longest piece of work without a pause.
   */
  communities(resolution: number, random: () => number): Int32Array;
}

/** A library that finds communities. */
export interface CommunityFinder {
  /** What methods sections call it ("Louvain"). */
  readonly name: string;
  /** Takes a graph of `count` cells. */
  open(count: number, graph: FuzzyGraph): CommunityGraph;
}
