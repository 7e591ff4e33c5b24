import {UndirectedGraph} from "graphology";
import type {FuzzyGraph} from "../core/space/fuzzy-graph.js";

/** Each edge carries its weight. */
type Weighted = {weight: number};

/** A graph of `count` cells, called by their numbers, with one edge of weight `strength` for each pair. */
export function weightedGraph(
  count: number,
  {from, to, strength}: FuzzyGraph
): UndirectedGraph<Record<string, never>, Weighted> {
  const graph = new UndirectedGraph<Record<string, never>, Weighted>({allowSelfLoops: false});
  for (let cell = 0; cell < count; cell += 1) graph.addNode(cell);
  for (let i = 0; i < from.length; i += 1) {
    if (from[i] < to[i]) graph.addUndirectedEdge(from[i], to[i], {weight: strength[i]});
  }
  return graph;
}
