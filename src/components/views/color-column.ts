import type {ObsColumn} from "../core/tables/cells.js";
import {type ColorScale, colorScale} from "./color-scale.js";

/** Groups with colors of their own where there are more than the palette has. */
export const largestColored = 49;

const scales = new WeakMap<ObsColumn, ColorScale>();

/** The colors of a column of obs, made once: going back to a column is then quick. Of many groups the 49 largest have colors. */
export function columnColors(obs: ObsColumn): ColorScale {
  const known = scales.get(obs);
  if (known !== undefined) return known;
  const found = colorScale(obs);
  const isMany =
    found.kind === "categorical" &&
    found.folded > 0 &&
    found.entries.filter(({kind}) => kind === "category").length > largestColored;
  const scale = isMany ? colorScale(obs, {maxCategories: largestColored}) : found;
  scales.set(obs, scale);
  return scale;
}

/** The columns that cells of a file can be colored by: not text that is nearly another in each cell. */
export function colorableColumns(obs: readonly ObsColumn[], cells: number): ObsColumn[] {
  return obs.filter((column) => column.kind !== "text" || new Set(column.values).size <= Math.max(50, cells / 2));
}
