import type {AnnData} from "../../../core/anndata/anndata.js";
import type {NamedGenes} from "../../../core/anndata/named-genes.js";
import type {MatrixInfo} from "../../../core/anndata/matrix-info.js";
import {alignGenes, type Alignment} from "../../../core/cells/align.js";
import {prepareCells} from "../../../core/pipeline/prepare-cells.js";
import {namesInFile} from "./gene-names.js";
import type {WorkerContext} from "../worker-context.js";

/** The matrix that a page asks about; null leaves it to the reader, as in a run. */
export interface MatrixQuestion {
  matrix: string | null;
  geneColumn: string | null;
  /** As in `PipelineParameters`; the certain repairs unless told. */
  repair?: readonly string[];
}

/** A matrix of the open file and its genes, as a run on it would have them. */
export interface AlignedMatrix {
  anndata: AnnData;
  matrix: MatrixInfo;
  names: NamedGenes;
  alignment: Alignment;
}

const known = new WeakMap<AnnData, Map<string, Promise<AlignedMatrix>>>();

/** Aligns a matrix's genes with the model's, once a file and question. Throws what `prepareCells` throws. */
export async function alignedMatrix(context: WorkerContext, question: MatrixQuestion): Promise<AlignedMatrix> {
  const {anndata} = context.file();
  let answers = known.get(anndata);
  if (answers === undefined) known.set(anndata, (answers = new Map()));
  const key = JSON.stringify([question.matrix, question.geneColumn, question.repair]);
  const answer = answers.get(key) ?? align(context, anndata, question);
  answers.set(key, answer);
  answer.catch(() => answers.delete(key));
  return answer;
}

async function align(
  context: WorkerContext,
  anndata: AnnData,
  {matrix, geneColumn, repair}: MatrixQuestion
): Promise<AlignedMatrix> {
  const {genes} = await context.model();
  if (matrix === null)
    return prepareCells(anndata, genes, {matrix, geneColumn, repair}, null, {aliases: context.aliases});
  const chosen = anndata.matrix(matrix);
  const names = await namesInFile(context, {matrix, geneColumn, repair});
  return {anndata, matrix: chosen, names, alignment: alignGenes(names.names, genes)};
}
