import {changeSelection, type SelectionChange} from "./points-inside.js";

/** What a person selected cells with. */
export type SelectionSource =
  "lasso" | "rectangle" | "legend" | "table" | "cluster" | "label" | "threshold" | "neighbors" | "name";

/** The cells that are selected, of all views of a file: there is one such set at a time. */
export interface CellSelection {
  /** Rows of the file, ascending, at least one. */
  rows: Int32Array;
  /** What they were selected with, in the order of use; empty where a page selected them by code. */
  by: readonly SelectionSource[];
}

/** How a selection is changed, and with what. */
export interface SelectionMeans {
  change: SelectionChange;
  by: SelectionSource;
}

/**
 * A selection (null: none) after a change by `rows` (ascending). Replacing forgets what it was selected with before, adding and removing
 * remember. Null if nothing is left.
 */
export function selectCells(
  selection: CellSelection | null,
  rows: Int32Array,
  {change, by}: SelectionMeans
): CellSelection | null {
  const next = changeSelection(selection?.rows ?? null, rows, change);
  if (next === null) return null;
  const before = change === "replace" || selection === null ? [] : selection.by;
  return {rows: next, by: before.includes(by) ? before : [...before, by]};
}

/** Of each entry of a scale (`index`: the entry of each row of the file), how many of `rows` have it. */
export function selectedByEntry(index: ArrayLike<number>, entries: number, rows: ArrayLike<number>): Uint32Array {
  const counts = new Uint32Array(entries);
  for (let i = 0; i < rows.length; ++i) counts[index[rows[i]]] += 1;
  return counts;
}
