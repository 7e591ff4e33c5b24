import {streamRows} from "../anndata/stream-rows.js";
import {geneProfiles as profilesOf, type GeneProfiles} from "../markers/gene-profiles.js";
import {alignedMatrix} from "./aligned-matrix.js";
import type {TaskOptions, QuestionContext} from "./context.js";

/**
 * Mean and share of cells of genes by group, for a dot plot; see core's `geneProfiles`. `groupOfRow` is the group of each row of the file, -1 for cells that take no part. The
 * answer's `genes` are those of `genes` that the file has, in their order. Progress counts per cent.
 */
export async function geneProfiles(
  context: QuestionContext,
  {genes, groupOfRow, groups}: {genes: readonly string[]; groupOfRow: Int32Array; groups: number},
  {signal, onProgress}: TaskOptions
): Promise<GeneProfiles & {genes: string[]}> {
  const {anndata} = context;
  const {matrix, names} = await alignedMatrix(context);
  const known = genes.filter((gene) => names.names.includes(gene));
  const columns = Int32Array.from(known, (gene) => names.names.indexOf(gene));
  const rows = Int32Array.from(groupOfRow.keys()).filter((row) => groupOfRow[row] >= 0);
  const blocks = streamRows(anndata, matrix, {rows, signal});
  const task = {blocks, columns, groupOfRow, groups};
  const tell = (share: number) => onProgress?.(Math.floor(100 * share), 100);
  return {...(await profilesOf(task, {signal, onProgress: tell})), genes: known};
}
