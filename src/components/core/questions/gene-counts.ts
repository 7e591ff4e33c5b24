import {geneCounts as countsOf, type GeneCounts} from "../pipeline/gene-counts.js";
import {chainNames} from "./gene-names.js";
import type {TaskOptions, QuestionContext} from "./context.js";

/** Counts of one gene in `rows` (null: all cells of the file); see core's `geneCounts`. Progress counts per cent. */
export async function geneCounts(
  context: QuestionContext,
  {gene, rows}: {gene: string; rows: Int32Array | null},
  {signal, onProgress}: TaskOptions
): Promise<GeneCounts> {
  const {names} = await chainNames(context);
  return countsOf(context.anndata, context.chain.parameters.matrix ?? "X", gene, rows, names, {
    signal,
    onProgress: (share) => onProgress?.(Math.round(100 * share), 100)
  });
}
