import type {QualityThresholds} from "../cells/quality-filter.js";
import type {CellSelection} from "../cells/select-rows.js";

/** Which cells of a file are used: those that pass the thresholds, and of these the selection, or the rows named. */
export interface CellChoice {
  /** `{rows}` names them: ascending rows of the file, whatever the thresholds. */
  cells: CellSelection | {mode: "rows"; rows: readonly number[]};
  thresholds: QualityThresholds;
}

/** All cells of the file. */
export const allCells: CellChoice = {
  cells: {mode: "all"},
  thresholds: {minCounts: null, minGenes: null, maxMito: null}
};

/** True if cells are removed by their quality. */
export function hasThresholds({minCounts, minGenes, maxMito}: QualityThresholds): boolean {
  return minCounts !== null || minGenes !== null || maxMito !== null;
}

/** Most cells that a choice can have in a file of `nCells`: what thresholds remove is not known before they are measured. */
export function mostChosen({cells}: CellChoice, nCells: number): number {
  if (cells.mode === "all") return nCells;
  return Math.min(nCells, cells.mode === "rows" ? cells.rows.length : cells.n);
}
