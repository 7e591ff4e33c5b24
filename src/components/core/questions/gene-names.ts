import {namedGenes, type NamedGenes} from "../anndata/named-genes.js";
import type {QuestionContext} from "./context.js";

/**
 * Names of the genes of the chain's matrix as a run has them, one a column, repaired as the chain says; and where they come from.
 * Throws what the reader throws.
 */
export async function geneNames(
  context: QuestionContext,
  _: Record<string, never>
): Promise<{names: string[]; source: string}> {
  const {names, source} = await chainNames(context);
  return {names, source};
}

/** What of a context names depend on. */
export type NamesContext = Pick<QuestionContext, "anndata" | "model" | "chain" | "aliases">;

/** The same with everything that is known of the names, for other questions. */
export async function chainNames({anndata, model, chain, aliases}: NamesContext): Promise<NamedGenes> {
  const {matrix, geneColumn, repair} = chain.parameters;
  const known = new Set(model.genes.map(({symbol}) => symbol));
  return namedGenes(anndata, anndata.matrix(matrix ?? "X"), {
    known,
    model,
    column: geneColumn ?? undefined,
    repair,
    aliases
  });
}
