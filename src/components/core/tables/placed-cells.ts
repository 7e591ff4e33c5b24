import type {Table} from "apache-arrow";
import {readFloat32, readInt32, readValidity} from "./read-columns.js";

/**
 * The cells that a table of row, x and y places (a umap table, or a layout as it forms): their rows, and x, y by turns. Cells without a
 * position are left out. Throws a WorkbookError of domain "table" if a column is missing.
 */
export function placedCells(table: Table): {rows: Int32Array; positions: Float32Array} {
  const rows = readInt32(table, "row");
  const [x, y] = [readFloat32(table, "x"), readFloat32(table, "y")];
  const valid = readValidity(table, "x");
  const places = Array.from(rows.keys()).filter((i) => valid?.[i] !== 0);
  const positions = new Float32Array(2 * places.length);
  places.forEach((place, i) => positions.set([x[place], y[place]], 2 * i));
  return {rows: Int32Array.from(places, (place) => rows[place]), positions};
}
