import {isWorkbookError, WorkbookError} from "../errors.js";
import type {H5DatasetNode, H5NumericArray, H5Reader} from "./h5-reader.js";
import {isNumericArray, readNumbers, readStrings, textAttribute, toFloat64} from "./values.js";

/** A decoded column of obs or var. Missing values: NaN, code -1, null, or -1 among booleans. */
export type Column =
  | {kind: "numeric"; values: Float64Array; integer: boolean}
  | {kind: "categorical"; codes: Int32Array; categories: string[]; ordered: boolean}
  | {kind: "string"; values: (string | null)[]}
  | {kind: "boolean"; values: Int8Array};

/** What a column is, known without reading it. "other": it cannot be decoded; `fault`, if set, says why. */
export interface ColumnInfo {
  name: string;
  kind: Column["kind"] | "other";
  /** Element type in the file ("int64", "str"; "float32 x 2" for two a row); of a categorical its categories'. */
  dtype: string;
  /** Number of categories of a categorical. */
  categories?: number;
  /** Why it cannot be read, one sentence without a full stop: damaged, of another length than its table, elsewhere. */
  fault?: string;
}

/** Where the parts of a column stand. */
export interface ColumnPlace {
  /** Dataset or group of the column. */
  place: string;
  /** Dataset of the categories that anndata before 0.8 kept apart (`__categories/NAME`), if there is one. */
  legacyCategories?: string;
  /** Rows of its table, which it must have as many values as; null where nothing tells. */
  rows: number | null;
}

/**
 * Describes the column at `place` without reading it. One that cannot be read, as far as that shows, is "other" and has a
 * `fault`: nothing is thrown, so that it costs no more than itself.
 */
export function describeColumn(reader: H5Reader, name: string, where: ColumnPlace): ColumnInfo {
  try {
    const info = describeOrThrow(reader, name, where);
    const length = info.kind === "other" ? null : columnLength(reader, where.place);
    if (length === null || where.rows === null || length === where.rows) return info;
    return {name, kind: "other", dtype: info.dtype, fault: ofAnotherLength(reader, where, length).details.fault};
  } catch (error) {
    if (!isWorkbookError(error)) throw error;
    return {name, kind: "other", dtype: "unreadable", fault: error.details.fault};
  }
}

/** Values that the column at `place` has, known without reading them; null where nothing like a column stands there. */
export function columnLength(reader: H5Reader, place: string): number | null {
  const node = reader.node(place);
  if (node === null) return null;
  if (node.kind === "dataset") return node.shape[0] ?? null;
  return dataset(reader, `${place}/${node.keys.includes("codes") ? "codes" : "values"}`)?.shape[0] ?? null;
}

function describeOrThrow(reader: H5Reader, name: string, {place, legacyCategories}: ColumnPlace): ColumnInfo {
  const node = reader.node(place);
  if (node === null) return {name, kind: "other", dtype: "missing"};
  if (node.kind === "dataset") {
    const categories = legacyCategories === undefined ? null : dataset(reader, legacyCategories);
    if (categories !== null) return categoricalInfo(name, categories);
    if (node.shape.length > 1) {
      return {name, kind: "other", dtype: [node.dtype.label, ...node.shape.slice(1)].join(" x ")};
    }
    return {name, kind: kindOf(node), dtype: node.dtype.label};
  }
  const categories = dataset(reader, `${place}/categories`);
  if (categories !== null && node.keys.includes("codes")) return categoricalInfo(name, categories);
  const values = dataset(reader, `${place}/values`);
  if (values !== null && node.keys.includes("mask")) return {name, kind: kindOf(values), dtype: values.dtype.label};
  return {name, kind: "other", dtype: textAttribute(reader.attributes(place), "encoding-type") ?? "group"};
}

/**
 * Reads and decodes the column at `place`: plain arrays, both encodings of categoricals, and the masked arrays of
 * pandas (nullable integers, booleans, strings). Throws a WorkbookError of domain "anndata" if it is damaged
 * ("damaged-column"), longer or shorter than its table ("column-length"), or of a type that we cannot decode
 * ("unknown-column"), and the reader's.
 */
export function readColumn(reader: H5Reader, where: ColumnPlace): Column {
  requireTableLength(reader, where, columnLength(reader, where.place));
  const column = decode(reader, where);
  requireTableLength(reader, where, lengthOf(column));
  return column;
}

/**
 * Throws a WorkbookError (domain "anndata", code "column-length") if a column of `length` values (null: not known) is not as
 * long as its table: whoever laid it on the rows would shift it.
 */
export function requireTableLength(reader: H5Reader, where: ColumnPlace, length: number | null): void {
  if (length !== null && where.rows !== null && length !== where.rows) throw ofAnotherLength(reader, where, length);
}

/** Number of values of a decoded column. */
function lengthOf(column: Column): number {
  return column.kind === "categorical" ? column.codes.length : column.values.length;
}

function decode(reader: H5Reader, {place, legacyCategories}: ColumnPlace): Column {
  const node = reader.node(place);
  if (node?.kind === "dataset") {
    if (legacyCategories !== undefined && reader.node(legacyCategories) !== null) {
      const ordered = reader.attributes(legacyCategories)["ordered"];
      const codes = readNumbers(reader, place);
      return categorical(reader, place, codes, readCategories(reader, legacyCategories), isTrue(ordered));
    }
    return decodePlain(reader, place, node);
  }
  const values = dataset(reader, `${place}/values`);
  if (node !== null && values !== null && node.keys.includes("mask")) {
    const column = decodePlain(reader, `${place}/values`, values);
    return withMask(reader, place, column, readNumbers(reader, `${place}/mask`));
  }
  if (node !== null && node.keys.includes("codes") && node.keys.includes("categories")) {
    const ordered = reader.attributes(place)["ordered"];
    const codes = readNumbers(reader, `${place}/codes`);
    return categorical(reader, place, codes, readCategories(reader, `${place}/categories`), isTrue(ordered));
  }
  throw unknown(reader, place);
}

