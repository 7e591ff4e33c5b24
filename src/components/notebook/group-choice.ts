import type {ObsColumn} from "../core/tables/cells.js";

/** Groups of a file's cells. */
export interface CellGroups {
  names: readonly string[];
  /** Group of each row of the file; -1 for none. */
  codes: Int32Array;
}

/** Groups that are drawn; of more, the largest. */
const mostGroups = 20;

/** The selected cells, and all others of the file. */
export function selectionGroups(selected: Int32Array, cells: number): CellGroups {
  const codes = new Int32Array(cells).fill(1);
  for (const row of selected) codes[row] = 0;
  return {names: ["selected", "other cells"], codes};
}

/** The groups of a column of categories or texts, the largest first, no more than 20. */
export function columnGroups(column: ObsColumn): CellGroups {
  const values: (string | null)[] =
    column.kind === "categorical"
      ? Array.from(column.codes, (code) => column.categories[code] ?? null)
      : Array.from(column.values as ArrayLike<string | null>);
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  const names = [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)!).slice(0, mostGroups);
  const place = new Map(names.map((name, i) => [name, i]));
  return {names, codes: Int32Array.from(values, (value) => (value === null ? -1 : (place.get(value) ?? -1)))};
}
