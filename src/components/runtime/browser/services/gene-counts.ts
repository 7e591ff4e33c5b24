import {transfer} from "comlink";
import {geneCounts as countsOf, type GeneCounts} from "../../../core/pipeline/gene-counts.js";
import type {TaskOptions, WorkerContext} from "../worker-context.js";

/** What `geneCounts` is asked with. */
export interface GeneCountsRequest {
  gene: string;
  matrix: string;
  geneColumn: string | null;
  /** Rows wanted, ascending; null for all cells. */
  rows: Int32Array | null;
}

/** Counts of one gene, of the open file; see core's `geneCounts`. Progress counts per cent. */
export async function geneCounts(
  context: WorkerContext,
  {gene, matrix, geneColumn, rows}: GeneCountsRequest,
  {signal, onProgress}: TaskOptions
): Promise<GeneCounts> {
  const found = await countsOf(context.file().anndata, matrix, gene, rows, geneColumn, {
    signal,
    onProgress: (share) => onProgress(Math.round(100 * share), 100)
  });
  return transfer(found, [found.counts.buffer]);
}
