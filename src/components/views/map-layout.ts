import type {Table} from "apache-arrow";
import {readFloat32, readInt32, readValidity} from "../core/tables/read-columns.js";

/** Cells with their places on a map. */
export interface MapLayout {
  /** Row of the file of each cell, ascending; null: every row, in order. */
  rows: Int32Array | null;
  /** x and y by turns, in the order of `rows`. */
  positions: Float32Array;
  /** A few words about what it is ("epoch 120 of 500"); "" for a finished map. */
  status?: string;
}

/**
 * The layout that a table of a umap stage holds (columns row, x, y; the schema's metadata "epoch" and "epochs" where it still
 * forms): the cells that have a place. Throws a WorkbookError if x or y is of another type.
 */
export function layoutOf(table: Table): MapLayout {
  const [rows, x, y] = [readInt32(table, "row"), readFloat32(table, "x"), readFloat32(table, "y")];
  const {metadata} = table.schema;
  const [epoch, epochs] = [metadata.get("epoch"), metadata.get("epochs")];
  const status = epoch === undefined || epoch === epochs ? "" : `epoch ${epoch} of ${epochs}`;
  const valid = readValidity(table, "x");
  const there = valid === undefined ? null : rows.map((_, i) => i).filter((i) => valid[i] === 1);
  const n = there?.length ?? rows.length;
  const positions = new Float32Array(2 * n);
  for (let k = 0; k < n; ++k) {
    const i = there?.[k] ?? k;
    positions[2 * k] = x[i];
    positions[2 * k + 1] = y[i];
  }
  return {rows: there === null ? rows : there.map((i) => rows[i]), positions, status};
}
