import type {ObsColumn} from "../core/tables/cells.js";
import {formatNumber} from "./format.js";

/** Name and tooltip lines of points whose cells stand at `positions` of a cells table (all cells, in order, if left out). */
export function cellDescriptions(
  cells: {cellIds: readonly string[]; obs: readonly ObsColumn[]},
  positions?: ArrayLike<number>,
  columns?: readonly string[]
): {name(point: number): string; describe(point: number): [string, string][]} {
  const shown = columns === undefined ? cells.obs.slice(0, 6) : cells.obs.filter(({name}) => columns.includes(name));
  const at = (point: number): number => positions?.[point] ?? point;
  return {
    name: (point) => cells.cellIds[at(point)] ?? `cell ${at(point)}`,
    describe: (point) => shown.map((column) => [column.name, obsText(column, at(point))])
  };
}

/** The value of one cell as text; "–" where there is none. */
export function obsText(column: ObsColumn, cell: number): string {
  if (column.kind === "categorical") return column.categories[column.codes[cell]] ?? "–";
  if (column.kind === "text") return column.values[cell] ?? "–";
  if (column.valid?.[cell] === 0) return "–";
  return column.kind === "boolean" ? String(column.values[cell] !== 0) : formatNumber(column.values[cell]);
}
