import type {AnnData} from "../anndata/anndata.js";
import type {GeneNames} from "../anndata/gene-names.js";
import {geneNames} from "../anndata/gene-names.js";
import type {MatrixInfo} from "../anndata/matrix-info.js";
import {alignGenes, type Alignment} from "../cells/align.js";
import {prepareCells} from "../pipeline/prepare-cells.js";
import type {QuestionContext} from "./context.js";

/** A matrix of the open file and its genes, as a run on it would have them. */
export interface AlignedMatrix {
  anndata: AnnData;
  matrix: MatrixInfo;
  names: GeneNames;
  alignment: Alignment;
}

/** What of a context an alignment depends on. */
export type AlignmentContext = Pick<QuestionContext, "anndata" | "model" | "chain">;

const known = new WeakMap<AnnData, Map<string, Promise<AlignedMatrix>>>();

/** Aligns the genes of the chain's matrix with the model's, once a file, model and matrix. Throws what `prepareCells` throws. */
export async function alignedMatrix(context: AlignmentContext): Promise<AlignedMatrix> {
  const {anndata, model, chain} = context;
  const {matrix, geneColumn} = chain.parameters;
  let answers = known.get(anndata);
  if (answers === undefined) known.set(anndata, (answers = new Map()));
  const key = JSON.stringify([model.hash, matrix, geneColumn]);
  const answer = answers.get(key) ?? align(context);
  answers.set(key, answer);
  answer.catch(() => answers.delete(key));
  return answer;
}

async function align({anndata, model, chain}: AlignmentContext): Promise<AlignedMatrix> {
  const {genes} = model;
  const {matrix, geneColumn} = chain.parameters;
  if (matrix === null) return prepareCells(anndata, genes, {matrix, geneColumn}, null);
  const chosen = anndata.matrix(matrix);
  const names = geneNames(anndata, chosen, {column: geneColumn ?? undefined});
  return {anndata, matrix: chosen, names, alignment: alignGenes(names.names, genes)};
}
