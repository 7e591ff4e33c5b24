import {filterByQuality, type QualityThresholds} from "../core/cells/quality-filter.js";
import type {CellQuality} from "../core/cells/quality.js";
import {type CellSelection, selectRows} from "../core/cells/select-rows.js";
import {WorkbookError} from "../core/errors.js";
import type {OpenedFile} from "../runtime/browser/protocol.js";
import {groupsOf} from "./opened-file.js";
import type {ViewState} from "./view-state.js";

/** True if the view removes cells by their quality. */
export function hasThresholds({minCounts, minGenes, maxMito}: QualityThresholds): boolean {
  return minCounts !== null || minGenes !== null || maxMito !== null;
}

/** The choice of cells that the view means. */
export function cellsOf({cells}: Pick<ViewState, "cells">): CellSelection {
  return cells ?? {mode: "all"};
}

/**
 * Rows that the view chooses, ascending: those that pass its thresholds (`quality` must come with them), and the choice among
 * these; null for all of the file. Throws a WorkbookError of domain "cells" if none is left.
 */
export function rowsOfView(file: OpenedFile, view: ViewState, quality: CellQuality | null): Int32Array | null {
  const cells = cellsOf(view);
  const all = file.cellIds.length;
  const kept = quality !== null && hasThresholds(view) ? filterByQuality(quality, view).kept : null;
  if (kept?.length === 0) {
    throw new WorkbookError({
      domain: "cells",
      code: "none-left",
      fault: `the quality thresholds remove all ${all} cells`,
      remedy: "lower them under Quality control"
    });
  }
  const groups = cells.mode === "stratified" ? groupsOf(file, cells.column) : undefined;
  if (kept === null || kept.length === all) return selectRows(cells, all, groups);
  const places = selectRows(cells, kept.length, groups && kept.map((row) => groups[row]));
  return places === null ? kept : places.map((place) => kept[place]);
}
