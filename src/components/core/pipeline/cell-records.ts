import type {CellProbabilities} from "../cells/normalize.js";
import {WorkbookError} from "../errors.js";
import type {CellStatus} from "../types.js";

/** What a pass over the rows finds out about each cell; every array has one entry a cell, in the order of `rows`. */
export interface CellRecords {
  rows: Int32Array;
  status: CellStatus[];
  totalCounts: Float64Array;
  nGenes: Int32Array;
  alignedCounts: Float64Array;
  /** Length of each sentence; 0 where there is none. */
  nTokens: Int32Array;
  /** Cells filled in so far: the first `seen` entries hold. */
  seen: number;
  /** What is wrong with the first cell that failed, for a message; null if none did. */
  firstFault: string | null;
}

/** Empty records for `rows`; cells that are never filled in stay "failed". */
export function createCellRecords(rows: Int32Array): CellRecords {
  const n = rows.length;
  return {
    rows,
    status: new Array<CellStatus>(n).fill("failed"),
    totalCounts: new Float64Array(n),
    nGenes: new Int32Array(n),
    alignedCounts: new Float64Array(n),
    nTokens: new Int32Array(n),
    seen: 0,
    firstFault: null
  };
}

/** Fills in the next cell; `symbols` names the aligned genes. */
export function recordCell(records: CellRecords, cell: CellProbabilities, symbols: readonly string[]): void {
  const i = records.seen++;
  records.status[i] = cell.status;
  records.totalCounts[i] = cell.totalCounts;
  records.nGenes[i] = cell.nGenes;
  records.alignedCounts[i] = cell.alignedCounts;
  if (cell.fault !== null)
    records.firstFault ??= `row ${cell.row} holds ${cell.fault.value} at gene ${symbols[cell.fault.gene]}`;
}

/**
 * Throws the WorkbookError "no-usable-cell" if not one cell of a finished pass has a distribution; of a choice of the
 * file's `nObs` cells, only if values are at fault, for cells without counts may well be chosen.
 */
export function requireUsableCell({status, rows, firstFault}: CellRecords, matrix: string, nObs: number): void {
  if (status.includes("ok") || (rows.length < nObs && firstFault === null)) return;
  const empty = status.filter((state) => state === "empty").length;
  throw new WorkbookError({
    domain: "cells",
    code: "no-usable-cell",
    fault:
      firstFault === null
        ? `none of the ${rows.length} cells has counts on a gene that the model knows`
        : `none of the ${rows.length} cells can be used: ${empty} have no counts, ${rows.length - empty} hold values that are no counts (${firstFault})`,
    place: matrix,
    remedy: "choose a matrix of raw counts, or other rows"
  });
}
