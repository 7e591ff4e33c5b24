import {neighborRecall} from "../vectors/neighbor-recall.js";
import type {VariantLimits} from "../model/variant-limits.js";

/** Standard errors between a figure and its limit from which on more cells would not change the verdict. */
const certain = 4;

/**
 * True if embeddings of some cells (cells x width, row-major) are so far from the reference's that all cells would miss the
 * limits too: the relative error less four standard errors is above its limit, or of 96 cells or more the recall is 0.1 below
 * (among few cells neighbors are easier to keep).
 */
export function clearlyMisses(
  ours: Float32Array,
  reference: Float32Array,
  {cells, width, limit}: {cells: number; width: number; limit: VariantLimits}
): boolean {
  const mean = new Float64Array(width);
  for (let i = 0; i < cells * width; ++i) mean[i % width] += reference[i] / cells;
  const errors = new Float64Array(cells);
  let spread = 0;
  for (let i = 0; i < cells * width; ++i) {
    errors[Math.floor(i / width)] += (ours[i] - reference[i]) ** 2;
    spread += (reference[i] - mean[i % width]) ** 2 / cells;
  }
  const average = errors.reduce((sum, error) => sum + error, 0) / cells;
  if (!Number.isFinite(average)) return true;
  const variance = errors.reduce((sum, error) => sum + (error - average) ** 2, 0) / (cells - 1);
  const least = average - certain * Math.sqrt(variance / cells);
  if (least > 0 && Math.sqrt(least / spread) > limit.relativeError) return true;
  return cells >= 96 && neighborRecall(ours, reference, cells, width) < limit.recall15 - 0.1;
}
