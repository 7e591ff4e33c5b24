import type {CsrBlock} from "../types.js";
import {sortRow, valueArray} from "./block-builder.js";
import {breathe} from "./breathe.js";
import {throwDamagedRow} from "./damaged-row.js";
import type {H5NumericArray, H5Reader} from "./h5-reader.js";
import {IndexPointers} from "./index-pointers.js";
import type {MatrixInfo} from "./matrix-info.js";
import {VectorWindow} from "./vector-window.js";

/** Entries read at a time while a matrix is gone through. */
const windowEntries = 1 << 20;

/** What turning a csc matrix into rows costs. */
export interface TransposeEstimate {
  /** Times that the matrix is gone through: one to count, then one a bucket of rows. */
  passes: number;
  /** Bytes read in all, as they are when unpacked (an upper bound: windows without wanted rows skip their values). */
  bytesRead: number;
  /** Bytes of memory held at once, about. */
  memoryBytes: number;
}

/**
 * Cost of streaming `rowCount` rows (all unless told) of a csc matrix with buckets of `bucketBytes`, supposing that
 * entries are spread evenly over rows.
 */
export function estimateTranspose(matrix: MatrixInfo, bucketBytes: number, rowCount = matrix.nRows): TransposeEstimate {
  const bytesEach = entryBytes(matrix);
  const entries = matrix.nRows === 0 ? 0 : Math.ceil(matrix.stored * (rowCount / matrix.nRows));
  const buckets = Math.max(1, Math.ceil((entries * bytesEach) / bucketBytes));
  const indexBytes = matrix.indexDtype?.endsWith("64") ? 8 : 4;
  const valueBytes = Number(/\d+$/.exec(matrix.dtype)?.[0] ?? 8) / 8;
  return {
    passes: 1 + buckets,
    bytesRead: matrix.stored * (indexBytes + buckets * (indexBytes + valueBytes)),
    memoryBytes:
      Math.min(bucketBytes, entries * bytesEach) + 8 * matrix.nRows + 2 * windowEntries * (indexBytes + valueBytes)
  };
}

/**
 * Blocks of the rows `rows` (ascending) of a csc matrix, at most `maxRows` rows and about `maxEntries` entries each.
 * Entries are counted a row first; then rows are taken in buckets whose entries fit into `bucketBytes`, and the matrix
 * is gone through once a bucket, each entry put where its row's next one belongs. Columns come out ascending because
 * they are gone through in order. Never dense, nothing on disk. `onGather` hears which share of that is done, 0 to 1.
 */
export async function* streamCsc(
  reader: H5Reader,
  info: MatrixInfo,
  rows: Int32Array,
  maxRows: number,
  maxEntries: number,
  bucketBytes: number,
  signal?: AbortSignal,
  onGather?: (share: number) => void
): AsyncGenerator<CsrBlock> {
  const pointers = new IndexPointers(reader, info);
  const matrix = {...info, stored: pointers.entries()};
  const slots = new Int32Array(matrix.nRows).fill(-1);
  rows.forEach((row, slot) => (slots[row] = slot));
  const counts = new Int32Array(rows.length);
  const windows = Math.max(1, Math.ceil(matrix.stored / windowEntries));
  const indices = new VectorWindow(reader, `${matrix.place}/indices`);
  const data = new VectorWindow(reader, `${matrix.place}/data`);
  const counting = 1 / estimateTranspose(matrix, bucketBytes, rows.length).passes;
  for (let w = 0; w < windows; w++) {
    signal?.throwIfAborted();
    countWindow(reader.name, matrix, readWindow(indices, matrix, w), slots, counts, w);
    onGather?.((counting * (w + 1)) / windows);
    if (w % 8 === 7) await breathe();
  }
  const bucketEntries = Math.max(maxEntries, Math.floor(bucketBytes / entryBytes(matrix)));
  for (let first = 0; first < rows.length;) {
    let last = first;
    let entries = 0;
    while (last < rows.length && (last === first || entries + counts[last] <= bucketEntries)) {
      entries += counts[last++];
    }
    const bucket = openBucket(matrix, counts, first, last, entries);
    let column = 0;
    for (let w = 0; w < windows; w++) {
      signal?.throwIfAborted();
      column = fillWindow(matrix, {indices, data}, pointers, slots, bucket, w, column);
      onGather?.(counting + ((1 - counting) * (first + (last - first) * ((w + 1) / windows))) / rows.length);
      if (w % 8 === 7) await breathe();
    }
    yield* bucketBlocks(matrix, rows, bucket, maxRows, maxEntries);
    first = last;
  }
}

