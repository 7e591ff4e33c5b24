import type {AnnData} from "./anndata.js";
import {chooseMatrix} from "./choose-matrix.js";
import type {ColumnInfo} from "./column.js";
import {geneNames} from "./gene-names.js";
import {measureGenes} from "./inspect-genes.js";
import type {GeneReport} from "./inspect-genes.js";
import {matrixProblems} from "./inspect-matrices.js";
import {leftOutWords} from "./left-out-words.js";
import type {MatrixEvidence} from "./matrix-evidence.js";
import type {MatrixInfo} from "./matrix-info.js";
import type {ObsmInfo} from "./obsm.js";
import type {Problem} from "./problem.js";

/** A matrix and what its values are; `evidence` is null where it could not be read (`fault` says why). */
export interface InspectedMatrix extends Omit<MatrixInfo, "place"> {
  evidence: MatrixEvidence | null;
}

/** What a file holds, whether it is of use, and what is wrong with it: plain JSON. */
export interface Inspection {
  file: {name: string; bytes: number};
  /** Layout for people ("anndata 0.1.0"). */
  layout: string;
  /** Cells and genes (of var). */
  nObs: number;
  nVar: number;
  /** Every matrix, those that hold counts and the others; counts had back from one of them if they were asked for. */
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

/** How many rows (columns) repeat the name of an earlier one, and the first name that is repeated. */
export interface Duplicates {
  count: number;
  first: string | null;
}

/** What `inspectAnnData` goes by. */
export interface InspectOptions {
  /** Symbols of the model's genes. */
  genes: ReadonlySet<string>;
  /** The caller's choice of matrix. */
  matrix?: string;
  /** The caller's choice of a var column with gene names. */
  geneColumn?: string;
  signal?: AbortSignal;
}

/**
 * Looks a file over: every matrix (bounded samples of large ones), gene names against the model's genes, duplicate
 * names. What makes the file useless is told in `problems`, not thrown; thrown is only what keeps obs and var
 * themselves from being read, or a choice that does not exist.
 */
export async function inspectAnnData(anndata: AnnData, options: InspectOptions): Promise<Inspection> {
  const {genes, matrix, geneColumn, signal} = options;
  const columnSums = new Map<string, Float64Array>();
  const choice = await chooseMatrix(anndata, {all: true, matrix, genes, geneColumn, columnSums, signal});
  const problems: Problem[] = [...sizeProblems(anndata), ...matrixProblems(anndata, choice)];
  const named = choice.chosen ?? anndata.matrices.find(({fault}) => fault === null) ?? null;
  const {names, ...source} = geneNames(anndata, named ?? {genes: "var"}, {column: geneColumn});
  const report = measureGenes(anndata, {names, ...source}, columnSums.get(named?.name ?? "") ?? null, genes);
  const duplicates = {cells: findDuplicates(anndata.obsNames()), genes: findDuplicates(names)};
  problems.push(...report.problems, ...duplicateProblems(duplicates.cells, duplicates.genes));
  const listed = choice.chosen?.recovered === undefined ? anndata.matrices : [...anndata.matrices, choice.chosen];
  const order = {error: 0, warning: 1, info: 2};
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
    genes: report.genes,
    duplicates,
    obs: anndata.columns("obs"),
    var: anndata.columns("var"),
    obsm: anndata.obsm,
    problems: problems.sort((a, b) => order[a.severity] - order[b.severity])
  };
}

function sizeProblems({nObs, nVar, features}: AnnData): Problem[] {
  const problems: Problem[] = [];
  if (nObs === 0) {
    problems.push({
      code: "no-cells",
      severity: "error",
      message: "the file has no cells",
      place: "/obs",
      remedy: "open a file with cells; perhaps a filter before it was saved kept none"
    });
  }
  if (nVar === 0) {
    const {leftOut} = features("var");
    problems.push({
      code: "no-genes",
      severity: "error",
      message: `the file has no genes${leftOut.length === 0 ? "" : `: its features are ${leftOutWords(leftOut)}`}`,
      place: "/var",
      remedy: "open a file with genes; perhaps a filter before it was saved kept none"
    });
  }
  return problems;
}

function findDuplicates(names: string[]): Duplicates {
  const seen = new Set<string>();
  let count = 0;
  let first: string | null = null;
  for (const name of names) {
    if (seen.has(name)) {
      count++;
      first ??= name;
    }
    seen.add(name);
  }
  return {count, first};
}

function duplicateProblems(cells: Duplicates, genes: Duplicates): Problem[] {
  const problems: Problem[] = [];
  const say = ({count, first}: Duplicates, one: string, many: string) => {
    const who = count === 1 ? `${one} has a name that stands` : `${many} have names that stand`;
    return `${count} ${who} more than once, "${first}" for one`;
  };
  if (cells.count > 0) {
    problems.push({
      code: "duplicate-cells",
      severity: "warning",
      place: "/obs",
      message: say(cells, "cell", "cells"),
      remedy: "tell such cells apart by their row, or rename them: adata.obs_names_make_unique()"
    });
  }
  if (genes.count > 0) {
    problems.push({
      code: "duplicate-genes",
      severity: "warning",
      place: "/var",
      message: say(genes, "gene", "genes"),
      remedy: "leave them (each is used as a gene of its own, as the reference does), or add them up"
    });
  }
  return problems;
}
