/**
 * log(1 + counts per `target`) of one gene, an entry a cell: the usual normalization (scanpy's normalize_total and log1p), as `logNormalize`
 * has it for all genes. `counts` are the gene's, `totals` each cell's sum over all genes. 0 for a cell without counts, NaN for one whose
 * total is not known.
 */
export function logCounts(counts: ArrayLike<number>, totals: ArrayLike<number>, target = 10_000): Float64Array {
  return Float64Array.from(totals, (total, cell) => (total === 0 ? 0 : Math.log1p((counts[cell] / total) * target)));
}
