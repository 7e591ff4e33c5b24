import {isWorkbookError} from "../errors.js";
import type {AnnData} from "./anndata.js";
import {chooseMatrix, whyNot} from "./choose-matrix.js";
import type {MatrixChoice} from "./choose-matrix.js";
import type {ColumnInfo} from "./column.js";
import {geneNames} from "./gene-names.js";
import {measureGenes} from "./inspect-genes.js";
import type {GeneReport} from "./inspect-genes.js";
import type {MatrixEvidence} from "./matrix-evidence.js";
import type {MatrixInfo} from "./matrix-info.js";
import type {ObsmInfo} from "./obsm.js";

/** Something that a person should know about a file. "error": as it is the file is of no use to the model. */
export interface Problem {
  /** Stable kebab-case name ("negative", "no-gene-in-common", "duplicate-cells"). */
  code: string;
  severity: "error" | "warning" | "info";
  /** One sentence without a full stop, with the offending value. */
  message: string;
  /** Path in the file, or name of the matrix, where there is one. */
  place?: string;
  /** The way out: one imperative sentence without a full stop. */
  remedy: string;
}

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
  /** Every matrix, those that hold counts and the others. */
  matrices: InspectedMatrix[];
  /** The matrix that would be used, and why; `name` is null if there is none. */
  matrix: {name: string | null; reason: string; isCounts: boolean};
  /** Names and alignment of that matrix's genes; of var's where there is none. */
  genes: GeneReport;
  /** Names that stand more than once: how many rows (columns) repeat an earlier one's name, and one of them. */
  duplicates: {cells: {count: number; first: string | null}; genes: {count: number; first: string | null}};
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
  const choice = await chooseMatrix(anndata, {all: true, ...(matrix !== undefined && {matrix}), ...(signal && {signal})});
  const problems: Problem[] = [...sizeProblems(anndata), ...matrixProblems(anndata, choice)];
  const named = choice.chosen ?? anndata.matrices.find(({fault}) => fault === null) ?? null;
  const column = geneColumn === undefined ? {} : {column: geneColumn};
  const {names, ...source} = geneNames(anndata, named ?? {genes: "var"}, column);
  const readable = named !== null && isReadable(choice, named) ? named : null;
  const report = await measureGenes(anndata, {names, ...source}, readable, genes, signal);
  const duplicates = {cells: findDuplicates(anndata.obsNames()), genes: findDuplicates(names)};
  problems.push(...report.problems, ...duplicateProblems(duplicates.cells, duplicates.genes));
  const order = {error: 0, warning: 1, info: 2};
  return {
    file: {name: anndata.name, bytes: anndata.reader.byteLength},
    layout: anndata.layout, nObs: anndata.nObs, nVar: anndata.nVar,
    matrices: anndata.matrices.map(({place: _, ...info}) => {
      const candidate = choice.candidates.find(({name}) => name === info.name);
      return {...info, fault: info.fault ?? candidate?.fault ?? null, evidence: candidate?.evidence ?? null};
    }),
    matrix: {name: choice.chosen?.name ?? null, reason: choice.reason, isCounts: choice.isCounts},
    genes: report.genes, duplicates,
    obs: anndata.columns("obs"), var: anndata.columns("var"), obsm: anndata.obsm,
    problems: problems.sort((a, b) => order[a.severity] - order[b.severity])
  };
}

function isReadable({candidates}: MatrixChoice, {name}: MatrixInfo): boolean {
  return candidates.find((candidate) => candidate.name === name)?.evidence != null;
}

function sizeProblems({nObs, nVar}: AnnData): Problem[] {
  const problems: Problem[] = [];
  if (nObs === 0) {
    problems.push({code: "no-cells", severity: "error", message: "the file has no cells", place: "/obs",
      remedy: "open a file with cells; perhaps a filter before it was saved kept none"});
  }
  if (nVar === 0) {
    problems.push({code: "no-genes", severity: "error", message: "the file has no genes", place: "/var",
      remedy: "open a file with genes; perhaps a filter before it was saved kept none"});
  }
  return problems;
}

