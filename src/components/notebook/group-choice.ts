import {columnGroups, type ColumnGroups} from "../core/selections/column-groups.js";
import type {ObsColumn} from "../core/tables/cells.js";

/** Groups that are drawn; of more, the largest. */
const mostGroups = 20;

/** The selected cells, and those that they are compared with, which are called `name`; null: all other cells of the file. */
export function selectionGroups(
  selected: Int32Array,
  {others, name, cells}: {others: Int32Array | null; name: string; cells: number}
): ColumnGroups {
  const codes = new Int32Array(cells).fill(others === null ? 1 : -1);
  for (const row of others ?? []) codes[row] = 1;
  for (const row of selected) codes[row] = 0;
  return {names: ["selected", name], codes};
}

/** The groups of a column (`columnGroups`) that have cells, the largest first, no more than 20. */
export function largestGroups(column: ObsColumn): ColumnGroups {
  const {names, codes} = columnGroups(column);
  const counts = new Int32Array(names.length);
  for (const code of codes) if (code >= 0) counts[code] += 1;
  const kept = [...counts.keys()].filter((code) => counts[code] > 0).sort((a, b) => counts[b] - counts[a] || a - b);
  const place = new Int32Array(names.length).fill(-1);
  kept.slice(0, mostGroups).forEach((code, i) => (place[code] = i));
  return {
    names: kept.slice(0, mostGroups).map((code) => names[code]),
    codes: codes.map((code) => (code < 0 ? -1 : place[code]))
  };
}
