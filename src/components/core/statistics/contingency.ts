import {groupsIn} from "./groups-in.js";

/** How two groupings of the same cells meet. */
export interface Contingency {
  /** Cells that have a group in both. */
  cells: number;
  /** Cells of each group of the first, and of the second. */
  rows: Int32Array;
  columns: Int32Array;
  /** Cells of each pair of groups that has cells, by i * columns.length + j. */
  counts: Map<number, number>;
}

/** Counts cells by pairs of groups. Codes are from 0; a cell with a negative code in either is left out. */
export function contingency(a: ArrayLike<number>, b: ArrayLike<number>): Contingency {
  const rows = new Int32Array(groupsIn(a));
  const columns = new Int32Array(groupsIn(b));
  const counts = new Map<number, number>();
  let cells = 0;
  for (let i = 0; i < a.length; i += 1) {
    if (a[i] < 0 || b[i] < 0) continue;
    cells += 1;
    rows[a[i]] += 1;
    columns[b[i]] += 1;
    const pair = a[i] * columns.length + b[i];
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  return {cells, rows, columns, counts};
}
