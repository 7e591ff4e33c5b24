import type {AnnData, JoinedFile} from "../anndata/anndata.js";
import {chooseMatrix, type MatrixChoice} from "../anndata/choose-matrix.js";
import {fileProblems} from "../anndata/file-problems.js";
import {leftOutWords} from "../anndata/left-out-words.js";
import type {MatrixInfo} from "../anndata/matrix-info.js";
import {namedGenes, type NamedGenes} from "../anndata/named-genes.js";
import {throwNoCounts} from "../anndata/throw-no-counts.js";
import type {Problem} from "../anndata/problem.js";
import type {AliasTable} from "../cells/alias-table.js";
import {namesKnown} from "../cells/names-known.js";
import {publicFilterLimits} from "../cells/public-filter-limits.js";
import type {SpeciesLists} from "../cells/species-lists.js";
import type {TrainingSet} from "../cells/seen-cells.js";
import {alignGenes, type Alignment} from "../cells/align.js";
import {WorkbookError} from "../errors.js";
import {publicFilter} from "./public-filter.js";
import type {ModelGene} from "../types.js";

/** What the load stage finds: which values to read, and which of the file's genes the model knows. */
export interface PreparedCells {
  anndata: AnnData;
  matrix: MatrixInfo;
  choice: MatrixChoice;
  names: NamedGenes;
  alignment: Alignment;
  /** Rows to use, ascending. */
  rows: Int32Array;
  /** What is to be said of the file wherever a result of it is written: `fileProblems` without errors and what is not used. */
  problems: Problem[];
  notices: {severity: "info" | "warning"; code: string; message: string}[];
  /** How many genes and cells the public script's filter leaves out, of several files the sum; absent where it was not asked for. */
  leftOut?: {genes: number; cells: number};
  /** Of several files that are read as one: each prepared by itself, with its rows, and the row of its first cell. */
  files?: PreparedFile[];
}

/** One of several files that are read as one. */
export interface PreparedFile {
  prepared: PreparedCells;
  /** Row of its first cell among all cells. */
  first: number;
  /** Aligned index among all files' genes of each of its aligned genes. */
  alignedOf: Int32Array;
}

/** What is asked of the load stage; null leaves the choice to it. */
export interface LoadParameters {
  matrix: string | null;
  geneColumn: string | null;
  /** The model's species that was asked for (none). */
  species?: string | null;
  /** Repairs of gene names (the certain ones). */
  repair?: readonly string[];
  /** Genes and cells to leave out (none). */
  filter?: "public";
}

/** What the load stage may be given beside its parameters. */
export interface PrepareOptions {
  /** The model's species, and the one that `genes` are of; by default they are of one species, human. */
  model?: SpeciesLists;
  /** Loads the table of previous and alias symbols; without it none is recognized. */
  aliases?: () => Promise<AliasTable>;
  /** Data sets that the model was trained on (none): that these cells are among them is a notice. */
  trainedOn?: readonly TrainingSet[];
  signal?: AbortSignal;
}

/**
 * The load stage (docs/reading.md): chooses the matrix that holds counts, or takes the one asked for and says so if it
 * does not; repairs gene names as asked and aligns them with the model's genes. `rows` are the cells wanted, ascending; null is
 * all of them. Reads a bounded sample of values. Throws a WorkbookError if there is nothing that could be embedded: "no-cells",
 * "no-counts", "no-x", "not-recoverable", whatever else `fileProblems` calls an error ("no-gene-in-common", "transposed", "other-species"), or
 * one of the reader's.
 */
export async function prepareCells(
  anndata: AnnData,
  genes: readonly ModelGene[],
  {matrix, species = null, geneColumn, repair, filter}: LoadParameters,
  rows: Int32Array | null,
  options: PrepareOptions = {}
): Promise<PreparedCells> {
  const {model, aliases, trainedOn, signal} = options;
  requireCells(anndata);
  const known = new Set(genes.map(({symbol}) => symbol));
  const columnSums = new Map<string, Float64Array>();
  const choice = await chooseMatrix(anndata, {
    matrix: matrix ?? undefined,
    geneColumn: geneColumn ?? undefined,
    genes: model === undefined ? known : namesKnown(model),
    columnSums,
    signal
  });
  if (choice.chosen === null) throwNoCounts(anndata, choice);
  const column = geneColumn ?? undefined;
  const names = await namedGenes(anndata, choice.chosen, {known, column, repair, aliases, model});
  const sums = columnSums.get(choice.chosen.name) ?? null;
  const found = fileProblems(anndata, choice, names, sums, known, trainedOn, species !== null);
  const fatal = found.problems.find(({severity}) => severity === "error");
  if (fatal !== undefined) throw refusal(fatal);
  const problems = found.problems.filter(({aside}) => aside !== true);
  const isFiltered = filter === "public" && anndata.files === undefined;
  const left = isFiltered ? await publicFilter(anndata, choice.chosen, signal) : undefined;
  const alignment = alignGenes(names.names, genes, left);
  const own = {matrix: choice.chosen.name, species, geneColumn, repair, filter};
  const files = anndata.files && (await prepareFiles(anndata, genes, alignment, own, rows, options));
  const leftOut = leftOutOf(left === undefined ? (files ?? []).map(({prepared}) => prepared.leftOut) : [left]);
  return {
    anndata,
    ...(files && {files}),
    ...(leftOut && {leftOut}),
    matrix: choice.chosen,
    choice,
    names,
    alignment,
    rows: rows ?? Int32Array.from({length: anndata.nObs}, (_, row) => row),
    problems,
    notices: [
      ...joinedNotice(anndata.files),
      ...filterNotice(leftOut),
      ...choiceNotices(choice, matrix !== null),
      ...problems.map(noticeOf)
    ]
  };
}

