import {neighborOverlap, type NeighborOverlap} from "../space/neighbor-overlap.js";
import {trustworthiness, type Trust} from "../space/trustworthiness.js";
import type {TaskOptions, QuestionContext} from "./context.js";

/** How far a map's neighbors are neighbors of the vectors. */
export interface MapFidelity {
  trust: Trust;
  overlap: NeighborOverlap;
}

/**
 * Trustworthiness and shared neighbors of a map of the chain's cells (`positions`: x and y by turns, one pair a vector, in
 * their order). Null where cells are too few for `k` neighbors, or the map is of other cells.
 */
export async function mapFidelity(
  context: QuestionContext,
  {positions, k}: {positions: Float32Array; k: number},
  {signal, onProgress}: TaskOptions
): Promise<MapFidelity | null> {
  const known = await context.vectors();
  const {vectors, width, index} = known.cells;
  if (positions.length !== 2 * index.length || 2 * k >= index.length) return null;
  const report = (from: number) => (share: number) => onProgress?.(Math.round(from + 50 * share), 100);
  const trust = await trustworthiness(vectors, width, positions, k, {signal, onProgress: report(0)});
  const overlap = await neighborOverlap(vectors, width, positions, k, {signal, onProgress: report(50)});
  return {trust, overlap};
}
