import type {CsrBlock} from "../types.js";

/**
 * log(1 + counts per `target`) of each cell, the usual normalization that principal components are compared under
 * (scanpy's normalize_total and log1p). A cell without counts stays zero. Returns a new block; zeros stay unstored.
 */
export function logNormalize({rows, nCols, indptr, indices, values}: CsrBlock, target = 10_000): CsrBlock {
  const normalized = new Float64Array(values.length);
  for (let row = 0; row < rows.length; row += 1) {
    let total = 0;
    for (let at = indptr[row]; at < indptr[row + 1]; at += 1) total += values[at];
    if (!(total > 0)) continue;
    for (let at = indptr[row]; at < indptr[row + 1]; at += 1) {
      normalized[at] = Math.log1p((values[at] / total) * target);
    }
  }
  return {rows, nCols, indptr, indices, values: normalized};
}
