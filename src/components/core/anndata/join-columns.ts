import {isWorkbookError, WorkbookError} from "../errors.js";
import {columnAsText, type Column, type ColumnInfo} from "./column.js";
import type {JoinedFile} from "./anndata.js";

/** Columns of obs of several files. */
export interface JoinedColumns {
  infos: ColumnInfo[];
  /** Name of the column that says which file a cell is of. */
  file: string;
  column(name: string): Column;
}

/** Name of the column that says which file a cell is of; with as many "_" behind it as it takes to be new. */
const fileColumn = "file";

/**
 * Joins the columns of obs: every column that a file has, missing in files that lack it, and last the file of each cell. Columns that are of one kind in all files
 * stay so, others become text. One that cannot be read in a file is missing there.
 */
export function joinColumns(parts: readonly JoinedFile[]): JoinedColumns {
  const total = parts.reduce((sum, {anndata}) => sum + anndata.nObs, 0);
  const kinds = new Map<string, ColumnInfo["kind"]>();
  for (const {anndata} of parts) {
    for (const {name, kind} of anndata.columns("obs")) {
      if (kind === "other") continue;
      const before = kinds.get(name);
      kinds.set(name, before === undefined || before === kind ? kind : "string");
    }
  }
  let file = fileColumn;
  while (kinds.has(file)) file += "_";
  const infos: ColumnInfo[] = [
    ...Array.from(kinds, ([name, kind]): ColumnInfo => ({name, kind, dtype: kind === "numeric" ? "float64" : "str"})),
    {name: file, kind: "categorical", dtype: "str", categories: parts.length}
  ];
  return {
    infos,
    file,
    column(name) {
      if (name === file) return filesOf(parts, total);
      const kind = kinds.get(name);
      if (kind === undefined || kind === "other") throw noColumn(name, infos);
      const own = parts.map(({anndata}) => readColumn(anndata, name));
      return joinValues(kind, own, parts, total);
    }
  };
}

function filesOf(parts: readonly JoinedFile[], total: number): Column {
  const codes = new Int32Array(total);
  parts.forEach(({first, anndata}, i) => codes.fill(i, first, first + anndata.nObs));
  return {kind: "categorical", codes, categories: parts.map(({label}) => label), ordered: false};
}

function readColumn(anndata: JoinedFile["anndata"], name: string): Column | null {
  if (!anndata.columns("obs").some((info) => info.name === name && info.kind !== "other")) return null;
  try {
    return anndata.column("obs", name);
  } catch (error) {
    if (!isWorkbookError(error)) throw error;
    return null;
  }
}

function joinValues(
  kind: Column["kind"],
  own: readonly (Column | null)[],
  parts: readonly JoinedFile[],
  total: number
): Column {
  const each = (put: (column: Column, first: number) => void) =>
    own.forEach((column, i) => column !== null && put(column, parts[i].first));
  if (kind === "numeric") {
    const values = new Float64Array(total).fill(NaN);
    each((column, first) => column.kind === "numeric" && values.set(column.values, first));
    return {kind, values, integer: own.every((column) => column?.kind !== "numeric" || column.integer)};
  }
  if (kind === "boolean") {
    const values = new Int8Array(total).fill(-1);
    each((column, first) => column.kind === "boolean" && values.set(column.values, first));
    return {kind, values};
  }
  const texts = new Array<string | null>(total).fill(null);
  each((column, first) => columnAsText(column).forEach((text, row) => (texts[first + row] = text)));
  if (kind === "string") return {kind, values: texts};
  const categories = [...new Set(texts.filter((text) => text !== null))];
  const codeOf = new Map(categories.map((category, code) => [category, code]));
  const codes = Int32Array.from(texts, (text) => (text === null ? -1 : codeOf.get(text)!));
  return {kind: "categorical", codes, categories, ordered: false};
}

function noColumn(name: string, infos: readonly ColumnInfo[]): WorkbookError {
  const names = infos.map((info) => info.name).join(", ");
  const fault = `none of the files has a column ${name} in obs`;
  return new WorkbookError({domain: "anndata", code: "no-column", fault, remedy: `choose one of ${names}`});
}
