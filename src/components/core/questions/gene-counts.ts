import {geneCounts as countsOf, type GeneCounts} from "../pipeline/gene-counts.js";
import type {TaskOptions, QuestionContext} from "./context.js";

/** Counts of one gene in `rows` (null: all cells of the file); see core's `geneCounts`. Progress counts per cent. */
export async function geneCounts(
  context: QuestionContext,
  {gene, rows}: {gene: string; rows: Int32Array | null},
  {signal, onProgress}: TaskOptions
): Promise<GeneCounts> {
  const {anndata, chain} = context;
  const {matrix, geneColumn} = chain.parameters;
  return countsOf(anndata, matrix ?? "X", gene, rows, geneColumn, {
    signal,
    onProgress: (share) => onProgress?.(Math.round(100 * share), 100)
  });
}
