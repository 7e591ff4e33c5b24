import type {ObsColumn} from "../core/tables/cells.js";
import type {OpenedFile} from "../runtime/browser/protocol.js";
import {likeliestTypes} from "./opened-file.js";

/** obs columns that group cells: texts and categories of 2 to 50 different values among the file's cells. */
export function groupColumns({obs}: OpenedFile): ObsColumn[] {
  return obs.filter((column) => {
    if (column.kind !== "categorical" && column.kind !== "text") return false;
    const values = column.kind === "categorical" ? column.categories.length : new Set(column.values).size;
    return values >= 2 && values <= 50;
  });
}

/** The column that a view colors by ("obs:NAME") if it groups cells, else the likeliest cell type; null if no column groups cells. */
export function chosenColumn(file: OpenedFile, color: string | null): ObsColumn | null {
  const columns = groupColumns(file);
  const asked = columns.find(({name}) => color === `obs:${name}`);
  return asked ?? likeliestTypes(columns) ?? null;
}