/** Problems of the matrices: errors where they leave nothing to use; where another holds counts, only what is broken. */
function matrixProblems(anndata: AnnData, choice: MatrixChoice): Problem[] {
  const problems: Problem[] = [];
  const {chosen, isCounts, candidates} = choice;
  if (!anndata.matrices.some(({name}) => name === "X")) {
    const elsewhere = chosen === null ? "" : `; ${chosen.name} is used`;
    problems.push({code: "no-x", severity: chosen === null ? "error" : "info", message: `the file has no X${elsewhere}`, place: "/X",
      remedy: chosen === null ? "write the counts into X, or open the file that they are in" : "nothing to do"});
  }
  const sized = anndata.nObs > 0 && anndata.nVar > 0;
  for (const candidate of candidates) {
    const {name, evidence} = candidate;
    if (name === chosen?.name && isCounts) {
      problems.push(...countsNotes(name, evidence));
      continue;
    }
    if (evidence !== null && (!sized || evidence.verdict === "counts")) continue;
    if (evidence !== null && chosen !== null && name !== chosen.name && evidence.verdict !== "invalid") continue;
    const severity = chosen === null ? "error" : name === chosen.name ? "warning" : "info";
    const message = `matrix ${name} ${whyNot(candidate)}`;
    problems.push({code: candidate.faultCode ?? codeOf(evidence), severity, message, place: anndata.matrices.find((m) => m.name === name)!.place,
      remedy: severity === "info" ? "nothing to do: another matrix is used" : remedyFor(candidate.faultCode ?? codeOf(evidence))});
  }
  if (sized && chosen === null && candidates.length > 0) {
    const names = candidates.map(({name}) => name).join(", ");
    problems.push({code: "no-counts", severity: "error", message: `no matrix of the file holds counts; looked at ${names}`,
      remedy: "put raw counts into X, raw/X or a layer, or name the matrix to use all the same"});
  }
  return problems;
}

function countsNotes(name: string, evidence: MatrixEvidence | null): Problem[] {
  if (evidence === null || evidence.max > 1) return [];
  return [{code: "binary", severity: "warning", message: `matrix ${name} holds nothing but 0 and 1`, place: name,
    remedy: "check that it was not made binary; the model was trained on counts"}];
}

function codeOf(evidence: MatrixEvidence | null): string {
  if (evidence === null) return "unreadable";
  if (evidence.verdict === "empty") return "all-zero";
  if (evidence.nan > 0) return "nan";
  if (evidence.infinite > 0) return "infinite";
  return evidence.negative > 0 ? "negative" : "non-integer";
}

function remedyFor(code: string): string {
  switch (code) {
    case "all-zero":
      return "open a file with counts";
    case "nan":
    case "infinite":
      return "replace such values by what was counted, or name this matrix all the same: cells that hold them then get no result";
    case "negative":
      return "put raw counts into X, raw/X or a layer: scaled or batch-corrected values cannot be turned back";
    case "non-integer":
      return "put raw counts into X, raw/X or a layer, or name this matrix to use it all the same";
    case "unknown-compression":
      return 'write the file again with compression="gzip" or without compression';
    default:
      return "download or copy the file again, or write it again with anndata's write_h5ad";
  }
}

function findDuplicates(names: string[]): {count: number; first: string | null} {
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

function duplicateProblems(cells: {count: number; first: string | null}, genes: {count: number; first: string | null}): Problem[] {
  const problems: Problem[] = [];
  if (cells.count > 0) {
    problems.push({code: "duplicate-cells", severity: "warning", place: "/obs",
      message: `${cells.count} ${cells.count === 1 ? "cell has a name that stands" : "cells have names that stand"} more than once, "${cells.first}" for one`,
      remedy: "tell such cells apart by their row, or rename them: adata.obs_names_make_unique()"});
  }
  if (genes.count > 0) {
    problems.push({code: "duplicate-genes", severity: "warning", place: "/var",
      message: `${genes.count} ${genes.count === 1 ? "gene has a name that stands" : "genes have names that stand"} more than once, "${genes.first}" for one`,
      remedy: "nothing must be done: each is used as a gene of its own, as the reference does; add them up to avoid that"});
  }
  return problems;
}

/** The fault of `error` as a problem; anything but a WorkbookError is thrown again. */
export function problemOf(error: unknown): Problem {
  if (!isWorkbookError(error)) throw error;
  const {code, fault, place, remedy} = error.details;
  return {code, severity: "error", message: fault, remedy, ...(place !== undefined && {place})};
}
