import {columnAsText} from "../anndata/column.js";
import {streamRows} from "../anndata/stream-rows.js";
import {labelClasses} from "../pipeline/label-classes.js";
import {groupMeans} from "../space/group-means.js";
import {alignedMatrix} from "./aligned-matrix.js";
import type {TaskOptions, QuestionContext} from "./context.js";

/** A gene that a group of cells expresses more than the other cells. */
export interface MarkerGene {
  gene: string;
  /** Mean of log1p(counts per 10,000) in the group, less that of all other cells. */
  difference: number;
  /** Share of the group's cells, and of the others, that have a count. */
  share: number;
  shareOthers: number;
}

/** A group and its genes, the largest difference first. */
export interface MarkedGroup {
  name: string;
  cells: number;
  genes: MarkerGene[];
}

const mostGroups = 50;
/** Genes in fewer of a group's cells are not called its markers. */
const leastShare = 0.25;

/**
 * For each group of the obs column, the genes that lead by the difference of means, at most `most`, of those that a quarter of its cells
 * express and that are higher than elsewhere. No test is made: it ranks. Groups are in the order of their size. Throws a WorkbookError
 * ("no-labeling") if the column has no groups, and what the reader throws.
 */
export async function groupMarkers(
  context: QuestionContext,
  {column, most = 8}: {column: string; most?: number},
  {signal, onProgress}: TaskOptions
): Promise<MarkedGroup[]> {
  const {anndata, matrix, names} = await alignedMatrix(context);
  const rows = (await context.rows()) ?? Int32Array.from({length: anndata.nObs}, (_, row) => row);
  const text = columnAsText(anndata.column("obs", column));
  const picked = Array.from(rows, (row) => text[row]);
  const {names: groups, codes} = labelClasses(column, picked, mostGroups);
  const groupOfRow = new Int32Array(anndata.nObs).fill(-1);
  rows.forEach((row, i) => (groupOfRow[row] = codes[i]));
  const blocks = streamRows(anndata, matrix, {rows, signal, onProgress});
  const {cells, means, shares} = await groupMeans(blocks, groupOfRow, groups.length, names.names.length);
  const all = cells.reduce((sum, count) => sum + count, 0);
  const mark = (group: number): MarkedGroup => {
    const others = all - cells[group];
    const found = names.names.map((gene, g): MarkerGene => {
      const rest = (of: Float64Array[]) =>
        others === 0 ? 0 : of.reduce((sum, values, k) => (k === group ? sum : sum + values[g] * cells[k]), 0) / others;
      const difference = means[group][g] - rest(means);
      return {gene, difference, share: shares[group][g], shareOthers: rest(shares)};
    });
    const genes = found
      .filter(({difference, share}) => difference > 0 && share >= leastShare)
      .sort((a, b) => b.difference - a.difference || b.share - a.share)
      .slice(0, most);
    return {name: groups[group], cells: cells[group], genes};
  };
  return [...groups.keys()].map(mark).sort((a, b) => b.cells - a.cells);
}
