import {WorkbookError} from "../errors.js";
import {columnAsText, columnOf, describeColumn, readColumn} from "./column.js";
import type {Column, ColumnInfo, ColumnPlace} from "./column.js";
import type {H5Compound, H5DatasetNode, H5Reader} from "./h5-reader.js";
import {readNumbers, textAttribute} from "./values.js";

/** A table of obs or var: columns of one length, read one by one when asked for. */
export interface Frame {
  /** Path in the file ("/obs"). */
  readonly place: string;
  /** Rows; null if the table has neither index nor columns to tell. */
  readonly length: number | null;
  /** Columns in the file's order, without the index. Reads no column. */
  columns(): ColumnInfo[];
  /** Names of the rows; "0", "1", ... if the file holds none. */
  index(length: number): string[];
  /** One column, decoded. Throws a WorkbookError of domain "anndata", code "no-column", naming those that exist. */
  column(name: string): Column;
}

/**
 * Opens the table at `place`: a group with a dataset or group a column (anndata since 0.7), or one compound dataset
 * (before). Throws a WorkbookError of domain "anndata", code "not-a-table", if neither stands there.
 */
export function openFrame(reader: H5Reader, place: string): Frame {
  const node = reader.node(place);
  if (node?.kind === "group") return groupFrame(reader, place, node.keys);
  if (node?.kind === "dataset" && node.dtype.kind === "compound") return compoundFrame(reader, place, node);
  throw new WorkbookError({
    domain: "anndata",
    code: "not-a-table",
    place,
    fault: `${reader.name} holds ${node === null ? "no table" : "something that is not a table"}`,
    remedy: "open a file that anndata wrote"
  });
}

function groupFrame(reader: H5Reader, place: string, keys: string[]): Frame {
  const attributes = reader.attributes(place);
  const indexKey = [textAttribute(attributes, "_index"), "_index", "index"].find(
    (key) => key !== undefined && reader.node(`${place}/${key}`) !== null
  );
  const order = attributes["column-order"];
  const listed = Array.isArray(order) ? order : typeof order === "string" ? [order] : [];
  const names = (listed.length > 0 ? listed.filter((name) => reader.node(`${place}/${name}`) !== null) : keys).filter(
    (name) => name !== indexKey && name !== "__categories"
  );
  const at = (name: string): ColumnPlace => {
    const legacyCategories = `${place}/__categories/${name}`;
    const known = keys.includes("__categories") && reader.node(legacyCategories) !== null;
    return {place: `${place}/${name}`, ...(known ? {legacyCategories} : {})};
  };
  let infos: ColumnInfo[] | null = null;
  const first = indexKey ?? names[0];
  return {
    place,
    length: first === undefined ? null : lengthAt(reader, `${place}/${first}`),
    columns: () => (infos ??= names.map((name) => describeColumn(reader, name, at(name)))),
    index: (length) => (indexKey === undefined ? rowNumbers(length) : asIndex(readColumn(reader, at(indexKey)))),
    column(name) {
      if (!names.includes(name) && name !== indexKey) throw noColumn(reader, place, name, names);
      return readColumn(reader, at(name));
    }
  };
}

function lengthAt(reader: H5Reader, place: string): number | null {
  const node = reader.node(place);
  if (node?.kind === "dataset") return node.shape[0] ?? null;
  const inner = node?.keys.includes("codes") ? "codes" : "values";
  const parts = reader.node(`${place}/${inner}`);
  return parts?.kind === "dataset" ? (parts.shape[0] ?? null) : null;
}

function compoundFrame(reader: H5Reader, place: string, node: H5DatasetNode): Frame {
  const members = node.dtype.members ?? [];
  const indexName = members.find(({name}) => name === "_index" || name === "index")?.name ?? members[0]?.name;
  const others = members.filter(({name}) => name !== indexName);
  let table: H5Compound | null = null;
  const decode = (name: string): Column => {
    table ??= reader.read(place) as H5Compound;
    const values = table.columns.get(name);
    const dtype = members.find((member) => member.name === name)?.dtype;
    if (values === undefined || dtype === undefined || dtype.dims !== undefined) {
      throw noColumn(
        reader,
        place,
        name,
        others.map((member) => member.name)
      );
    }
    const column = columnOf(values, dtype.kind === "boolean");
    return name === indexName ? column : categoriesFromUns(reader, name, column);
  };
  let infos: ColumnInfo[] | null = null;
  return {
    place,
    length: node.shape[0] ?? null,
    columns: () =>
      (infos ??= others.map(({name, dtype}): ColumnInfo => {
        if (dtype.dims !== undefined || dtype.kind === "other" || dtype.kind === "compound") {
          return {name, kind: "other", dtype: [dtype.label, ...(dtype.dims ?? [])].join(" x ")};
        }
        if (dtype.kind === "int" || dtype.kind === "uint") {
          const column = decode(name);
          if (column.kind === "categorical") {
            return {name, kind: "categorical", dtype: "str", categories: column.categories.length};
          }
        }
        const kind = dtype.kind === "string" || dtype.kind === "boolean" ? dtype.kind : "numeric";
        return {name, kind, dtype: dtype.label};
      })),
    index: (length) => (indexName === undefined ? rowNumbers(length) : asIndex(decode(indexName))),
    column: decode
  };
}

/** Old tables keep codes in the column, categories in `uns/NAME_categories`; a column that they fit is categorical. */
function categoriesFromUns(reader: H5Reader, name: string, column: Column): Column {
  const place = `/uns/${name}_categories`;
  if (column.kind !== "numeric" || !column.integer || reader.node(place)?.kind !== "dataset") return column;
  const value = reader.read(place);
  const categories = ArrayBuffer.isView(value)
    ? Array.from(readNumbers(reader, place) as ArrayLike<number | bigint>, String)
    : Array.isArray(value)
      ? value
      : [String(value)];
  if (!column.values.every((code) => code >= -1 && code < categories.length)) return column;
  return {kind: "categorical", codes: Int32Array.from(column.values), categories, ordered: false};
}

function asIndex(column: Column): string[] {
  return columnAsText(column).map((name) => name ?? "nan");
}

function rowNumbers(length: number): string[] {
  return Array.from({length}, (_, i) => String(i));
}

function noColumn(reader: H5Reader, place: string, name: string, names: string[]): WorkbookError {
  const shown = names.slice(0, 20).join(", ") + (names.length > 20 ? ", ..." : "");
  return new WorkbookError({
    domain: "anndata",
    code: "no-column",
    place,
    fault: `${reader.name} has no readable column "${name}"`,
    remedy: names.length === 0 ? "the table has no columns" : `choose one of ${shown}`
  });
}
