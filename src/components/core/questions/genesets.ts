import type {NamedGeneSet} from "../genesets/parse-gmt.js";
import {geneSetScores} from "../pipeline/gene-set-scores.js";
import {tableToStreamBytes} from "../tables/file.js";
import {alignedMatrix} from "./aligned-matrix.js";
import type {TaskOptions, QuestionContext} from "./context.js";

/** Scores of sets of genes for all cells of the file, as the bytes of their table; see `geneSetScores`. Progress counts cells. */
export async function genesets(
  context: QuestionContext,
  {sets}: {sets: readonly NamedGeneSet[]},
  options: TaskOptions
): Promise<Uint8Array> {
  const {matrix, names} = await alignedMatrix(context);
  const {table} = await geneSetScores(context.anndata, {matrix, genes: names.names}, sets, context, options);
  return tableToStreamBytes(table);
}
