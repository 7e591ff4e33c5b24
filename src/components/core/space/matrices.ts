import type {CsrBlock} from "../types.js";

/**
 * A matrix of cells by features that is known by its products. Blocks of `width` vectors are row-major, so that one
 * pass over the matrix serves them all.
 */
export interface FeatureMatrix {
  rows: number;
  columns: number;
  /** Sum of each column, and sum of all squares. */
  sums: Float64Array;
  squares: number;
  /** Rows `from` to `to` of X times `block` (columns x width), into rows `from` to `to` of `out` (rows x width). */
  times(block: Float64Array, width: number, out: Float64Array, from: number, to: number): void;
  /** Adds the transposed rows `from` to `to` times the same rows of `block` to `out` (columns x width). */
  addTransposed(block: Float64Array, width: number, out: Float64Array, from: number, to: number): void;
}

/** A row-major float32 matrix. */
export function denseMatrix(values: Float32Array, columns: number): FeatureMatrix {
  const rows = values.length / columns;
  const sums = new Float64Array(columns);
  let squares = 0;
  for (let at = 0; at < values.length; at += columns) {
    for (let j = 0; j < columns; j += 1) {
      sums[j] += values[at + j];
      squares += values[at + j] ** 2;
    }
  }
  return {
    rows, columns, sums, squares,
    times(block, width, out, from, to) {
      for (let i = from; i < to; i += 1) {
        const target = i * width;
        for (let j = 0; j < columns; j += 1) addTo(out, target, block, j * width, values[i * columns + j], width);
      }
    },
    addTransposed(block, width, out, from, to) {
      for (let i = from; i < to; i += 1) {
        const source = i * width;
        for (let j = 0; j < columns; j += 1) addTo(out, j * width, block, source, values[i * columns + j], width);
      }
    },
  };
}

/** Rows of a sparse matrix; entries not stored are 0. */
export function sparseMatrix({rows, nCols, indptr, indices, values}: CsrBlock): FeatureMatrix {
  const sums = new Float64Array(nCols);
  let squares = 0;
  for (let at = 0; at < values.length; at += 1) {
    sums[indices[at]] += values[at];
    squares += values[at] ** 2;
  }
  return {
    rows: rows.length, columns: nCols, sums, squares,
    times(block, width, out, from, to) {
      for (let i = from; i < to; i += 1) {
        const target = i * width;
        for (let at = indptr[i]; at < indptr[i + 1]; at += 1) {
          addTo(out, target, block, indices[at] * width, values[at], width);
        }
      }
    },
    addTransposed(block, width, out, from, to) {
      for (let i = from; i < to; i += 1) {
        const source = i * width;
        for (let at = indptr[i]; at < indptr[i + 1]; at += 1) {
          addTo(out, indices[at] * width, block, source, values[at], width);
        }
      }
    },
  };
}

function addTo(
  out: Float64Array, target: number, block: Float64Array, source: number, factor: number, width: number,
): void {
  for (let c = 0; c < width; c += 1) out[target + c] += factor * block[source + c];
}
