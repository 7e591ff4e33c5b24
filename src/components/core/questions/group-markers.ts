import {columnAsText} from "../anndata/column.js";
import {streamRows} from "../anndata/stream-rows.js";
import {findMarkers, type GroupMarkers} from "../markers/find-markers.js";
import {labelClasses} from "../pipeline/label-classes.js";
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
  /** Area under the curve against all other cells, 0 to 1, and the false discovery rate of the rank-sum test over all genes (`findMarkers`). */
  auc: number;
  q: number;
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
 * express and that are higher than elsewhere. Groups are in the order of their size. Throws a WorkbookError
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
  const found = await findMarkers(
    {
      blocks: () => streamRows(anndata, matrix, {rows, signal}),
      genes: names.names.length,
      groupOfRow,
      groups: groups.length
    },
    {signal, onProgress: (share) => onProgress?.(Math.floor(share * rows.length), rows.length)}
  );
  const mark = ({group, cells, meanIn, meanOut, shareIn, shareOut, auc, q}: GroupMarkers): MarkedGroup => {
    const genes = names.names
      .map((gene, g): MarkerGene => {
        const difference = meanIn[g] - meanOut[g];
        return {gene, difference, share: shareIn[g], shareOthers: shareOut[g], auc: auc[g], q: q[g]};
      })
      .filter(({difference, share}) => difference > 0 && share >= leastShare)
      .sort((a, b) => b.difference - a.difference || b.share - a.share)
      .slice(0, most);
    return {name: groups[group], cells, genes};
  };
  return found.map(mark).sort((a, b) => b.cells - a.cells);
}
