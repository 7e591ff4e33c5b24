import {WorkbookError} from "../errors.js";
import type {CsrBlock} from "../types.js";
import {assemble} from "../wasm/assemble.js";
import {sparseFunctions, sparseLanes} from "../wasm/sparse-functions.js";

/** Vectors that a matrix is multiplied with at once. */
export const matrixLanes = sparseLanes;

/** A product that is computed in pieces of rows, between which other work may run. */
export interface PiecewiseProduct {
  /** Does the matrix's rows `from` to `to`; each range once, in any order. */
  rows(from: number, to: number): void;
  /** The product, once every row was done. */
  result(): Float64Array;
}

/** X transposed times what is left of X times a block when the same four numbers are taken off each row. */
export interface GramProduct extends PiecewiseProduct {
  /** The four sums over all rows of what was left. */
  sums: Float64Array;
}

/**
 * A matrix X of cells by features that is known by its products with four vectors at once, which stand side by side: row-major, 4 wide. One
 * product is under way at a time.
 */
export interface FeatureMatrix {
  rows: number;
  columns: number;
  /** Sum of each column, and sum of all squares. */
  sums: Float64Array;
  squares: number;
  /** X times `block` (columns x 4): rows x 4. */
  times(block: Float64Array): PiecewiseProduct;
  /** X transposed times `block` (rows x 4): columns x 4. */
  transposed(block: Float64Array): PiecewiseProduct;
  /** X transposed times (X times `block` (columns x 4), less `shift` in each row): columns x 4, in one pass over X. */
  gram(block: Float64Array, shift: Float64Array): GramProduct;
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
    rows,
    columns,
    sums,
    squares,
    times(block) {
      const out = new Float64Array(rows * matrixLanes);
      return {
        rows(from, to) {
          for (let row = from; row < to; row += 1) denseSums(values, row, columns, block, out);
        },
        result: () => out
      };
    },
    transposed(block) {
      const out = new Float64Array(columns * matrixLanes);
      return {
        rows(from, to) {
          for (let row = from; row < to; row += 1) addDenseRow(values, row, columns, block, out);
        },
        result: () => out
      };
    },
    gram(block, shift) {
      const [out, sums, own] = [columns, 1, rows].map((length) => new Float64Array(length * matrixLanes));
      return {
        sums,
        rows(from, to) {
          for (let row = from; row < to; row += 1) {
            denseSums(values, row, columns, block, own);
            takeOff(own, row, shift, sums);
            addDenseRow(values, row, columns, own, out);
          }
        },
        result: () => out
      };
    }
  };
}

/** Takes `shift` off a row's four numbers, and adds what is left to `sums`. */
function takeOff(own: Float64Array, row: number, shift: Float64Array, sums: Float64Array): void {
  for (let c = 0, at = row * matrixLanes; c < matrixLanes; c += 1, at += 1) {
    own[at] -= shift[c];
    sums[c] += own[at];
  }
}

/** One row times the block, the sums in registers. */
function denseSums(values: Float32Array, row: number, columns: number, block: Float64Array, out: Float64Array): void {
  let s0 = 0,
    s1 = 0,
    s2 = 0,
    s3 = 0;
  for (let j = 0, at = row * columns, source = 0; j < columns; j += 1, at += 1, source += 4) {
    const value = values[at];
    s0 += value * block[source];
    s1 += value * block[source + 1];
    s2 += value * block[source + 2];
    s3 += value * block[source + 3];
  }
  out.set([s0, s1, s2, s3], row * 4);
}

/** Adds one row, transposed, times the block's values for it. */
function addDenseRow(values: Float32Array, row: number, columns: number, block: Float64Array, out: Float64Array): void {
  const [b0, b1, b2, b3] = block.subarray(row * 4, row * 4 + 4);
  for (let j = 0, at = row * columns, target = 0; j < columns; j += 1, at += 1, target += 4) {
    const value = values[at];
    out[target] += value * b0;
    out[target + 1] += value * b1;
    out[target + 2] += value * b2;
    out[target + 3] += value * b3;
  }
}

/** A sparse matrix; entries not stored are 0. Throws the WorkbookError "out-of-memory" of domain "space". */
export function sparseMatrix(block: CsrBlock): FeatureMatrix {
  const builder = buildSparse(block.nCols);
  builder.add(block);
  return builder.matrix();
}

/** A sparse matrix that is given block by block of rows; nothing is held of a block once it was added. */
export interface SparseBuilder {
  add(block: CsrBlock): void;
  matrix(): FeatureMatrix;
}

const page = 65_536;
/** Bytes of the four numbers of a row or column. */
const laneBytes = 8 * matrixLanes;

