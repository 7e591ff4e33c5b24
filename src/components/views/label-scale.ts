import type {ObsColumn} from "../core/tables/cells.js";
import {columnColors} from "./color-column.js";
import type {ColorScale} from "./color-scale.js";

/** The colors of labels of a reference: as of any column, but cells without one are called what the labels' own table calls them, "unknown". */
export function labelScale(label: Extract<ObsColumn, {kind: "categorical"}>): ColorScale {
  const scale = columnColors(label);
  if (scale.kind !== "categorical") return scale;
  return {
    ...scale,
    entries: scale.entries.map((entry) => (entry.kind === "missing" ? {...entry, label: "unknown"} : entry))
  };
}
