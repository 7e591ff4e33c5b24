import type {ObsColumn} from "../core/tables/cells.js";

/** What a table of cells is sorted by: "row", "cell", or the position of a column. */
export type SortKey = "row" | "cell" | number;
/** Which cells a table shows, and where the selected ones stand. */
export type ShownCells = "all" | "selected first" | "selected";

/** Cells, and how a table puts them in order. */
export interface CellOrderOptions {
  cellIds: readonly string[];
  columns: readonly ObsColumn[];
  key: SortKey;
  descending: boolean;
  shown: ShownCells;
  /** Rows that are selected, ascending; null: none. */
  selection: Int32Array | null;
}

/**
 * Rows in the order of a table: by the key, equal ones and those without a value by row number, cells without a value last
 * either way. Categories sort by name (numbers in names as numbers), text by its characters' codes.
 */
export function cellOrder({cellIds, columns, key, descending, shown, selection}: CellOrderOptions): Int32Array {
  const rows =
    shown === "selected" ? (selection ?? new Int32Array(0)).slice() : Int32Array.from(cellIds, (_, row) => row);
  const values = key === "row" ? null : key === "cell" ? cellIds : sortable(columns[key]);
  const sign = descending ? -1 : 1;
  if (values === null) {
    if (descending) rows.reverse();
  } else rows.sort((a, b) => compare(values[a], values[b], sign) || a - b);
  if (shown !== "selected first" || selection === null) return rows;
  const chosen = new Uint8Array(cellIds.length);
  for (const row of selection) chosen[row] = 1;
  const ordered = new Int32Array(rows.length);
  let [first, rest] = [0, selection.length];
  for (const row of rows) ordered[chosen[row] === 1 ? first++ : rest++] = row;
  return ordered;
}

type Value = string | number | null;

function compare(a: Value, b: Value, sign: number): number {
  const [noA, noB] = [isMissing(a), isMissing(b)];
  if (noA || noB) return Number(noA) - Number(noB);
  return a! < b! ? -sign : a! > b! ? sign : 0;
}

function isMissing(value: Value): boolean {
  return value === null || Number.isNaN(value);
}

/** Values of a column as `compare` takes them. */
function sortable(column: ObsColumn): ArrayLike<Value> {
  if (column.kind === "text") return column.values;
  if (column.kind === "categorical") {
    const names = new Intl.Collator("en", {numeric: true});
    const rank = new Float64Array(column.categories.length);
    [...column.categories.keys()]
      .sort((a, b) => names.compare(column.categories[a], column.categories[b]))
      .forEach((code, place) => (rank[code] = place));
    return Float64Array.from(column.codes, (code) => (code < 0 ? NaN : rank[code]));
  }
  const {valid} = column;
  return Float64Array.from(column.values, (value, row) => (valid?.[row] === 0 ? NaN : value));
}
