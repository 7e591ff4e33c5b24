import type {AnnData} from "../anndata/anndata.js";
import type {Column} from "../anndata/column.js";
import {isWorkbookError} from "../errors.js";
import type {ObsColumn} from "../tables/cells.js";

const int32Limit = 2 ** 31;

/**
 * The file's obs columns for some rows, as a cells table holds them. A column that cannot be decoded is left out and
 * named in `skipped`, so that one damaged column costs no more than itself.
 */
export function obsColumns(
  anndata: AnnData,
  rows: Int32Array
): {columns: ObsColumn[]; skipped: {name: string; why: string}[]} {
  const columns: ObsColumn[] = [];
  const skipped: {name: string; why: string}[] = [];
  for (const {name, kind, dtype, fault} of anndata.columns("obs")) {
    if (columns.some((column) => column.name === name)) continue;
    if (kind === "other") {
      skipped.push({name, why: fault ?? `its type, ${dtype}, is not known here`});
      continue;
    }
    try {
      columns.push(select(name, anndata.column("obs", name), rows));
    } catch (error) {
      if (!isWorkbookError(error)) throw error;
      skipped.push({name, why: error.details.fault});
    }
  }
  return {columns, skipped};
}

function select(name: string, column: Column, rows: Int32Array): ObsColumn {
  switch (column.kind) {
    case "categorical":
      return {name, kind: "categorical", codes: rows.map((row) => column.codes[row]), categories: column.categories};
    case "string":
      return {name, kind: "text", values: Array.from(rows, (row) => column.values[row])};
    case "boolean": {
      const valid = Uint8Array.from(rows, (row) => Number(column.values[row] >= 0));
      return {
        name,
        kind: "boolean",
        values: Uint8Array.from(rows, (row) => Math.max(0, column.values[row])),
        ...nulls(valid)
      };
    }
    case "numeric": {
      const values = Float64Array.from(rows, (row) => column.values[row]);
      const valid = Uint8Array.from(values, (value) => Number(!Number.isNaN(value)));
      const small = column.integer && values.every((value) => Number.isNaN(value) || Math.abs(value) < int32Limit);
      if (small)
        return {name, kind: "integer", values: Int32Array.from(values, (value) => value || 0), ...nulls(valid)};
      return {name, kind: "number", values: values.map((value) => (Number.isNaN(value) ? 0 : value)), ...nulls(valid)};
    }
  }
}

function nulls(valid: Uint8Array): {valid?: Uint8Array} {
  return valid.includes(0) ? {valid} : {};
}
