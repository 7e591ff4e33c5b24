import type {AnnData, Axis} from "./anndata.js";
import {orFault} from "./part-fault.js";

/** Values read at most to see whether columns are sound. */
const mostValues = 2_000_000;

/**
 * Reads the columns of every table once, up to two million values, so that `columns` and `faults` tell of those that are
 * damaged in a way that shows only then (codes without a category, a block that cannot be unpacked).
 */
export function checkColumns(anndata: AnnData, signal?: AbortSignal): void {
  const tables: [Axis, number][] = [
    ["obs", anndata.nObs],
    ["var", anndata.nVar],
    ["raw/var", anndata.matrices.find(({name}) => name === "raw/X")?.nCols ?? 0]
  ];
  let left = mostValues;
  for (const [axis, rows] of tables) {
    for (const {name, kind} of rows === 0 ? [] : anndata.columns(axis)) {
      signal?.throwIfAborted();
      if (kind === "other" || (left -= rows) < 0) continue;
      orFault(() => anndata.column(axis, name), null);
    }
  }
}
