import type {CsrBlock} from "../types.js";
import {BlockBuilder} from "./block-builder.js";
import type {H5Reader} from "./h5-reader.js";
import {IndexPointers} from "./index-pointers.js";
import type {MatrixInfo} from "./matrix-info.js";
import {VectorWindow} from "./vector-window.js";

/** Entries between two wanted rows that are read along rather than skipped. */
const readAlong = 1 << 15;

/**
 * Blocks of the rows `rows` (ascending) of a csr matrix: at most `maxRows` rows and about `maxEntries` entries read at
 * a time, a longer row alone. Rows that stand close together are read in one go.
 */
export function* streamCsr(
  reader: H5Reader,
  matrix: MatrixInfo,
  rows: Int32Array,
  maxRows: number,
  maxEntries: number
): Generator<CsrBlock> {
  const pointers = new IndexPointers(reader, matrix);
  const indices = new VectorWindow(reader, `${matrix.place}/indices`);
  const data = new VectorWindow(reader, `${matrix.place}/data`);
  let next = 0;
  while (next < rows.length) {
    const starts: number[] = [];
    const stops: number[] = [];
    let span = 0;
    let entries = 0;
    while (next + starts.length < rows.length && starts.length < maxRows) {
      const row = rows[next + starts.length];
      const start = pointers.at(row);
      const stop = pointers.at(row + 1);
      const gap = starts.length === 0 ? 0 : start - stops.at(-1)!;
      const added = stop - start + (gap <= readAlong ? gap : 0);
      if (starts.length > 0 && span + added > maxEntries) break;
      span += added;
      entries += stop - start;
      starts.push(start);
      stops.push(stop);
    }
    const builder = new BlockBuilder(matrix, reader.name, starts.length, entries);
    for (let i = 0; i < starts.length;) {
      let j = i + 1;
      while (j < starts.length && starts[j] - stops[j - 1] <= readAlong) j++;
      const from = starts[i];
      const columns = indices.range(from, stops[j - 1]);
      const values = data.range(from, stops[j - 1]);
      for (let k = i; k < j; k++) {
        builder.addSparse(rows[next + k], columns, values, starts[k] - from, stops[k] - from);
      }
      i = j;
    }
    next += starts.length;
    yield builder.finish();
  }
}
