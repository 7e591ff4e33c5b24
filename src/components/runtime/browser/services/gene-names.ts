import {namedGenes, type NamedGenes} from "../../../core/anndata/named-genes.js";
import type {WorkerContext} from "../worker-context.js";

/** Which names of a matrix are meant. */
export interface GeneNamesQuestion {
  matrix: string;
  /** As in `PipelineParameters`. */
  geneColumn: string | null;
  /** As in `PipelineParameters`; the certain repairs unless told. */
  repair?: readonly string[];
}

/**
 * Names of the genes of `matrix` in the open file as a run has them, one a column: repaired as `repair` says; and where they come
 * from. Throws what the reader throws.
 */
export async function geneNames(
  context: WorkerContext,
  question: GeneNamesQuestion
): Promise<{names: string[]; source: string}> {
  const {names, source} = await namesInFile(context, question);
  return {names, source};
}

/** The same with everything that is known of the names, for other services. */
export async function namesInFile(
  context: WorkerContext,
  {matrix, geneColumn, repair}: GeneNamesQuestion
): Promise<NamedGenes> {
  const {anndata} = context.file();
  const {genes} = await context.model();
  const known = new Set(genes.map(({symbol}) => symbol));
  const column = geneColumn ?? undefined;
  return namedGenes(anndata, anndata.matrix(matrix), {known, column, repair, aliases: context.aliases});
}
