import {WorkbookError} from "../errors.js";
import type {CsrBlock} from "../types.js";
import type {H5NumericArray} from "./h5-reader.js";
import type {MatrixInfo} from "./matrix-info.js";

/** Array type that holds every value of `dtype` exactly: float32 where that does, else float64. */
export function valueArray(dtype: string): Float32ArrayConstructor | Float64ArrayConstructor {
  return /^(b?float16|float32|u?int8|u?int16|bool|enum8)$/.test(dtype) ? Float32Array : Float64Array;
}

/**
 * Collects rows into a CsrBlock: sorts a row's columns where they are not, adds up entries that stand twice, leaves
 * zeros out. Values are otherwise handed on as they are, NaN and negative ones too.
 */
export class BlockBuilder {
  private readonly rows: Int32Array;
  private readonly indptr: Int32Array;
  private readonly indices: Int32Array;
  private readonly values: Float32Array | Float64Array;
  private count = 0;
  private entries = 0;

  /** Room for `rowCount` rows with `entryCount` entries in all. */
  constructor(
    private readonly matrix: MatrixInfo,
    private readonly file: string,
    rowCount: number,
    entryCount: number
  ) {
    this.rows = new Int32Array(rowCount);
    this.indptr = new Int32Array(rowCount + 1);
    this.indices = new Int32Array(entryCount);
    this.values = new (valueArray(matrix.dtype))(entryCount);
  }

  /** Adds row `row`, whose columns and values stand in `from` to `to` of the arrays given. */
  addSparse(row: number, columns: H5NumericArray, values: H5NumericArray, from: number, to: number): void {
    const first = this.entries;
    let previous = -1;
    let ascending = true;
    for (let k = from; k < to; k++) {
      const column = Number(columns[k]);
      if (!(column >= 0 && column < this.matrix.nCols)) throw this.outside(row, column);
      if (column <= previous) ascending = false;
      previous = column;
      const value = Number(values[k]);
      if (value === 0) continue;
      this.indices[this.entries] = column;
      this.values[this.entries++] = value;
    }
    if (!ascending) this.entries = sortRow(this.indices, this.values, first, this.entries);
    this.endRow(row);
  }

  /** Adds row `row`, whose `nCols` values stand in `values` from `from`. */
  addDense(row: number, values: H5NumericArray, from: number): void {
    const {nCols} = this.matrix;
    for (let j = 0; j < nCols; j++) {
      const value = Number(values[from + j]);
      if (value === 0) continue;
      this.indices[this.entries] = j;
      this.values[this.entries++] = value;
    }
    this.endRow(row);
  }

  /** The rows added, in arrays of just their size. */
  finish(): CsrBlock {
    const {rows, indptr, indices, values, entries} = this;
    const spare = entries < 0.9 * indices.length;
    return {
      rows,
      nCols: this.matrix.nCols,
      indptr,
      indices: spare ? indices.slice(0, entries) : indices.subarray(0, entries),
      values: spare ? values.slice(0, entries) : values.subarray(0, entries)
    };
  }

  private endRow(row: number): void {
    this.rows[this.count++] = row;
    this.indptr[this.count] = this.entries;
  }

  private outside(row: number, column: number): WorkbookError {
    const {name, place, nCols} = this.matrix;
    return new WorkbookError({
      domain: "anndata",
      code: "damaged-matrix",
      place: `${place}/indices`,
      fault: `matrix ${name} of ${this.file} is damaged: row ${row} has an entry in column ${column} of ${nCols}`,
      remedy: "write the file again with anndata's write_h5ad"
    });
  }
}

/** Sorts entries [first, end) by column and adds up those of one column; the new end. */
export function sortRow(indices: Int32Array, values: Float32Array | Float64Array, first: number, end: number): number {
  const order = Array.from({length: end - first}, (_, k) => first + k);
  order.sort((a, b) => indices[a] - indices[b] || a - b);
  const columns = order.map((k) => indices[k]);
  const amounts = order.map((k) => values[k]);
  let out = first;
  for (let k = 0; k < columns.length; k++) {
    if (out > first && indices[out - 1] === columns[k]) {
      values[out - 1] = values[out - 1] + amounts[k];
    } else {
      indices[out] = columns[k];
      values[out++] = amounts[k];
    }
  }
  return out;
}
