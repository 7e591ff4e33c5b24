import {transfer} from "comlink";
import {geneCounts as countsOf, type GeneCounts} from "../../../core/pipeline/gene-counts.js";
import {namesInFile} from "./gene-names.js";
import type {TaskOptions, WorkerContext} from "../worker-context.js";

/** What `geneCounts` is asked with. */
export interface GeneCountsRequest {
  gene: string;
  matrix: string;
  geneColumn: string | null;
  /** As in `PipelineParameters`; the certain repairs unless told. */
  repair?: readonly string[];
  /** Rows wanted, ascending; null for all cells. */
  rows: Int32Array | null;
}

/** Counts of one gene, of the open file; see core's `geneCounts`. Progress counts per cent. */
export async function geneCounts(
  context: WorkerContext,
  {gene, matrix, geneColumn, repair, rows}: GeneCountsRequest,
  {signal, onProgress}: TaskOptions
): Promise<GeneCounts> {
  const {names} = await namesInFile(context, {matrix, geneColumn, repair});
  const found = await countsOf(context.file().anndata, matrix, gene, rows, names, {
    signal,
    onProgress: (share) => onProgress(Math.round(100 * share), 100)
  });
  return transfer(found, [found.counts.buffer]);
}
