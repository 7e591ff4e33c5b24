import {DataType, type Data, type Table} from "apache-arrow";
import type {CellStatus} from "../types.js";
import {
  boolColumn,
  type TableColumn,
  dictionaryColumn,
  float64Column,
  int32Column,
  tableOf,
  utf8Column,
  type Validity
} from "./columns.js";
import {expectColumns} from "./expect-columns.js";
import {type Provenance, provenanceMetadata} from "./provenance.js";
import {
  column,
  readBool,
  readFloat64,
  readFullText,
  readInt32,
  readStatus,
  readText,
  readValidity
} from "./read-columns.js";

/** A column of the file's obs. `valid` is a byte a cell, 0 for no value; left out if all have one. */
export type ObsColumn =
  | {name: string; kind: "categorical"; /** -1 for no value. */ codes: Int32Array; categories: readonly string[]}
  | {name: string; kind: "text"; values: readonly (string | null)[]}
  | {name: string; kind: "number"; values: Float64Array; valid?: Validity}
  | {name: string; kind: "integer"; values: Int32Array; valid?: Validity}
  | {name: string; kind: "boolean"; /** 0 is false. */ values: Uint8Array; valid?: Validity};

/** What a cells table is made of; every array has one entry a cell. */
export interface CellColumns {
  /** Row of each cell in its file. */
  rows: Int32Array;
  cellIds: readonly string[];
  status: readonly CellStatus[];
  /** Sum of counts over all genes of the file. */
  totalCounts: Float64Array;
  /** Genes with a count above 0. */
  nGenes: Int32Array;
  /** Sum of counts over aligned genes. */
  alignedCounts: Float64Array;
  obs: readonly ObsColumn[];
}

/** Prefix of the file's own columns. */
export const obsPrefix = "obs:";

/**
 * A cells table: row Int32, cell_id Utf8, status Utf8, total_counts Float64, n_genes Int32, aligned_counts Float64, and
 * the file's columns as `obs:NAME` (categorical: Dictionary<Utf8>; text: Utf8; number: Float64; integer: Int32;
 * boolean: Bool; nulls kept). Throws a WorkbookError if lengths disagree or two obs columns have one name.
 */
export function cellsTable(cells: CellColumns, provenance: Provenance): Table {
  return tableOf(
    [
      int32Column("row", cells.rows),
      utf8Column("cell_id", cells.cellIds),
      utf8Column("status", cells.status),
      float64Column("total_counts", cells.totalCounts),
      int32Column("n_genes", cells.nGenes),
      float64Column("aligned_counts", cells.alignedCounts),
      ...cells.obs.map((column, i) => obsTableColumn(column, i))
    ],
    provenanceMetadata(provenance)
  );
}

/** Reads a cells table; obs columns in the table's order. Throws a WorkbookError if it is none. */
export function readCells(table: Table): CellColumns {
  expectColumns(table, "a cells table", {
    row: "Int32",
    cell_id: "Utf8",
    status: "Utf8",
    total_counts: "Float64",
    n_genes: "Int32",
    aligned_counts: "Float64"
  });
  return {
    rows: readInt32(table, "row"),
    cellIds: readFullText(table, "cell_id"),
    status: readStatus(table),
    totalCounts: readFloat64(table, "total_counts"),
    nGenes: readInt32(table, "n_genes"),
    alignedCounts: readFloat64(table, "aligned_counts"),
    obs: readObs(table)
  };
}

/** The file's own columns of a table that has them as `obs:NAME`, in its order. */
export function readObs(table: Table): ObsColumn[] {
  const obs = table.schema.fields.filter(({name}) => String(name).startsWith(obsPrefix));
  return obs.map(({name, type}) => readObsColumn(table, String(name), type as DataType));
}

/** A column of the file's obs as a cells table holds it, `obs:NAME` (or with another prefix); `position` tells the dictionaries of one table apart. */
export function obsTableColumn(obs: ObsColumn, position: number, prefix = obsPrefix): TableColumn {
  const name = prefix + obs.name;
  switch (obs.kind) {
    case "categorical":
      return dictionaryColumn(name, obs.codes, obs.categories, position);
    case "text":
      return utf8Column(name, obs.values);
    case "number":
      return float64Column(name, obs.values, obs.valid);
    case "integer":
      return int32Column(name, obs.values, obs.valid);
    case "boolean":
      return boolColumn(name, obs.values, obs.valid);
  }
}

function readObsColumn(table: Table, field: string, type: DataType): ObsColumn {
  const name = field.slice(obsPrefix.length);
  const valid = readValidity(table, field);
  const nulls = valid === undefined ? {} : {valid};
  if (DataType.isDictionary(type)) {
    return {name, kind: "categorical", ...readCategories(column(table, field).data as readonly Data[])};
  }
  if (DataType.isBool(type)) return {name, kind: "boolean", values: readBool(table, field), ...nulls};
  if (String(type) === "Int32") return {name, kind: "integer", values: readInt32(table, field), ...nulls};
  if (String(type) === "Float64") return {name, kind: "number", values: readFloat64(table, field), ...nulls};
  return {name, kind: "text", values: readText(table, field)};
}

/** Chunks may have dictionaries of their own, so codes are matched by category. */
function readCategories(chunks: readonly Data[]): {codes: Int32Array; categories: string[]} {
  const position = new Map<string, number>();
  const codes = new Int32Array(chunks.reduce((total, {length}) => total + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    const translated = Array.from(chunk.dictionary as Iterable<string>, (category) => {
      if (!position.has(category)) position.set(category, position.size);
      return position.get(category)!;
    });
    for (let i = 0; i < chunk.length; i += 1) {
      codes[at++] = chunk.getValid(i) ? translated[Number(chunk.values[i])] : -1;
    }
  }
  return {codes, categories: [...position.keys()]};
}
