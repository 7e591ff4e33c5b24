import {transfer} from "comlink";
import type {CellQuality} from "../../../core/cells/quality.js";
import {measureQuality} from "../../../core/pipeline/measure-quality.js";
import {namesInFile, type GeneNamesQuestion} from "./gene-names.js";
import type {TaskOptions, WorkerContext} from "../worker-context.js";

/** Quality measures of all cells of the open file; see core's `measureQuality`. Progress counts cells. */
export async function quality(
  context: WorkerContext,
  question: GeneNamesQuestion,
  {signal, onProgress}: TaskOptions
): Promise<CellQuality> {
  const {anndata} = context.file();
  const found = await measureQuality(anndata, question.matrix, (await namesInFile(context, question)).names, {
    signal,
    onProgress: (share) => onProgress(Math.round(share * anndata.nObs), anndata.nObs)
  });
  return transfer(found, [found.totalCounts.buffer, found.nGenes.buffer, found.mitoShare.buffer]);
}
