import {groupsIn} from "../statistics/groups-in.js";
import {wilsonInterval} from "../statistics/wilson-interval.js";

/** How many cells of a group have a value. */
export interface CompositionPart {
  /** Numbers of the group and of the value. */
  group: number;
  value: number;
  /** Cells of the group that have the value, and cells of the group that have any. */
  cells: number;
  of: number;
  /** cells / of, 0 to 1, and its 95 % interval (Wilson). */
  share: number;
  low: number;
  high: number;
}

/**
 * What groups of cells are made of, by a column: a part for each group and value that have a cell, groups and values in order. Codes are from 0; a cell with -1 in either is left out. The intervals
 * take cells as drawn one by one; cells of one donor are not, so that between donors shares vary more.
 */
export function composition(groups: Int32Array, values: Int32Array): CompositionPart[] {
  const [most, width] = [groupsIn(groups), groupsIn(values)];
  const counts = new Int32Array(most * width);
  const totals = new Int32Array(most);
  groups.forEach((group, cell) => {
    if (group < 0 || values[cell] < 0) return;
    counts[group * width + values[cell]] += 1;
    totals[group] += 1;
  });
  return [...counts.keys()].flatMap((at): CompositionPart[] => {
    const cells = counts[at];
    if (cells === 0) return [];
    const group = Math.floor(at / width);
    const of = totals[group];
    const [low, high] = wilsonInterval(cells, of);
    return [{group, value: at % width, cells, of, share: cells / of, low, high}];
  });
}