/** Each file as it is prepared alone, so that its cells get the sentences that they have alone. */
async function prepareFiles(
  joined: AnnData,
  genes: readonly ModelGene[],
  {alignedOfColumn}: Alignment,
  parameters: LoadParameters,
  rows: Int32Array | null,
  options: PrepareOptions
): Promise<PreparedFile[]> {
  const all: PreparedFile[] = [];
  for (const [file, {anndata, first}] of joined.files!.entries()) {
    const own = rows?.filter((row) => row >= first && row < first + anndata.nObs).map((row) => row - first) ?? null;
    if (own?.length === 0) continue;
    const prepared = await prepareCells(anndata, genes, parameters, own, options);
    const columns = joined.columnsOfFile!(file, prepared.matrix.genes);
    const alignedOf = prepared.alignment.columns.map((column) => alignedOfColumn[columns[column]]);
    all.push({prepared, first, alignedOf});
  }
  return all;
}

/** That several files are read as one, and what that changes for a cell: nothing. */
function joinedNotice(files: readonly JoinedFile[] | undefined): PreparedCells["notices"] {
  if (files === undefined) return [];
  const message = `${files.length} files are read as one: ${files.map(({label}) => label).join(", ")}. Each cell keeps the seed of its row in its own file, so its vector is the one that it has alone`;
  return [{severity: "info", code: "joined-files", message}];
}

/** What is left out of all files; undefined where no filter was asked for. */
function leftOutOf(all: readonly PreparedCells["leftOut"][]): PreparedCells["leftOut"] {
  const told = all.filter((one) => one !== undefined);
  const sum = (of: "genes" | "cells") => told.reduce((total, one) => total + one[of], 0);
  return told.length === 0 ? undefined : {genes: sum("genes"), cells: sum("cells")};
}

/** That the public script's filter was on, and what it leaves out. */
function filterNotice(left: PreparedCells["leftOut"]): PreparedCells["notices"] {
  if (left === undefined) return [];
  const {cells, genes} = publicFilterLimits;
  const message = `as the public script of the original UCE does by default, ${left.genes} genes that fewer than ${cells} cells have are left out, and ${left.cells} cells with fewer than ${genes} of the others, which get no vector`;
  return [{severity: "info", code: "public-filter", message}];
}

function refusal({code, message, place, remedy}: Problem): WorkbookError {
  return new WorkbookError({domain: "genes", code, fault: message, place, remedy});
}

function noticeOf({severity, code, message, remedy}: Problem): PreparedCells["notices"][number] {
  const said = /^nothing to do(?!;)/.test(remedy) ? message : `${message}: ${remedy.replace(/^nothing to do; /, "")}`;
  return {severity: severity === "error" ? "warning" : severity, code, message: said};
}

function requireCells({name, nObs, nVar, features}: AnnData): void {
  if (nObs > 0 && nVar > 0) return;
  const what = nObs === 0 ? "cells" : "genes";
  const {leftOut} = features("var");
  const instead = nObs === 0 || leftOut.length === 0 ? "" : `: its features are ${leftOutWords(leftOut)}`;
  throw new WorkbookError({
    domain: "cells",
    code: `no-${what}`,
    fault: `${name} has no ${what} (${nObs} cells, ${nVar} genes)${instead}`,
    place: nObs === 0 ? "/obs" : "/var",
    remedy: `open a file with ${what}; perhaps a filter before it was saved kept none`
  });
}

/** Says which matrix is read where that is not X and was not asked for. */
function choiceNotices({chosen, reason, isCounts}: MatrixChoice, asked: boolean): PreparedCells["notices"] {
  if (!isCounts)
    return [{severity: "warning", code: "not-counts", message: `matrix ${reason}; the model was trained on counts`}];
  if (asked || chosen!.name === "X") return [];
  return [{severity: "info", code: "matrix", message: `matrix ${reason}`}];
}
