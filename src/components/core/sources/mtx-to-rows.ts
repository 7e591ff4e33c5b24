import {breathe} from "../anndata/breathe.js";
import type {ByteFile} from "./byte-file.js";
import {mtxEntries, type MtxBatch, type MtxHead} from "./mtx-entries.js";
import {rowsHead, rowsLayout, type RowsShape, type RowsType} from "./rows-file.js";
import type {RowsWriter} from "./rows-place.js";

/** How a matrix is turned into rows. */
export interface MtxOptions {
  /** Bytes that may be held at once for entries that come in no order (256 MiB). */
  transposeBytes?: number;
  signal?: AbortSignal;
  /** Told entries read, of all that will be: more than the matrix has, where it is read several times. */
  onProgress?(done: number, total: number): void;
}

/** What the turning asks of its caller. */
export interface MtxSource {
  name: string;
  /** The bytes from the first to the last, unpacked; asked for once a pass. */
  pieces(): Iterable<Uint8Array>;
  /** True if the matrix has cells in its rows; by Cell Ranger they are its columns. Throws where its extent fits neither. */
  hasCellsInRows(head: MtxHead): boolean;
  create(byteLength: number): Promise<RowsWriter>;
}

const entryBytes = 12;

/** Rows as they are written: the entries of cells from `first` up to `end`, in order. */
interface Bucket {
  first: number;
  end: number;
}

/**
 * Turns a Matrix Market file into rows of cells, and writes them. A file whose entries come cell by cell, as all that Cell Ranger writes, is read once
 * and written as it is read. Of any other the entries are counted first; then cells are taken in buckets whose entries fit into `transposeBytes`, and the file
 * is read once a bucket. Entries of a cell keep the file's order. Rejects with what `mtxEntries` throws, or the signal's reason; what was
 * written is removed then.
 */
export async function mtxToRows(source: MtxSource, options: MtxOptions = {}): Promise<ByteFile> {
  return (await attempt(source, "int32", options)) ?? (await attempt(source, "float64", options))!;
}

/** null where the numbers are no 32-bit integers. */
async function attempt(source: MtxSource, type: RowsType, options: MtxOptions): Promise<ByteFile | null> {
  const opening = mtxEntries(source.pieces(), source.name);
  const {head} = opening.next().value;
  if (type === "int32" && head.field === "real") return null;
  const cellsInRows = source.hasCellsInRows(head);
  const [nRows, nCols] = cellsInRows ? [head.nRows, head.nCols] : [head.nCols, head.nRows];
  const shape: RowsShape = {nRows, nCols, entries: head.entries, type};
  const at = rowsLayout(shape);
  const writer = await source.create(at.byteLength);
  try {
    const sink = new EntrySink(writer, shape);
    const counts = new Uint32Array(nRows);
    let last = 0;
    let isOrdered = true;
    const fits = await eachBatch(opening, cellsInRows, options, [0, 1], ({length, rows, cols, values}) => {
      for (let i = 0; i < length; i++) {
        const cell = rows[i];
        counts[cell]++;
        if (cell < last) isOrdered = false;
        last = cell;
        if (type === "int32" && (values[i] | 0) !== values[i]) return false;
      }
      if (isOrdered) sink.add(cols, values, length);
      return true;
    });
    if (!fits) return (await writer.abandon(), null);
    if (!isOrdered) await writeBuckets(source, cellsInRows, counts, sink, options);
    sink.flush();
    const pointers = new BigInt64Array(nRows + 1);
    for (let row = 0; row < nRows; row++) pointers[row + 1] = pointers[row] + BigInt(counts[row]);
    writer.write(at.indptr, new Uint8Array(pointers.buffer));
    writer.write(0, rowsHead(shape));
    return await writer.finish();
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

/** Gives each batch to `take`, rows being cells, until it answers false. */
async function eachBatch(
  batches: ReturnType<typeof mtxEntries>,
  cellsInRows: boolean,
  {signal, onProgress}: MtxOptions,
  [pass, passes]: [number, number],
  take: (batch: MtxBatch) => boolean
): Promise<boolean> {
  let told = performance.now();
  let done = 0;
  for (const {head, batch} of batches) {
    if (batch === null) continue;
    const {length, rows, cols, values} = batch;
    if (!take(cellsInRows ? batch : {length, rows: cols, cols: rows, values})) return false;
    done += length;
    if (performance.now() - told < 50) continue;
    onProgress?.(pass * head.entries + done, passes * head.entries);
    await breathe();
    signal?.throwIfAborted();
    told = performance.now();
  }
  return true;
}

async function writeBuckets(
  source: MtxSource,
  cellsInRows: boolean,
  counts: Uint32Array,
  sink: EntrySink,
  options: MtxOptions
): Promise<void> {
  sink.restart();
  const buckets = bucketsOf(counts, (options.transposeBytes ?? 256 * 2 ** 20) / entryBytes);
  for (const [i, {first, end}] of buckets.entries()) {
    const next = new Float64Array(end - first + 1);
    for (let cell = first; cell < end; cell++) next[cell - first + 1] = next[cell - first] + counts[cell];
    const total = next[end - first];
    const ofCols = new Int32Array(total);
    const ofValues = new Float64Array(total);
    const batches = mtxEntries(source.pieces(), source.name);
    await eachBatch(batches, cellsInRows, options, [i + 1, buckets.length + 1], ({length, rows, cols, values}) => {
      for (let k = 0; k < length; k++) {
        const cell = rows[k];
        if (cell < first || cell >= end) continue;
        const place = next[cell - first]++;
        ofCols[place] = cols[k];
        ofValues[place] = values[k];
      }
      return true;
    });
    sink.add(ofCols, ofValues, total);
  }
}

/** Neighboring cells whose entries are at most `most`, a cell of more alone. */
function bucketsOf(counts: Uint32Array, most: number): Bucket[] {
  const buckets: Bucket[] = [];
  let first = 0;
  let held = 0;
  for (let cell = 0; cell < counts.length; cell++) {
    if (cell > first && held + counts[cell] > most) {
      buckets.push({first, end: cell});
      first = cell;
      held = 0;
    }
    held += counts[cell];
  }
  return [...buckets, {first, end: counts.length}];
}

const bufferEntries = 1 << 17;

/** Writes columns and values, one after the other, through a buffer. */
class EntrySink {
  private readonly cols = new Int32Array(bufferEntries);
  private readonly values: Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;
  private held = 0;
  private written = 0;

  constructor(
    private readonly writer: RowsWriter,
    private readonly shape: RowsShape
  ) {
    this.values = shape.type === "int32" ? new Int32Array(bufferEntries) : new Float64Array(bufferEntries);
  }

  add(cols: Int32Array, values: Float64Array, length: number): void {
    for (let from = 0; from < length;) {
      const count = Math.min(length - from, bufferEntries - this.held);
      this.cols.set(cols.subarray(from, from + count), this.held);
      this.values.set(values.subarray(from, from + count), this.held);
      this.held += count;
      from += count;
      if (this.held === bufferEntries) this.flush();
    }
  }

  flush(): void {
    const at = rowsLayout(this.shape);
    const {BYTES_PER_ELEMENT: size} = this.values;
    this.writer.write(at.indices + this.written * 4, new Uint8Array(this.cols.buffer, 0, this.held * 4));
    this.writer.write(at.data + this.written * size, new Uint8Array(this.values.buffer, 0, this.held * size));
    this.written += this.held;
    this.held = 0;
  }

  /** Begins anew, over what was written. */
  restart(): void {
    this.written = 0;
    this.held = 0;
  }
}
