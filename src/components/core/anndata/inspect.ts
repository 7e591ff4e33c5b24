import type {AliasTable} from "../cells/alias-table.js";
import {namesKnown} from "../cells/names-known.js";
import type {SpeciesLists} from "../cells/species-lists.js";
import type {TrainingSet} from "../cells/seen-cells.js";
import type {AnnData} from "./anndata.js";
import {checkColumns} from "./check-columns.js";
import {chooseMatrix} from "./choose-matrix.js";
import type {ColumnInfo} from "./column.js";
import {fileProblems, type Duplicates} from "./file-problems.js";
import type {GeneReport} from "./inspect-genes.js";
import type {MatrixEvidence} from "./matrix-evidence.js";
import type {MatrixInfo} from "./matrix-info.js";
import {namedGenes} from "./named-genes.js";
import type {ObsmInfo} from "./obsm.js";
import type {Problem} from "./problem.js";

/** A matrix and what its values are; `evidence` is null where it could not be read (`fault` says why). */
export interface InspectedMatrix extends Omit<MatrixInfo, "place"> {
  evidence: MatrixEvidence | null;
}

/** What a file holds, whether it is of use, and what is wrong with it: plain JSON. */
export interface Inspection {
  file: {name: string; bytes: number};
  /** Display name of the layout ("anndata 0.1.0"). */
  layout: string;
  /** Cells and genes (of var). */
  nObs: number;
  nVar: number;
  /** Every matrix, those that hold counts and the others; counts recovered from one of them if they were asked for. */
  matrices: InspectedMatrix[];
  /** The matrix that would be used, and why; `name` is null if there is none. */
  matrix: {name: string | null; reason: string; isCounts: boolean};
  /** Names and alignment of that matrix's genes; of var's where there is none. */
  genes: GeneReport;
  /** Names that stand more than once among cells, and among the genes' names that are used. */
  duplicates: {cells: Duplicates; genes: Duplicates};
  obs: ColumnInfo[];
  var: ColumnInfo[];
  obsm: ObsmInfo[];
  /** Worst first. */
  problems: Problem[];
}

/** What `inspectAnnData` goes by. */
export interface InspectOptions {
  /** Symbols of the model's genes. */
  genes: ReadonlySet<string>;
  /** The model's species, and the one that names are read as; by default `genes` are the symbols of one species, human. */
  model?: SpeciesLists;
  /** True if somebody chose that species (false). */
  asked?: boolean;
  /** The caller's choice of matrix. */
  matrix?: string;
  /** The caller's choice of a var column with gene names. */
  geneColumn?: string;
  /** Repairs of gene names to take, as `parseRepairs` gives them (the certain ones). */
  repair?: readonly string[];
  /** Loads the table of previous and alias symbols; without it none is recognized. */
  aliases?: () => Promise<AliasTable>;
  /** Data sets that the model was trained on (none): that the file has their cells is a problem of its own. */
  trainedOn?: readonly TrainingSet[];
  signal?: AbortSignal;
}

/**
 * Looks a file over: every matrix (bounded samples of large ones), gene names against the model's genes, duplicate
 * names. What makes the file useless is told in `problems`, not thrown; thrown is only what keeps obs and var
 * themselves from being read, or a choice that does not exist.
 */
export async function inspectAnnData(anndata: AnnData, options: InspectOptions): Promise<Inspection> {
  const {genes, model, asked, matrix, geneColumn, repair, aliases, trainedOn, signal} = options;
  const columnSums = new Map<string, Float64Array>();
  const choice = await chooseMatrix(anndata, {
    all: true,
    matrix,
    genes: model === undefined ? genes : namesKnown(model),
    geneColumn,
    columnSums,
    signal
  });
  const named = choice.chosen ?? anndata.matrices.find(({fault}) => fault === null) ?? null;
  checkColumns(anndata, signal);
  const found = await namedGenes(anndata, named ?? {genes: "var"}, {
    known: genes,
    model,
    column: geneColumn,
    repair,
    aliases
  });
  const sums = columnSums.get(named?.name ?? "") ?? null;
  const {problems, duplicates, genes: report} = fileProblems(anndata, choice, found, sums, genes, trainedOn, asked);
  const listed = choice.chosen?.recovered === undefined ? anndata.matrices : [...anndata.matrices, choice.chosen];
  return {
    file: {name: anndata.name, bytes: anndata.reader.byteLength},
    layout: anndata.layout,
    nObs: anndata.nObs,
    nVar: anndata.nVar,
    matrices: listed.map(({place: _, ...info}) => {
      const candidate = choice.candidates.find(({name}) => name === info.name);
      return {...info, fault: info.fault ?? candidate?.fault ?? null, evidence: candidate?.evidence ?? null};
    }),
    matrix: {name: choice.chosen?.name ?? null, reason: choice.reason, isCounts: choice.isCounts},
    genes: report,
    duplicates,
    obs: anndata.columns("obs"),
    var: anndata.columns("var"),
    obsm: anndata.obsm,
    problems
  };
}
