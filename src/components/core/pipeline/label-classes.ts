import {isWorkbookError, WorkbookError} from "../errors.js";

/** Labels as numbers. */
export interface LabelClasses {
  /** Names of the classes that cells have, sorted by code units. */
  names: string[];
  /** Number of each cell's class; -1 where it has none. */
  codes: Int32Array;
}

/** What files write for a cell that nobody labeled. */
const unlabeled = /^(unassigned|unknown|unlabel?ed|nan|na|n\/a|none|)$/i;

/**
 * Numbers the classes of a column, a text a cell, missing ones null. Words such as "unknown", "unassigned" and "nan" are no
 * class. Throws a WorkbookError of domain "space" (code "no-labeling") unless there are 2 to `most` classes, and no more
 * than half as many as cells: such a column does not group cells.
 */
export function labelClasses(column: string, values: readonly (string | null)[], most: number): LabelClasses {
  const labels = values.map((value) => (value === null || unlabeled.test(value) ? null : value));
  const names = [...new Set(labels.filter((value) => value !== null))].sort();
  if (names.length < 2 || names.length > most || names.length > labels.length / 2) {
    throw new WorkbookError({
      domain: "space",
      code: "no-labeling",
      fault: `the column ${column} has ${names.length} different ${names.length === 1 ? "value" : "values"} in these ${labels.length} cells`,
      remedy: `choose a column with 2 to ${most} groups, each of several cells`
    });
  }
  const number = new Map(names.map((name, i) => [name, i]));
  return {names, codes: Int32Array.from(labels, (label) => (label === null ? -1 : number.get(label)!))};
}

/** The same, or null for a column that does not group these cells, where that is no fault. */
export function classesOrNull(column: string, values: readonly (string | null)[], most: number): LabelClasses | null {
  try {
    return labelClasses(column, values, most);
  } catch (error) {
    if (isWorkbookError(error) && error.code === "no-labeling") return null;
    throw error;
  }
}
