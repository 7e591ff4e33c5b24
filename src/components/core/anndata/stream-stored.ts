import {WorkbookError} from "../errors.js";
import type {CsrBlock} from "../types.js";
import type {AnnData} from "./anndata.js";
import {valueArray} from "./block-builder.js";
import {geneBlock} from "./gene-block.js";
import type {H5DatasetNode, H5Reader} from "./h5-reader.js";
import {asStored, type MatrixInfo} from "./matrix-info.js";
import {streamCsc} from "./stream-csc.js";
import {streamCsr} from "./stream-csr.js";
import {hasTallChunks, streamDense} from "./stream-dense.js";
import {streamTall, type TallOptions} from "./stream-tall.js";

const mebibyte = 1024 * 1024;

/** How rows are streamed. */
export interface StreamOptions {
  /** Rows wanted, ascending, each once; all unless told. */
  rows?: Int32Array;
  /** Most rows in a block (65,536); a block also ends when it holds about `blockBytes`. */
  blockRows?: number;
  /** Size of a block in memory, bytes (16 MiB). */
  blockBytes?: number;
  /** Memory for the buckets of a csc matrix, or of a dense one stored gene by gene, bytes (256 MiB); more of it means fewer passes (estimateTranspose). */
  transposeBytes?: number;
  signal?: AbortSignal;
  /**
   * How far it is, in rows, and rows in all: rows handed out; of a matrix stored gene by gene, which is gathered before its rows can be handed
   * out, the rows that this share of the gathering stands for. Never falls.
   */
  onProgress?: (done: number, total: number) => void;
}

/**
 * Streams rows of a matrix as the file holds them, all columns that are stored (`asStored`): what `streamRows` is made from.
 * `info` is a matrix of the file. Order, memory and faults as of `streamRows`.
 */
export async function* streamStored(
  anndata: AnnData,
  info: MatrixInfo,
  options: StreamOptions = {}
): AsyncGenerator<CsrBlock> {
  if (anndata.files !== undefined) return yield* streamJoined(anndata, info, options);
  const matrix = asStored(info);
  const {blockRows = 65536, blockBytes = 16 * mebibyte, transposeBytes = 256 * mebibyte} = options;
  const {signal, onProgress} = options;
  const rows = options.rows ?? Int32Array.from({length: matrix.nRows}, (_, i) => i);
  checkRows(rows, matrix, anndata.name);
  const maxRows = Math.max(1, Math.floor(blockRows));
  const maxEntries = Math.max(1, Math.floor(blockBytes / (4 + valueArray(matrix.dtype).BYTES_PER_ELEMENT)));
  let done = 0;
  let told = 0;
  const tell = (now: number) => onProgress?.((told = Math.max(told, now)), rows.length);
  const onGather = (share: number) => tell(Math.floor(share * rows.length));
  const {reader} = anndata;
  const blocks =
    matrix.encoding === "csr"
      ? streamCsr(reader, matrix, rows, maxRows, maxEntries)
      : matrix.encoding === "csc"
        ? streamCsc(reader, matrix, rows, maxRows, maxEntries, transposeBytes, signal, onGather)
        : denseBlocks(reader, matrix, rows, maxRows, maxEntries, {bucketBytes: transposeBytes, signal, onGather});
  signal?.throwIfAborted();
  for await (const block of blocks) {
    done += block.rows.length;
    tell(done);
    yield block;
    signal?.throwIfAborted();
  }
}

/** Rows of several files as one, genes alone, in the columns of all files' genes. */
async function* streamJoined(anndata: AnnData, info: MatrixInfo, options: StreamOptions): AsyncGenerator<CsrBlock> {
  const rows = options.rows ?? Int32Array.from({length: info.nRows}, (_, i) => i);
  checkRows(rows, info, anndata.name);
  let before = 0;
  for (const [file, {anndata: part, first}] of anndata.files!.entries()) {
    const own = rows.filter((row) => row >= first && row < first + part.nObs).map((row) => row - first);
    if (own.length === 0) continue;
    const [done, onProgress] = [before, options.onProgress];
    const tell = onProgress && ((rowsRead: number) => onProgress(done + rowsRead, rows.length));
    const columns = anndata.columnsOfFile!(file, info.genes);
    const features = part.features(info.genes);
    for await (const block of streamStored(part, part.matrix(info.name), {...options, rows: own, onProgress: tell})) {
      yield inColumns(geneBlock(block, features), columns, info.nCols, first);
    }
    before += own.length;
  }
}

/** A block with its columns renamed, in ascending order again, and its rows further down. */
function inColumns(block: CsrBlock, columns: Int32Array, nCols: number, first: number): CsrBlock {
  const {indptr} = block;
  const indices = block.indices.map((column) => columns[column]);
  const values = block.values.slice();
  for (let i = 0; i + 1 < indptr.length; ++i) {
    const [start, stop] = [indptr[i], indptr[i + 1]];
    const row = indices.subarray(start, stop);
    if (row.every((column, k) => k === 0 || column > row[k - 1])) continue;
    const order = Array.from(row, (_, k) => k).sort((a, b) => row[a] - row[b]);
    const [sorted, moved] = [order.map((k) => row[k]), order.map((k) => block.values[start + k])];
    indices.set(sorted, start);
    values.set(moved, start);
  }
  return {rows: block.rows.map((row) => row + first), nCols, indptr, indices, values};
}

function denseBlocks(
  reader: H5Reader,
  matrix: MatrixInfo,
  rows: Int32Array,
  maxRows: number,
  maxEntries: number,
  gathering: Omit<TallOptions, "perBlock">
): AsyncGenerator<CsrBlock> | Generator<CsrBlock> {
  const node = reader.node(matrix.place) as H5DatasetNode;
  if (!hasTallChunks(matrix, node)) return streamDense(reader, matrix, rows, maxRows, maxEntries);
  const perBlock = Math.max(1, Math.min(maxRows, Math.floor(maxEntries / Math.max(1, matrix.nCols))));
  return streamTall(reader, matrix, node, rows, {perBlock, ...gathering});
}

function checkRows(rows: Int32Array, {name, nRows}: MatrixInfo, file: string): void {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    if (row >= 0 && row < nRows && (i === 0 || row > rows[i - 1])) continue;
    const outside = row < 0 || row >= nRows;
    throw new WorkbookError({
      domain: "cells",
      code: "bad-rows",
      fault: outside
        ? `row ${row} is outside matrix ${name} of ${file}, which has ${nRows} rows`
        : `row ${row} comes after row ${rows[i - 1]}`,
      remedy: outside ? `ask for rows 0 to ${nRows - 1}` : "ask for each row once, in ascending order"
    });
  }
}
