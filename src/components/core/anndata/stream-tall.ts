import type {CsrBlock} from "../types.js";
import {BlockBuilder, valueArray} from "./block-builder.js";
import {breathe} from "./breathe.js";
import type {H5DatasetNode, H5Reader} from "./h5-reader.js";
import type {MatrixInfo} from "./matrix-info.js";
import {readNumbers} from "./values.js";

/** Bytes read at a time, about: whole chunks, side by side, up to this; larger chunks one by one. */
const readBytes = 1024 * 1024;
/** A chunk larger than this is read in parts, and unpacked once for each. */
const largestRead = 256 * 1024 * 1024;

/** How rows of a dense matrix are gathered from tall chunks. */
export interface TallOptions {
  /** Most rows in a block. */
  perBlock: number;
  /** Memory for the rows gathered at once, bytes. */
  bucketBytes: number;
  signal?: AbortSignal;
  /** Share of the gathering done, 0 to 1. */
  onGather?: (share: number) => void;
}

/**
 * Blocks of the rows `rows` (ascending) of a dense matrix whose chunks hold many cells of few genes (down to a gene a chunk). As
 * many of the rows as fit into `bucketBytes` are gathered at once, chunk by chunk, so that each chunk is unpacked once a bucket and
 * not once a block.
 */
export async function* streamTall(
  reader: H5Reader,
  matrix: MatrixInfo,
  node: H5DatasetNode,
  rows: Int32Array,
  {perBlock, bucketBytes, signal, onGather}: TallOptions
): AsyncGenerator<CsrBlock> {
  const {nCols} = matrix;
  const ArrayOf = valueArray(matrix.dtype);
  const bucketRows = Math.max(1, Math.floor(bucketBytes / (nCols * ArrayOf.BYTES_PER_ELEMENT)));
  for (let first = 0; first < rows.length; first += bucketRows) {
    const wanted = rows.subarray(first, first + bucketRows);
    const values = new ArrayOf(wanted.length * nCols);
    const tiles = tilesOf(matrix, node, wanted);
    for (const [t, tile] of tiles.entries()) {
      signal?.throwIfAborted();
      copyTile(reader, matrix, tile, wanted, values);
      onGather?.((first + wanted.length * ((t + 1) / tiles.length)) / rows.length);
      if (t % 32 === 31) await breathe();
    }
    for (let i = 0; i < wanted.length; i += perBlock) {
      const part = wanted.subarray(i, i + perBlock);
      const builder = new BlockBuilder(matrix, reader.name, part.length, part.length * nCols);
      part.forEach((row, k) => builder.addDense(row, values, (i + k) * nCols));
      yield builder.finish();
    }
  }
}

/** A part of the matrix that is read in one go: rows `rowStart` to `rowStop`, columns `columnStart` to `columnStop`. */
interface Tile {
  rowStart: number;
  rowStop: number;
  columnStart: number;
  columnStop: number;
}

/** The parts that hold the rows `wanted`: whole chunks' columns, of the rows from the first to the last wanted one in each band of chunks. */
function tilesOf({nRows, nCols}: MatrixInfo, {chunks, dtype}: H5DatasetNode, wanted: Int32Array): Tile[] {
  const [chunkRows, chunkColumns] = chunks!;
  const chunkBytes = chunkRows * chunkColumns * dtype.size;
  const width = chunkColumns * Math.max(1, Math.floor(readBytes / chunkBytes));
  const height = Math.max(1, Math.floor(largestRead / (Math.min(width, nCols) * dtype.size)));
  const tiles: Tile[] = [];
  for (let i = 0; i < wanted.length;) {
    const bandStop = Math.min(nRows, (Math.floor(wanted[i] / chunkRows) + 1) * chunkRows);
    const rowStart = wanted[i];
    const limit = Math.min(bandStop, rowStart + height);
    while (i < wanted.length && wanted[i] < limit) i++;
    const rowStop = wanted[i - 1] + 1;
    for (let columnStart = 0; columnStart < nCols; columnStart += width) {
      tiles.push({rowStart, rowStop, columnStart, columnStop: Math.min(nCols, columnStart + width)});
    }
  }
  return tiles;
}

function copyTile(
  reader: H5Reader,
  {place, nCols}: MatrixInfo,
  {rowStart, rowStop, columnStart, columnStop}: Tile,
  wanted: Int32Array,
  values: Float32Array | Float64Array
): void {
  const read = readNumbers(reader, place, [
    [rowStart, rowStop],
    [columnStart, columnStop]
  ]);
  const width = columnStop - columnStart;
  for (let i = placeOf(wanted, rowStart); i < wanted.length && wanted[i] < rowStop; i++) {
    const from = (wanted[i] - rowStart) * width;
    const to = i * nCols + columnStart;
    for (let k = 0; k < width; k++) values[to + k] = Number(read[from + k]);
  }
}

/** Place of the first of `wanted` (ascending) that is `row` or above. */
function placeOf(wanted: Int32Array, row: number): number {
  let [low, high] = [0, wanted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (wanted[middle] < row) low = middle + 1;
    else high = middle;
  }
  return low;
}
