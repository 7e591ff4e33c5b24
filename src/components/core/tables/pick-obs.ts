import type {ObsColumn} from "./cells.js";

/** An obs column for the cells `rows`, in their order. */
export function pickObs(column: ObsColumn, rows: Int32Array): ObsColumn {
  const {name} = column;
  if (column.kind === "categorical") return {...column, codes: rows.map((row) => column.codes[row])};
  if (column.kind === "text") return {name, kind: "text", values: Array.from(rows, (row) => column.values[row])};
  const valid = column.valid === undefined ? {} : {valid: Uint8Array.from(rows, (row) => column.valid![row])};
  if (column.kind === "boolean")
    return {name, kind: "boolean", values: Uint8Array.from(rows, (row) => column.values[row]), ...valid};
  if (column.kind === "integer")
    return {name, kind: "integer", values: rows.map((row) => column.values[row]), ...valid};
  return {name, kind: "number", values: Float64Array.from(rows, (row) => column.values[row]), ...valid};
}
