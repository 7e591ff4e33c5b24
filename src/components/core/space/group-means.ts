import type {CsrBlock} from "../types.js";
import {logNormalize} from "./log-normalize.js";

/** Means of groups of cells, a list of genes each. */
export interface GroupMeans {
  /** Cells of each group. */
  cells: Int32Array;
  /** Mean of log1p(counts per 10,000) of each gene. */
  means: Float64Array[];
  /** Share of the cells that have a count of each gene, 0 to 1. */
  shares: Float64Array[];
}

/**
 * Means and shares of `genes` genes in groups of cells, in one pass over blocks of counts. `groupOfRow` is the group of each row of the
 * file, -1 for none. A group without cells has zeros.
 */
export async function groupMeans(
  blocks: AsyncIterable<CsrBlock> | Iterable<CsrBlock>,
  groupOfRow: Int32Array,
  groups: number,
  genes: number
): Promise<GroupMeans> {
  const cells = new Int32Array(groups);
  const means = Array.from({length: groups}, () => new Float64Array(genes));
  const shares = Array.from({length: groups}, () => new Float64Array(genes));
  for await (const block of blocks) {
    const {rows, indptr, indices, values} = logNormalize(block);
    rows.forEach((row, i) => {
      const group = groupOfRow[row];
      if (group < 0) return;
      cells[group] += 1;
      for (let at = indptr[i]; at < indptr[i + 1]; at += 1) {
        if (!(values[at] > 0)) continue;
        means[group][indices[at]] += values[at];
        shares[group][indices[at]] += 1;
      }
    });
  }
  for (const sums of [means, shares])
    sums.forEach((values, group) => cells[group] > 0 && values.forEach((_, g) => (values[g] /= cells[group])));
  return {cells, means, shares};
}
