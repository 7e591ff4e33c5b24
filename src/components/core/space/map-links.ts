import {nearestOnMap} from "./nearest-on-map.js";

/** Rows in the file of the cells that a map places, and x, y by turns. */
export interface PlacedCells {
  rows: Int32Array;
  positions: Float32Array;
}

/** Lines from a point of a map to others, by their places on the map. */
export interface MapLinks {
  from: number;
  /** Near in both spaces, in the embedding only, on the map only. */
  both: readonly number[];
  space: readonly number[];
  map: readonly number[];
  /** All the nearest on the map, nearest first. */
  nearest: readonly number[];
}

/**
 * Lines from the cell of row `row` to its neighbors on a map: those near in both spaces, in the embedding only (`near`, rows of its
 * nearest there), and on the map only (as many of the nearest on the map). Null if the map does not place the cell.
 */
export function mapLinks({rows, positions}: PlacedCells, row: number, near: Int32Array): MapLinks | null {
  const at = new Map(Array.from(rows, (one, i) => [one, i]));
  const from = at.get(row);
  if (from === undefined) return null;
  const space = Array.from(near, (one) => at.get(one)).filter((place) => place !== undefined);
  const nearest = Array.from(nearestOnMap(positions, from, near.length)).filter((one) => one >= 0);
  const both = space.filter((one) => nearest.includes(one));
  const notIn = (all: readonly number[]) => (one: number) => !all.includes(one);
  return {from, both, space: space.filter(notIn(both)), map: nearest.filter(notIn(both)), nearest};
}
