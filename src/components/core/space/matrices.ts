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
  const every = Int32Array.from({length: columns}, (_, j) => j);
  return {
    rows,
    columns,
    sums,
    squares,
    times(block, width, out, from, to) {
      for (let i = from; i < to; i += 1) {
        gather(every, values, 0, columns, i * columns, block, width, out, i * width);
      }
    },
    addTransposed(block, width, out, from, to) {
      for (let i = from; i < to; i += 1) {
        scatter(every, values, 0, columns, i * columns, block, width, out, i * width);
      }
    }
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
    rows: rows.length,
    columns: nCols,
    sums,
    squares,
    times(block, width, out, from, to) {
      for (let i = from; i < to; i += 1) {
        gather(indices, values, indptr[i], indptr[i + 1], 0, block, width, out, i * width);
      }
    },
    addTransposed(block, width, out, from, to) {
      for (let i = from; i < to; i += 1) {
        scatter(indices, values, indptr[i], indptr[i + 1], 0, block, width, out, i * width);
      }
    }
  };
}

type Values = Float32Array | Float64Array;

/**
 * One row times the block, four vectors at a time, the sums in registers. The row's entries are `columns[at]` and
 * `values[shift + at]` for `at` from `start` to `end`; the sums go to `out` at `row`.
 */
function gather(
  columns: Int32Array,
  values: Values,
  start: number,
  end: number,
  shift: number,
  block: Float64Array,
  width: number,
  out: Float64Array,
  row: number
): void {
  let c = 0;
  for (; c + 3 < width; c += 4) {
    let s0 = 0,
      s1 = 0,
      s2 = 0,
      s3 = 0;
    for (let at = start; at < end; at += 1) {
      const value = values[shift + at];
      const source = columns[at] * width + c;
      s0 += value * block[source];
      s1 += value * block[source + 1];
      s2 += value * block[source + 2];
      s3 += value * block[source + 3];
    }
    out[row + c] = s0;
    out[row + c + 1] = s1;
    out[row + c + 2] = s2;
    out[row + c + 3] = s3;
  }
  for (; c < width; c += 1) {
    let sum = 0;
    for (let at = start; at < end; at += 1) sum += values[shift + at] * block[columns[at] * width + c];
    out[row + c] = sum;
  }
}

/** Adds one row, transposed, times the block's values at `row` to `out`; entries as for `gather`. */
function scatter(
  columns: Int32Array,
  values: Values,
  start: number,
  end: number,
  shift: number,
  block: Float64Array,
  width: number,
  out: Float64Array,
  row: number
): void {
  let c = 0;
  for (; c + 3 < width; c += 4) {
    const b0 = block[row + c];
    const b1 = block[row + c + 1];
    const b2 = block[row + c + 2];
    const b3 = block[row + c + 3];
    for (let at = start; at < end; at += 1) {
      const value = values[shift + at];
      const target = columns[at] * width + c;
      out[target] += value * b0;
      out[target + 1] += value * b1;
      out[target + 2] += value * b2;
      out[target + 3] += value * b3;
    }
  }
  for (; c < width; c += 1) {
    for (let at = start; at < end; at += 1) out[columns[at] * width + c] += values[shift + at] * block[row + c];
  }
}
