import type {CellQuality} from "./quality.js";

/** Thresholds of quality control; null for none. */
export interface QualityThresholds {
  /** A cell stays with this many counts or more. */
  minCounts: number | null;
  /** A cell stays with this many genes or more. */
  minGenes: number | null;
  /** A cell stays with a mitochondrial share of this or less, 0 to 1. */
  maxMito: number | null;
}

/** What thresholds do to some cells. */
export interface QualityOutcome {
  /** Rows that stay, in the order given. */
  kept: Int32Array;
  /** Cells that each threshold alone removes. */
  removedBy: {minCounts: number; minGenes: number; maxMito: number};
}

/**
 * Which of `rows` (all cells if null) stay under the thresholds. A cell whose counts are not known (NaN) falls to any
 * threshold on counts or share; one without counts has no share, and only the thresholds on counts and genes remove it.
 */
export function filterByQuality(
  quality: CellQuality,
  thresholds: QualityThresholds,
  rows: Int32Array | null = null
): QualityOutcome {
  const {totalCounts, nGenes, mitoShare} = quality;
  const {minCounts, minGenes, maxMito} = thresholds;
  const removedBy = {minCounts: 0, minGenes: 0, maxMito: 0};
  const candidates = rows ?? Int32Array.from(totalCounts, (_, row) => row);
  const kept = candidates.filter((row) => {
    const few = minCounts !== null && !(totalCounts[row] >= minCounts);
    const fewGenes = minGenes !== null && nGenes[row] < minGenes;
    const mito = maxMito !== null && totalCounts[row] !== 0 && !(mitoShare[row] <= maxMito);
    if (few) removedBy.minCounts += 1;
    if (fewGenes) removedBy.minGenes += 1;
    if (mito) removedBy.maxMito += 1;
    return !few && !fewGenes && !mito;
  });
  return {kept, removedBy};
}
