import {boundedRows} from "../anndata/bounded-rows.js";
import {isLargeByGene} from "../anndata/is-large-by-gene.js";
import {streamRows} from "../anndata/stream-rows.js";
import {measureCoverage} from "../cells/gene-coverage.js";
import type {TaskOptions, QuestionContext} from "./context.js";
import {alignedMatrix} from "./aligned-matrix.js";
import type {NamesContext} from "./gene-names.js";

/** How a file's genes fit the model's, by name and by what it costs each cell. */
export interface GeneAlignment {
  matrix: string;
  /** Where the names come from ("var_names", "var/feature_name"). */
  source: string;
  /** Names of the file's genes, in file order, and whether the model knows each (1) or not (0). */
  names: string[];
  matched: Uint8Array;
  /** Counts of each gene over the cells looked at; null where they were not looked at. */
  countsOfGene: Float64Array | null;
  /** The cells looked at; null for a large matrix stored gene by gene, which is not gone through for this. */
  cells: {
    rows: Int32Array;
    totalCounts: Float64Array;
    nGenes: Int32Array;
    lostShare: Float64Array;
    complete: boolean;
  } | null;
}

/**
 * Aligns the genes of the chain's matrix (where there is none, of the first that can be read) and measures, over the chain's cells or
 * a sample of them, what is lost; without `counts` (true) the genes alone.
 */
export async function geneAlignment(
  context: QuestionContext,
  {counts = true}: {counts?: boolean},
  {signal, onProgress}: TaskOptions
): Promise<GeneAlignment> {
  const {anndata, matrix, names, alignment} = await alignedMatrix(unfiltered(context));
  const found = {
    matrix: matrix.name,
    source: names.source,
    names: names.names,
    matched: Uint8Array.from(alignment.alignedOfColumn, (gene) => (gene < 0 ? 0 : 1))
  };
  if (!counts) return {...found, countsOfGene: null, cells: null};
  if (isLargeByGene(anndata, matrix)) return {...found, countsOfGene: null, cells: null};
  const {rows, complete} = boundedRows(anndata, matrix, await context.rows());
  const {countsOfGene, ...cells} = await measureCoverage(
    streamRows(anndata, matrix, {rows, signal, onProgress}),
    alignment
  );
  return {...found, countsOfGene, cells: {...cells, complete}};
}

/**
 * Where no matrix is chosen, the names of the first that can be read are those that a choice of it would have. Which genes a filter leaves out has no bearing
 * on which the model knows.
 */
function unfiltered(context: QuestionContext): NamesContext {
  const {anndata, chain} = context;
  const {filter: _, ...parameters} = chain.parameters;
  const matrix = parameters.matrix ?? anndata.matrices.find(({fault}) => fault === null)?.name ?? null;
  return {...context, chain: {...chain, parameters: {...parameters, matrix}}};
}
