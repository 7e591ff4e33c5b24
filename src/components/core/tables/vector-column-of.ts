import type {FixedSizeList, Table, Vector} from "apache-arrow";
import type {CellStatus} from "../types.js";
import {expectColumns} from "./expect-columns.js";
import {column, readStatus, readValidity, requireNullsByStatus} from "./read-columns.js";

/**
 * Status and vectors of an embeddings table, as they lie, and how many numbers a vector has. Throws a WorkbookError of domain "table" if the
 * table is none, or if status and nulls disagree.
 */
export function vectorColumnOf(table: Table): {status: CellStatus[]; vector: Vector; width: number} {
  expectColumns(table, "an embeddings table", {
    row: "Int32",
    cell_id: "Utf8",
    status: "Utf8",
    n_tokens: "Int32",
    embedding: "FixedSizeList<Float32>"
  });
  const status = readStatus(table);
  requireNullsByStatus("embedding", status, readValidity(table, "embedding"));
  const vector = column(table, "embedding");
  return {status, vector, width: (vector.type as FixedSizeList).listSize};
}
