import {geneNames as namesOf} from "../../../core/anndata/gene-names.js";
import type {WorkerContext} from "../worker-context.js";

/**
 * Names of the genes of `matrix` in the open file, one a column, and where they come from; `geneColumn` as in
 * `PipelineParameters`. Throws what the reader throws.
 */
export async function geneNames(
  context: WorkerContext,
  {matrix, geneColumn}: {matrix: string; geneColumn: string | null}
): Promise<{names: string[]; source: string}> {
  const {anndata} = context.file();
  const {names, source} = namesOf(anndata, anndata.matrix(matrix), {column: geneColumn ?? undefined});
  return {names, source};
}
