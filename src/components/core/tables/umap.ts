import type {Table} from "apache-arrow";
import {WorkbookError} from "../errors.js";
import {float32Column, int32Column, tableOf, utf8Column} from "./columns.js";
import {expectColumns} from "./expect-columns.js";
import {type Provenance, provenanceMetadata} from "./provenance.js";
import {badValue, readFloat32, readFullText, readInt32, readValidity} from "./read-columns.js";

/** What a umap table is made of. */
export interface MapColumns {
  /** Row of each cell in its file. */
  rows: Int32Array;
  cellIds: readonly string[];
  /** Positions of the cells that have one: x, y, x, y, ... */
  positions: Float32Array;
  /** Row of the table that each position belongs to (as readEmbeddings gives it); all rows, in order, if left out. */
  index?: Int32Array;
}

/** A umap table, read. */
export interface CellMap {
  rows: Int32Array;
  cellIds: string[];
  /** Positions there are: x, y, x, y, ... */
  positions: Float32Array;
  /** Row of the table that each position belongs to, ascending. */
  index: Int32Array;
}

/**
 * A umap table: row Int32, cell_id Utf8, x Float32, y Float32 (null where a cell has no position). Throws a
 * WorkbookError if sizes disagree.
 */
export function umapTable({rows, cellIds, positions, index}: MapColumns, provenance: Provenance): Table {
  const placed = index ?? Int32Array.from(rows.keys());
  if (positions.length !== placed.length * 2) {
    throw new WorkbookError({
      domain: "table",
      code: "length-mismatch",
      fault: `${placed.length} cells have ${placed.length * 2} coordinates, but ${positions.length} were given`,
      remedy: "give x and y for every cell that has a position"
    });
  }
  const x = new Float32Array(rows.length);
  const y = new Float32Array(rows.length);
  const valid = new Uint8Array(rows.length);
  placed.forEach((row, i) => {
    x[row] = positions[2 * i];
    y[row] = positions[2 * i + 1];
    valid[row] = 1;
  });
  const nulls = valid.includes(0) ? valid : undefined;
  return tableOf(
    [
      int32Column("row", rows),
      utf8Column("cell_id", cellIds),
      float32Column("x", x, nulls),
      float32Column("y", y, nulls)
    ],
    provenanceMetadata(provenance)
  );
}

/** Reads a umap table. Throws a WorkbookError if it is none, or if a cell has one coordinate of the two. */
export function readUmap(table: Table): CellMap {
  expectColumns(table, "a umap table", {row: "Int32", cell_id: "Utf8", x: "Float32", y: "Float32"});
  const rows = readInt32(table, "row");
  const x = readFloat32(table, "x");
  const y = readFloat32(table, "y");
  const hasX = readValidity(table, "x");
  const hasY = readValidity(table, "y");
  const index = Int32Array.from(rows.keys()).filter((i) => {
    const here = hasX === undefined || hasX[i] === 1;
    if (here !== (hasY === undefined || hasY[i] === 1)) {
      throw badValue(here ? "y" : "x", i, "is missing though the other coordinate is there", "Make the table again");
    }
    return here;
  });
  const positions = new Float32Array(index.length * 2);
  index.forEach((row, i) => positions.set([x[row], y[row]], 2 * i));
  return {rows, cellIds: readFullText(table, "cell_id"), positions, index};
}
