import type {Column} from "./column.js";

/** The values of `column` at `rows`, in that order; the column itself where `rows` is null (all). */
export function pickColumn(column: Column, rows: Int32Array | null): Column {
  if (rows === null) return column;
  switch (column.kind) {
    case "numeric":
      return {...column, values: Float64Array.from(rows, (row) => column.values[row])};
    case "categorical":
      return {...column, codes: Int32Array.from(rows, (row) => column.codes[row])};
    case "string":
      return {...column, values: Array.from(rows, (row) => column.values[row])};
    case "boolean":
      return {...column, values: Int8Array.from(rows, (row) => column.values[row])};
  }
}