/**
 * The column that an array of a compound table makes: strings, numbers, booleans where `boolean` says so.
 * Throws a WorkbookError (code "unknown-column") for a member that holds several values a row.
 */
export function columnOf(values: H5NumericArray | string[], boolean: boolean): Column {
  if (Array.isArray(values)) return {kind: "string", values};
  if (boolean) return {kind: "boolean", values: Int8Array.from(values as Uint8Array | Int8Array)};
  const integer = !(values instanceof Float32Array || values instanceof Float64Array);
  return {kind: "numeric", values: toFloat64(values), integer};
}

/** The values of a column as text, as Python would print strings, whole numbers and booleans; missing ones as null. */
export function columnAsText(column: Column): (string | null)[] {
  switch (column.kind) {
    case "string":
      return column.values;
    case "categorical":
      return Array.from(column.codes, (code) => (code < 0 ? null : column.categories[code]));
    case "boolean":
      return Array.from(column.values, (value) => (value < 0 ? null : value === 1 ? "True" : "False"));
    case "numeric":
      return Array.from(column.values, (value) => (Number.isNaN(value) ? null : String(value)));
  }
}

function decodePlain(reader: H5Reader, place: string, node: H5DatasetNode): Column {
  const kind = kindOf(node);
  if (kind === "other" || node.shape.length > 1) throw unknown(reader, place);
  if (kind === "string") return {kind, values: readStrings(reader, place)};
  return columnOf(readNumbers(reader, place), kind === "boolean");
}

function withMask(reader: H5Reader, place: string, column: Column, mask: H5NumericArray): Column {
  const length = lengthOf(column);
  if (mask.length !== length) throw damaged(reader, place, `its mask has ${mask.length} values, its data ${length}`);
  for (let i = 0; i < length; i++) {
    if (!mask[i]) continue;
    if (column.kind === "numeric") column.values[i] = NaN;
    else if (column.kind === "boolean") column.values[i] = -1;
    else if (column.kind === "string") column.values[i] = null;
  }
  return column;
}

function categorical(
  reader: H5Reader,
  place: string,
  codes: H5NumericArray,
  categories: string[],
  ordered: boolean
): Column {
  const out = new Int32Array(codes.length);
  for (let i = 0; i < codes.length; i++) {
    const code = Number(codes[i]);
    if (code >= categories.length || code < -1 || !Number.isInteger(code)) {
      throw damaged(reader, place, `row ${i} has category ${code} of ${categories.length}`);
    }
    out[i] = code;
  }
  return {kind: "categorical", codes: out, categories, ordered};
}

/** Categories as text; numbers as JavaScript prints them, booleans as Python does. */
function readCategories(reader: H5Reader, place: string): string[] {
  const node = reader.node(place);
  const value = reader.read(place);
  if (isNumericArray(value)) {
    if (node?.kind === "dataset" && node.dtype.kind === "boolean") {
      return Array.from(value as Uint8Array, (flag) => (flag === 1 ? "True" : "False"));
    }
    return Array.from(value as ArrayLike<number | bigint>, String);
  }
  if (typeof value === "number" || typeof value === "bigint") return [String(value)];
  return readStrings(reader, place);
}

function categoricalInfo(name: string, categories: H5DatasetNode): ColumnInfo {
  return {name, kind: "categorical", dtype: categories.dtype.label, categories: categories.shape[0] ?? 1};
}

function dataset(reader: H5Reader, place: string): H5DatasetNode | null {
  const node = reader.node(place);
  return node?.kind === "dataset" ? node : null;
}

function kindOf({dtype}: H5DatasetNode): ColumnInfo["kind"] {
  if (dtype.dims !== undefined) return "other";
  switch (dtype.kind) {
    case "string":
    case "boolean":
      return dtype.kind;
    case "float":
    case "int":
    case "uint":
      return "numeric";
    default:
      return "other";
  }
}

/** True for the forms in which files hold a true flag: a boolean, or a number that is not 0. */
function isTrue(value: unknown): boolean {
  const first: unknown = ArrayBuffer.isView(value) ? (value as Uint8Array)[0] : value;
  return first === true || (typeof first === "number" && first !== 0) || (typeof first === "bigint" && first !== 0n);
}

function damaged(reader: H5Reader, place: string, fault: string): WorkbookError {
  return new WorkbookError({
    domain: "anndata",
    code: "damaged-column",
    place,
    fault: `a column of ${reader.name} is damaged: ${fault}`,
    remedy: "write the file again with anndata's write_h5ad"
  });
}

function ofAnotherLength(reader: H5Reader, {place, rows}: ColumnPlace, length: number): WorkbookError {
  return new WorkbookError({
    domain: "anndata",
    code: "column-length",
    place,
    fault: `a column of ${reader.name} has ${length} values, its table ${rows} rows: which belongs to which is unknown`,
    remedy: `choose another column, or write this one again with one value for each of the ${rows} rows`
  });
}

function unknown(reader: H5Reader, place: string): WorkbookError {
  return new WorkbookError({
    domain: "anndata",
    code: "unknown-column",
    place,
    fault: `${reader.name} holds a column of a type that cannot be read here`,
    remedy: "choose another column"
  });
}
