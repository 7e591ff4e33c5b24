import type {AnnData} from "../anndata/anndata.js";
import {chooseMatrix, type MatrixChoice} from "../anndata/choose-matrix.js";
import {geneNameCandidates, geneNames, type GeneNames} from "../anndata/gene-names.js";
import {leftOutWords} from "../anndata/left-out-words.js";
import type {MatrixInfo} from "../anndata/matrix-info.js";
import {matrixNotes} from "../anndata/matrix-notes.js";
import {throwNoCounts} from "../anndata/throw-no-counts.js";
import {alignGenes, type Alignment, type NameCandidate} from "../cells/align.js";
import {WorkbookError} from "../errors.js";
import type {ModelGene} from "../types.js";

/** What the load stage finds: which values to read, and which of the file's genes the model knows. */
export interface PreparedCells {
  anndata: AnnData;
  matrix: MatrixInfo;
  choice: MatrixChoice;
  names: GeneNames;
  alignment: Alignment;
  /** Rows to use, ascending. */
  rows: Int32Array;
  notices: {severity: "info" | "warning"; code: string; message: string}[];
}

/** What is asked of the load stage; null leaves the choice to it. */
export interface LoadParameters {
  matrix: string | null;
  geneColumn: string | null;
}

/**
 * The load stage (spec/pipeline.md, 1): chooses the matrix that holds counts, or takes the one asked for and says so if it
 * does not; aligns gene names with the model's genes. `rows` are the cells wanted, ascending; null is all of them.
 * Reads a bounded sample of values. Throws a WorkbookError if there is nothing that could be embedded: "no-cells",
 * "no-counts", "no-x", "not-recoverable", "no-gene-in-common", or one of the reader's.
 */
export async function prepareCells(
  anndata: AnnData,
  genes: readonly ModelGene[],
  {matrix, geneColumn}: LoadParameters,
  rows: Int32Array | null,
  signal?: AbortSignal
): Promise<PreparedCells> {
  requireCells(anndata);
  const choice = await chooseMatrix(anndata, {
    matrix: matrix ?? undefined,
    geneColumn: geneColumn ?? undefined,
    genes: new Set(genes.map(({symbol}) => symbol)),
    signal
  });
  if (choice.chosen === null) throwNoCounts(anndata, choice);
  const names = geneNames(anndata, choice.chosen, {column: geneColumn ?? undefined});
  const candidates = geneNameCandidates(anndata, choice.chosen)
    .filter(({source}) => source !== names.source)
    .map(({source, names: list}) => ({column: source.replace(/^(raw\/)?var\//, ""), names: list}));
  const alignment = alignGenes(names.names, genes, candidates);
  return {
    anndata,
    matrix: choice.chosen,
    choice,
    names,
    alignment,
    rows: rows ?? Int32Array.from({length: anndata.nObs}, (_, row) => row),
    notices: [...matrixNotices(anndata, choice, matrix !== null), ...geneNotices(alignment, candidates, names, genes)]
  };
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

/** Which matrix is used where that is not plain, and all that `inspect` has to say of it. */
function matrixNotices(anndata: AnnData, choice: MatrixChoice, asked: boolean): PreparedCells["notices"] {
  const {chosen, reason, isCounts} = choice;
  const notices: PreparedCells["notices"] = matrixNotes(anndata, choice).map(({severity, code, message, remedy}) => ({
    severity: severity === "info" ? "info" : "warning",
    code,
    message: /^nothing to do/.test(remedy) ? message : `${message}: ${remedy}`
  }));
  if (!isCounts)
    notices.unshift({
      severity: "warning",
      code: "not-counts",
      message: `matrix ${reason}; the model was trained on counts`
    });
  else if (!asked && chosen!.name !== "X")
    notices.unshift({severity: "info", code: "matrix", message: `matrix ${reason}`});
  return notices;
}

function geneNotices(
  {columns, nCols}: Alignment,
  candidates: readonly NameCandidate[],
  names: GeneNames,
  genes: readonly ModelGene[]
): PreparedCells["notices"] {
  const known = new Set(genes.map(({symbol}) => symbol));
  const better = candidates
    .map(({column, names: list}) => ({column, matched: list.reduce((n, name) => n + Number(known.has(name)), 0)}))
    .sort((a, b) => b.matched - a.matched)
    .find(({matched}) => matched > 1.1 * columns.length);
  if (better === undefined && columns.length >= nCols / 5) return [];
  const share = `${columns.length} of ${nCols} genes (names from ${names.source}) are known to the model`;
  const offer = better === undefined ? "" : `; the var column ${better.column} would give ${better.matched}`;
  return [{severity: "warning", code: "few-genes", message: share + offer}];
}
