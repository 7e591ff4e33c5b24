import type {Data, Table} from "apache-arrow";
import {badValue} from "./read-columns.js";
import {vectorColumnOf} from "./vector-column-of.js";

/** The vectors of an embeddings table where they lie, without a copy of them all. */
export interface VectorRows {
  width: number;
  rows: number;
  /** The vector of a row of the table; null where the cell has none. Throws a WorkbookError if a value is not finite. */
  at(row: number): Float32Array | null;
}

/** Vectors of an embeddings table of any number of batches, by row. Throws a WorkbookError of domain "table" if it is none. */
export function vectorRows(table: Table): VectorRows {
  const {status, vector, width} = vectorColumnOf(table);
  const chunks = (vector.data as readonly Data[]).map(({length, children}) => ({
    length,
    values: children[0].values as Float32Array
  }));
  let rows = 0;
  const ends = chunks.map(({length}) => (rows += length));
  // Rows are mostly asked for in their order.
  let last = 0;
  const chunkOf = (row: number): number => {
    if (row < (ends[last - 1] ?? 0) || row >= ends[last]) last = firstAbove(ends, row);
    return last;
  };
  return {
    width,
    rows,
    at(row) {
      if (status[row] !== "ok") return null;
      const i = chunkOf(row);
      const from = (row - (ends[i] - chunks[i].length)) * width;
      const found = chunks[i].values.subarray(from, from + width);
      if (found.every(Number.isFinite)) return found;
      throw badValue("embedding", row, "has a value that is not finite", 'Mark the cell "failed"');
    }
  };
}

/** The first of ascending `ends` that is above `row`, by halving. */
function firstAbove(ends: readonly number[], row: number): number {
  let [low, high] = [0, ends.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle] > row) high = middle;
    else low = middle + 1;
  }
  return low;
}
