import type {CsrBlock} from "../types.js";
import {BlockBuilder} from "./block-builder.js";
import type {H5DatasetNode, H5NumericArray, H5Reader} from "./h5-reader.js";
import type {MatrixInfo} from "./matrix-info.js";
import {readNumbers} from "./values.js";

/** Bands of chunks up to this size are read whole, so that each chunk is unpacked once; from larger ones rows are gathered (`streamTall`). */
const largestBand = 96 * 1024 * 1024;

/** True if the chunks that lie side by side over a cell's genes are too many, or too tall, to be read together. */
export function hasTallChunks({storedCols}: MatrixInfo, {shape, chunks, dtype}: H5DatasetNode): boolean {
  if (shape.length !== 2 || chunks === null || chunks[0] === 1) return false;
  return Math.min(chunks[0], shape[0]) * Math.max(1, storedCols) * dtype.size > largestBand;
}

/** Blocks of the rows `rows` (ascending) of a dense matrix without tall chunks, at most `maxRows` rows and `maxValues` values each. */
export function* streamDense(
  reader: H5Reader,
  matrix: MatrixInfo,
  rows: Int32Array,
  maxRows: number,
  maxValues: number
): Generator<CsrBlock> {
  const node = reader.node(matrix.place) as H5DatasetNode;
  const perBlock = Math.max(1, Math.min(maxRows, Math.floor(maxValues / Math.max(1, matrix.nCols))));
  const band = bandRows(node, perBlock);
  let bandStart = 0;
  let bandStop = 0;
  let values: H5NumericArray = new Float32Array(0);
  for (let next = 0; next < rows.length; next += perBlock) {
    const wanted = rows.subarray(next, next + perBlock);
    const builder = new BlockBuilder(matrix, reader.name, wanted.length, wanted.length * matrix.nCols);
    for (let i = 0; i < wanted.length; i++) {
      const row = wanted[i];
      if (row < bandStart || row >= bandStop) {
        bandStart = Math.floor(row / band) * band;
        bandStop = Math.min(matrix.nRows, bandStart + band);
        if (band === perBlock && bandStart < row) bandStart = row;
        values = readRows(reader, matrix, node, bandStart, bandStop);
      }
      builder.addDense(row, values, (row - bandStart) * matrix.nCols);
    }
    yield builder.finish();
  }
}

/** Rows read at a time: whole bands of chunks; where a cell is read by itself, as many as a block holds. */
function bandRows(node: H5DatasetNode, perBlock: number): number {
  const chunkRows = node.shape.length === 2 ? (node.chunks?.[0] ?? 1) : 1;
  if (chunkRows === 1) return perBlock;
  return Math.max(1, Math.floor(perBlock / chunkRows)) * chunkRows;
}

function readRows(
  reader: H5Reader,
  matrix: MatrixInfo,
  node: H5DatasetNode,
  start: number,
  stop: number
): H5NumericArray {
  const {nCols, place} = matrix;
  if (node.shape.length === 1) return readNumbers(reader, place, [[start * nCols, stop * nCols]]);
  return readNumbers(reader, place, [
    [start, stop],
    [0, nCols]
  ]);
}
