/** A set of a file's cells that a person named. */
export interface NamedSelection {
  /** Not empty, unlike those of the file's other selections. */
  name: string;
  /** Which of the workbook's colors for groups it has, from 0 on. */
  color: number;
  /** Rows of the file, ascending, each once, at least one. */
  rows: Int32Array;
}

/** What undo brings back: the selection of the moment (null: none), and those with names. */
export interface SelectionsMoment {
  current: Int32Array | null;
  saved: readonly NamedSelection[];
}

/** The selections of a file with what was and what was undone, the nearest last. */
export interface SelectionsState extends SelectionsMoment {
  past: readonly SelectionsMoment[];
  future: readonly SelectionsMoment[];
}

/** Moments that undo goes back at the most. */
export const mostUndone = 50;
/** Letters of a name at the most. */
export const longestName = 80;
/** Colors that selections take by turns. */
export const selectionColors = 12;

/** No selection at all. */
export const noSelections: SelectionsState = {current: null, saved: [], past: [], future: []};