/**
 * An empty sparse matrix of `columns`, in a WebAssembly memory: 12 bytes an entry, then what is multiplied. A row's values lie before its places, both
 * filled up to an even number with zeros.
 */
export function buildSparse(columns: number): SparseBuilder {
  const memory = new WebAssembly.Memory({initial: 1});
  const sums = new Float64Array(columns);
  let squares = 0;
  /** Where each row begins, in bytes; and the end of the last. */
  const starts = [0];

  function addRow({indptr, indices, values}: CsrBlock, row: number, at: number): number {
    const [from, to] = [indptr[row], indptr[row + 1]];
    const length = to - from + ((to - from) % 2);
    const own = new Float64Array(memory.buffer, at, length);
    const places = new Int32Array(memory.buffer, at + 8 * length, length);
    for (let i = 0; i < to - from; i += 1) {
      const value = values[from + i];
      own[i] = value;
      places[i] = laneBytes * indices[from + i];
      sums[indices[from + i]] += value;
      squares += value ** 2;
    }
    return at + 12 * length;
  }

  return {
    add(block) {
      const count = block.rows.length;
      const most = 12 * (block.indptr[count] - block.indptr[0] + count);
      let at = starts[starts.length - 1];
      grow(memory, at + most);
      for (let row = 0; row < count; row += 1) starts.push((at = addRow(block, row, at)));
    },
    matrix: () => multiplied(memory, Float64Array.from(starts), {columns, sums, squares})
  };
}

type RowFunction = (places: number, values: number, endValues: number, matrix: number, other: number) => void;

function multiplied(
  memory: WebAssembly.Memory,
  starts: Float64Array,
  known: Pick<FeatureMatrix, "columns" | "sums" | "squares">
): FeatureMatrix {
  const rows = starts.length - 1;
  const {columns} = known;
  const byColumn = Math.ceil(starts[rows] / 16) * 16;
  const byRow = byColumn + laneBytes * columns;
  const summed = byRow + laneBytes * rows;
  grow(memory, summed + laneBytes * columns);
  const relaxed = assemble(sparseFunctions(true));
  const code = WebAssembly.validate(relaxed) ? relaxed : assemble(sparseFunctions(false));
  const {exports} = new WebAssembly.Instance(new WebAssembly.Module(code), {env: {memory}});
  const ofColumns = new Float64Array(memory.buffer, byColumn, matrixLanes * columns);
  const ofRows = new Float64Array(memory.buffer, byRow, matrixLanes * rows);
  const ofSums = new Float64Array(memory.buffer, summed, matrixLanes * columns);
  const {rowSums, addRow} = exports as Record<string, RowFunction>;
  /** Runs `use` for each row that has entries. */
  const each = (from: number, to: number, use: (places: number, values: number, own: number, row: number) => void) => {
    for (let row = from; row < to; row += 1) {
      const values = starts[row];
      const places = values + (2 * (starts[row + 1] - values)) / 3;
      use(places, values, byRow + laneBytes * row, row);
    }
  };
  const sum = (places: number, values: number, own: number): void => {
    if (places > values) rowSums(places, values, places, byColumn, own);
  };
  const spread = (places: number, values: number, own: number): void => {
    if (places > values) addRow(places, values, places, summed, own);
  };
  return {
    ...known,
    rows,
    times(block) {
      ofColumns.set(block);
      ofRows.fill(0);
      return {rows: (from, to) => each(from, to, sum), result: () => ofRows.slice()};
    },
    transposed(block) {
      ofRows.set(block);
      ofSums.fill(0);
      return {rows: (from, to) => each(from, to, spread), result: () => ofSums.slice()};
    },
    gram(block, shift) {
      const sums = new Float64Array(matrixLanes);
      ofColumns.set(block);
      ofRows.fill(0);
      ofSums.fill(0);
      const both = (places: number, values: number, own: number, row: number): void => {
        sum(places, values, own);
        takeOff(ofRows, row, shift, sums);
        spread(places, values, own);
      };
      return {sums, rows: (from, to) => each(from, to, both), result: () => ofSums.slice()};
    }
  };
}

function grow(memory: WebAssembly.Memory, bytes: number): void {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / page);
  if (missing <= 0) return;
  try {
    memory.grow(missing);
  } catch (cause) {
    const fault = `There is no room for a matrix of ${(bytes / 1e6).toFixed(0)} MB`;
    const remedy = "choose fewer cells, or close other pages and programs";
    throw new WorkbookError({domain: "space", code: "out-of-memory", fault, remedy}, {cause});
  }
}
