import {isWorkbookError, WorkbookError} from "../errors.js";
import {columnAsText, columnLength, columnOf, describeColumn, readColumn, requireTableLength} from "./column.js";
import type {Column, ColumnInfo, ColumnPlace} from "./column.js";
import type {H5Compound, H5DatasetNode, H5Reader} from "./h5-reader.js";
import {orFault} from "./part-fault.js";
import {isNull, readNumbers, textAttribute} from "./values.js";

/** A table of obs or var: columns of one length, read one by one when asked for. */
export interface Frame {
  /** Path in the file ("/obs"). */
  readonly place: string;
  /** Rows: of the index, else of what it was opened with, else of a column; null if there is nothing to tell. */
  readonly length: number | null;
  /**
   * Columns in the file's order, without the index. Reads no column; one that was read before and turned out to be damaged
   * is "other" from then on, with the reason.
   */
  columns(): ColumnInfo[];
  /** Names of the `length` rows; "0", "1", ... if the file holds none. Throws what `readColumn` throws of the index. */
  index(length: number): string[];
  /**
   * One column, decoded, as long as the table. Throws a WorkbookError of domain "anndata", code "no-column", naming those
   * that exist, or what `readColumn` throws.
   */
  column(name: string): Column;
}

/**
 * Opens the table at `place`: a group with a dataset or group a column (anndata since 0.7), or one compound dataset
 * (before). `rows` is how many rows it should have where no index tells; `root` the group that the AnnData stands in.
 * Throws a WorkbookError of domain "anndata", code "not-a-table", if neither stands there.
 */
export function openFrame(reader: H5Reader, place: string, rows: number | null = null, root = ""): Frame {
  const node = reader.node(place);
  if (node?.kind === "group") return groupFrame(reader, place, node.keys, rows);
  if (node?.kind === "dataset" && node.dtype.kind === "compound") return compoundFrame(reader, place, node, root);
  throw new WorkbookError({
    domain: "anndata",
    code: "not-a-table",
    place,
    fault: `${reader.name} holds ${node === null ? "no table" : "something that is not a table"}`,
    remedy: "open a file that anndata wrote"
  });
}

function groupFrame(reader: H5Reader, place: string, keys: string[], rows: number | null): Frame {
  const attributes = reader.attributes(place);
  const indexKey = [textAttribute(attributes, "_index"), "_index", "index"].find(
    (key) => key !== undefined && stands(reader, `${place}/${key}`)
  );
  const order = attributes["column-order"];
  const listed = Array.isArray(order) ? order : typeof order === "string" ? [order] : [];
  const names = (listed.length > 0 ? listed.filter((name) => stands(reader, `${place}/${name}`)) : keys).filter(
    (name) => name !== indexKey && name !== "__categories"
  );
  const indexLength = indexKey === undefined ? null : lengthAt(reader, `${place}/${indexKey}`);
  const length = indexLength ?? rows ?? firstLength(reader, place, names);
  const at = (name: string): ColumnPlace => {
    const legacyCategories = `${place}/__categories/${name}`;
    const known = keys.includes("__categories") && stands(reader, legacyCategories);
    return {place: `${place}/${name}`, rows: length, ...(known ? {legacyCategories} : {})};
  };
  const faults = new Map<string, string>();
  let infos: ColumnInfo[] | null = null;
  return {
    place,
    length,
    columns: () => {
      infos ??= names
        .filter((name) => !isNull(reader, `${place}/${name}`))
        .map((name) => describeColumn(reader, name, at(name)));
      return infos.map((info) => withFault(info, faults.get(info.name)));
    },
    index: (count) => {
      return indexKey === undefined ? rowNumbers(count) : asIndex(readColumn(reader, {...at(indexKey), rows: count}));
    },
    column(name) {
      if (!names.includes(name) && name !== indexKey) throw noColumn(reader, place, name, names);
      try {
        return readColumn(reader, at(name));
      } catch (error) {
        if (isWorkbookError(error)) faults.set(name, error.details.fault);
        throw error;
      }
    }
  };
}

/** `info`, marked as unreadable if reading it failed since it was described. */
function withFault(info: ColumnInfo, fault: string | undefined): ColumnInfo {
  if (fault === undefined || info.fault !== undefined) return info;
  return {name: info.name, kind: "other", dtype: info.dtype, fault};
}

/** True if something stands at `place`, be it a thing that cannot be read. */
function stands(reader: H5Reader, place: string): boolean {
  return orFault(() => reader.node(place) !== null, true);
}

function firstLength(reader: H5Reader, place: string, names: string[]): number | null {
  for (const name of names) {
    const length = lengthAt(reader, `${place}/${name}`);
    if (length !== null) return length;
  }
  return null;
}

function lengthAt(reader: H5Reader, place: string): number | null {
  return orFault(() => columnLength(reader, place), null);
}

function compoundFrame(reader: H5Reader, place: string, node: H5DatasetNode, root: string): Frame {
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
    return name === indexName ? column : categoriesFromUns(reader, `${root}/uns/${name}_categories`, column);
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
    index: (count) => {
      if (indexName !== undefined) requireTableLength(reader, {place, rows: count}, node.shape[0] ?? 0);
      return indexName === undefined ? rowNumbers(count) : asIndex(decode(indexName));
    },
    column: decode
  };
}

/** Old tables keep codes in the column, categories in `uns/NAME_categories`; a column that they fit is categorical. */
function categoriesFromUns(reader: H5Reader, place: string, column: Column): Column {
  if (column.kind !== "numeric" || !column.integer) return column;
  if (orFault(() => reader.node(place), null)?.kind !== "dataset") return column;
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