interface Bucket {
  first: number;
  last: number;
  /** First entry of each row of the bucket, and one more. */
  starts: Float64Array;
  /** Where each row's next entry goes. */
  cursors: Float64Array;
  indices: Int32Array;
  values: Float32Array | Float64Array;
}

function openBucket(matrix: MatrixInfo, counts: Int32Array, first: number, last: number, entries: number): Bucket {
  const starts = new Float64Array(last - first + 1);
  for (let i = first; i < last; i++) starts[i - first + 1] = starts[i - first] + counts[i];
  return {
    first,
    last,
    starts,
    cursors: starts.slice(),
    indices: new Int32Array(entries),
    values: new (valueArray(matrix.dtype))(entries)
  };
}

function readWindow(part: VectorWindow, {stored}: MatrixInfo, w: number): H5NumericArray {
  return part.range(w * windowEntries, Math.min(stored, (w + 1) * windowEntries));
}

function countWindow(
  file: string,
  matrix: MatrixInfo,
  rowOf: H5NumericArray,
  slots: Int32Array,
  counts: Int32Array,
  w: number
): void {
  for (let k = 0; k < rowOf.length; k++) {
    const row = Number(rowOf[k]);
    if (!(row >= 0 && row < matrix.nRows)) throwDamagedRow(file, matrix, w * windowEntries + k, row);
    const slot = slots[row];
    if (slot >= 0) counts[slot] = counts[slot] + 1;
  }
}

/** Puts the wanted entries of window `w` into the bucket; `column` and the result: where a window begins and ends. */
function fillWindow(
  matrix: MatrixInfo,
  parts: {indices: VectorWindow; data: VectorWindow},
  pointers: IndexPointers,
  slots: Int32Array,
  bucket: Bucket,
  w: number,
  column: number
): number {
  const rowOf = readWindow(parts.indices, matrix, w);
  const {first, last, cursors, indices, values} = bucket;
  let data: H5NumericArray | null = null;
  for (let k = 0; k < rowOf.length; k++) {
    const at = w * windowEntries + k;
    while (pointers.at(column + 1) <= at) column++;
    const slot = slots[Number(rowOf[k])];
    if (slot < first || slot >= last) continue;
    data ??= readWindow(parts.data, matrix, w);
    const cursor = cursors[slot - first];
    indices[cursor] = column;
    values[cursor] = Number(data[k]);
    cursors[slot - first] = cursor + 1;
  }
  return column;
}

function* bucketBlocks(
  matrix: MatrixInfo,
  rows: Int32Array,
  {first, last, starts, indices, values}: Bucket,
  maxRows: number,
  maxEntries: number
): Generator<CsrBlock> {
  for (let i = first; i < last;) {
    let j = i + 1;
    while (j < last && j - i < maxRows && starts[j + 1 - first] - starts[i - first] <= maxEntries) j++;
    const from = starts[i - first];
    const to = starts[j - first];
    const block: CsrBlock = {
      rows: rows.slice(i, j),
      nCols: matrix.nCols,
      indptr: new Int32Array(j - i + 1),
      indices: indices.slice(from, to),
      values: values.slice(from, to)
    };
    yield tidy(block, starts.subarray(i - first, j - first + 1));
    i = j;
  }
}

/** Leaves out zeros and adds up entries that stand twice; `starts` are the block's rows in its bucket. */
function tidy(block: CsrBlock, starts: Float64Array): CsrBlock {
  const {indices, values, indptr} = block;
  let out = 0;
  for (let i = 0; i + 1 < starts.length; i++) {
    const rowStart = out;
    let twice = false;
    for (let k = starts[i] - starts[0]; k < starts[i + 1] - starts[0]; k++) {
      if (values[k] === 0) continue;
      if (out > rowStart && indices[out - 1] >= indices[k]) twice = true;
      indices[out] = indices[k];
      values[out++] = values[k];
    }
    if (twice) out = sortRow(indices, values, rowStart, out);
    indptr[i + 1] = out;
  }
  return out === indices.length ? block : {...block, indices: indices.slice(0, out), values: values.slice(0, out)};
}

function entryBytes(matrix: MatrixInfo): number {
  return 4 + valueArray(matrix.dtype).BYTES_PER_ELEMENT;
}
