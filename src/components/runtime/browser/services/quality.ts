import {transfer} from "comlink";
import type {CellQuality} from "../../../core/cells/quality.js";
import {measureQuality} from "../../../core/pipeline/measure-quality.js";
import type {TaskOptions, WorkerContext} from "../worker-context.js";

/** Quality measures of all cells of the open file; see core's `measureQuality`. Progress counts cells. */
export async function quality(
  context: WorkerContext,
  {matrix, geneColumn}: {matrix: string; geneColumn: string | null},
  {signal, onProgress}: TaskOptions
): Promise<CellQuality> {
  const {anndata} = context.file();
  const found = await measureQuality(anndata, matrix, geneColumn, {
    signal,
    onProgress: (share) => onProgress(Math.round(share * anndata.nObs), anndata.nObs)
  });
  return transfer(found, [found.totalCounts.buffer, found.nGenes.buffer, found.mitoShare.buffer]);
}
