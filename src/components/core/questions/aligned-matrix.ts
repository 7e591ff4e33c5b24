import type {AnnData} from "../anndata/anndata.js";
import type {MatrixInfo} from "../anndata/matrix-info.js";
import type {NamedGenes} from "../anndata/named-genes.js";
import {alignGenes, type Alignment} from "../cells/align.js";
import {knownAlignment} from "../pipeline/known-alignments.js";
import {isInspected} from "../pipeline/known-inspections.js";
import {prepareCells} from "../pipeline/prepare-cells.js";
import {chainNames, type NamesContext} from "./gene-names.js";

/** A matrix of the file and its genes, as a run on it would have them. */
export interface AlignedMatrix {
  anndata: AnnData;
  matrix: MatrixInfo;
  names: NamedGenes;
  alignment: Alignment;
}

const known = new WeakMap<AnnData, Map<string, Promise<AlignedMatrix>>>();

/** Aligns the genes of the chain's matrix with the model's, once a file, model and matrix, and not again where a run has. Throws what `prepareCells` throws. */
export async function alignedMatrix(context: NamesContext): Promise<AlignedMatrix> {
  const {anndata, model, chain} = context;
  const ofRun = knownAlignment(anndata, model.hash, chain.parameters);
  if (ofRun !== undefined) return ofRun;
  const {matrix, species, geneColumn, repair, filter} = chain.parameters;
  let answers = known.get(anndata);
  if (answers === undefined) known.set(anndata, (answers = new Map()));
  const key = JSON.stringify([model.hash, matrix, species, geneColumn, repair, filter]);
  const answer = answers.get(key) ?? align(context);
  answers.set(key, answer);
  answer.catch(() => answers.delete(key));
  return answer;
}

/** As a run would, so that a file that a run refuses is refused with the same words; where it is known that it does not, no value is looked at. */
async function align(context: NamesContext): Promise<AlignedMatrix> {
  const {anndata, model, chain, aliases} = context;
  if (!isInspected(model.hash, anndata, chain.parameters))
    return prepareCells(anndata, model.genes, chain.parameters, null, {model, aliases});
  const names = await chainNames(context);
  const matrix = anndata.matrix(chain.parameters.matrix!);
  return {anndata, matrix, names, alignment: alignGenes(names.names, model.genes)};
}
