import {geneNames as namesOf} from "../anndata/gene-names.js";
import type {QuestionContext} from "./context.js";

/**
 * Names of the genes of the chain's matrix, one a column, and where they come from. Throws what the reader throws.
 */
export async function geneNames(
  {anndata, chain}: QuestionContext,
  _: Record<string, never>
): Promise<{names: string[]; source: string}> {
  const {matrix, geneColumn} = chain.parameters;
  const {names, source} = namesOf(anndata, anndata.matrix(matrix ?? "X"), {column: geneColumn ?? undefined});
  return {names, source};
}
