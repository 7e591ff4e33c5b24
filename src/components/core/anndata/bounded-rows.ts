import type {AnnData} from "./anndata.js";
import {wholeUpTo} from "./describe-matrix.js";
import type {MatrixInfo} from "./matrix-info.js";
import {sampleRows} from "./sample-rows.js";

/** Rows to look at, and whether they are all that were meant. */
export interface BoundedRows {
  rows: Int32Array;
  complete: boolean;
}

const runs = 16;

/**
 * All of `wanted` (null: every row) where they hold up to about four million values, else a sample of them: runs of
 * neighbors spread evenly from the first to the last, always the same ones. Ascending, each once.
 */
export function boundedRows(anndata: AnnData, matrix: MatrixInfo, wanted: Int32Array | null): BoundedRows {
  const all = wanted?.length ?? matrix.nRows;
  const perRow = matrix.stored / Math.max(1, matrix.nRows);
  if (all * perRow <= wholeUpTo)
    return {rows: wanted ?? Int32Array.from({length: all}, (_, row) => row), complete: true};
  if (wanted === null) return {rows: sampleRows(anndata, matrix), complete: false};
  const length = Math.max(1, Math.floor(wholeUpTo / 2 / perRow / runs));
  const places = new Set<number>();
  for (let run = 0; run < runs; ++run) {
    const start = Math.round((Math.max(0, all - length) * run) / (runs - 1));
    for (let i = start; i < Math.min(all, start + length); ++i) places.add(i);
  }
  const rows = Int32Array.from(
    [...places].sort((a, b) => a - b),
    (place) => wanted[place]
  );
  return {rows, complete: rows.length === all};
}
