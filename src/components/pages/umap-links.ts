import {nearestOnMap} from "../core/space/nearest-on-map.js";
import type {MapLinks} from "../views/mini-map.js";

/** Rows in the file of the cells that a map places, and x, y by turns. */
export interface PlacedCells {
  rows: Int32Array;
  positions: Float32Array;
}

/** A cell, and the rows of its nearest in the embedding. */
export interface NearestCells {
  row: number;
  rows: Int32Array;
}

/** Neighbors of a cell that the chapter on maps shows. */
export const nearestCount = 15;

/** What must be said beside every map. */
export const meaningless = "Distances, sizes and gaps between islands carry no meaning.";

/** Lines from a cell to its neighbors on one map: those near in both spaces, in the embedding only, on the map only. */
export function linksOn(rows: Int32Array, positions: Float32Array, {row, rows: near}: NearestCells): MapLinks {
  const at = new Map(Array.from(rows, (one, i) => [one, i]));
  const from = at.get(row)!;
  const space = Array.from(near, (one) => at.get(one)!);
  const map = Array.from(nearestOnMap(positions, from, near.length));
  const both = space.filter((one) => map.includes(one));
  return {from, both, space: space.filter((one) => !both.includes(one)), map: map.filter((one) => !both.includes(one))};
}
