import {WorkbookError} from "../errors.js";
import type {CsrBlock} from "../types.js";
import type {AnnData} from "./anndata.js";
import {valueArray} from "./block-builder.js";
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
