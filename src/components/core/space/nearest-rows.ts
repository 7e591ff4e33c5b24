import type {PlacedCells} from "./map-links.js";
import {nearestOnMap} from "./nearest-on-map.js";

/** Rows in the file of the `k` cells that are nearest to the cell of row `row` on a map, nearest first; none where the map does not place it. */
export function nearestRows({rows, positions}: PlacedCells, row: number, k: number): Int32Array {
  const from = rows.indexOf(row);
  if (from < 0) return new Int32Array(0);
  return nearestOnMap(positions, from, k)
    .filter((place) => place >= 0)
    .map((place) => rows[place]);
}
