import type {CsrBlock} from "../types.js";
import {createBreath, type WorkOptions} from "../vectors/work.js";

/** What is looked at of genes in groups of cells. */
export interface ProfileTask {
  /** Streams the rows of counts that have a group, in ascending order; called once. */
  blocks: AsyncIterable<CsrBlock>;
  /** Columns of the genes. */
  columns: Int32Array;
  /** Group of each row of the file, -1 for a cell that takes no part. */
  groupOfRow: Int32Array;
  groups: number;
}

/** Genes in groups of cells; arrays of means and shares are groups x genes, row-major, NaN for a group without cells. */
export interface GeneProfiles {
  /** Cells of each group whose values are counts. */
  cells: Int32Array;
  /** Mean of log1p(counts per 10,000). */
  means: Float64Array;
  /** Share of cells with a count, 0 to 1. */
  shares: Float64Array;
}

const target = 10_000;

/**
 * Mean and share of cells of some genes by group, in one pass, with the values of `findMarkers`: counts per 10,000 of all genes of the cell, as log1p, in float64. Cells with NaN or negative
 * values take no part. Throws what `blocks` throws, and the signal's reason.
 */
export async function geneProfiles(task: ProfileTask, options: WorkOptions = {}): Promise<GeneProfiles> {
  const {blocks, columns, groupOfRow, groups} = task;
  const breathe = createBreath(options);
  const wanted = groupOfRow.reduce((sum, group) => sum + (group < 0 ? 0 : 1), 0);
  const placeOf = new Map(Array.from(columns, (column, place) => [column, place]));
  const cells = new Int32Array(groups);
  const means = new Float64Array(groups * columns.length);
  const shares = new Float64Array(groups * columns.length);
  let read = 0;
  for await (const {rows, indptr, indices, values} of blocks) {
    for (let i = 0; i < rows.length; i += 1) {
      const group = groupOfRow[rows[i]];
      const total = group < 0 ? NaN : totalOf(values, indptr[i], indptr[i + 1]);
      if (Number.isNaN(total)) continue;
      cells[group] += 1;
      for (let at = indptr[i]; at < indptr[i + 1]; at += 1) {
        const place = values[at] > 0 ? placeOf.get(indices[at]) : undefined;
        if (place === undefined) continue;
        means[group * columns.length + place] += Math.log1p((values[at] / total) * target);
        shares[group * columns.length + place] += 1;
      }
    }
    await breathe((read += rows.length) / wanted);
  }
  for (let at = 0; at < means.length; at += 1) {
    const count = cells[Math.floor(at / columns.length)];
    means[at] /= count;
    shares[at] /= count;
  }
  return {cells, means, shares};
}

/** Sum of a cell's counts; NaN where one of them is none. */
function totalOf(values: ArrayLike<number>, from: number, to: number): number {
  let total = 0;
  for (let at = from; at < to; at += 1) {
    if (!(values[at] >= 0)) return NaN;
    total += values[at];
  }
  return Number.isFinite(total) ? total : NaN;
}
