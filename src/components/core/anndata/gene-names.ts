import type {AnnData} from "./anndata.js";
import {columnAsText} from "./column.js";
import type {MatrixInfo} from "./matrix-info.js";

/** Names of a matrix's columns, and where they come from. */
export interface GeneNames {
  names: string[];
  /** "var_names", "var/feature_name", "raw/var/feature_name", ... */
  source: string;
  /** Which table: raw/X has its own. */
  axis: "var" | "raw/var";
}

/** Columns of var that hold symbols where the index holds Ensembl ids, in the order of spec/pipeline.md 1.1. */
const symbolColumns = ["feature_name", "gene_symbols", "gene_symbol", "gene_name", "symbol", "name"];

/**
 * Gene names of `matrix`: its index, unless that begins with an Ensembl id ("ENSG"); then the first known column of
 * symbols that is more than half filled, an empty value falling back to the id. A column that the caller names is used
 * whatever the index looks like. Throws a WorkbookError of domain "anndata", code "no-column", if there is no such.
 */
export function geneNames(
  anndata: AnnData,
  matrix: Pick<MatrixInfo, "genes">,
  {column}: {column?: string} = {}
): GeneNames {
  const axis = matrix.genes;
  const index = anndata.varNames(axis);
  if (column !== undefined) {
    return {names: filled(columnAsText(anndata.column(axis, column)), index), source: `${axis}/${column}`, axis};
  }
  if (index[0]?.startsWith("ENSG")) {
    const infos = anndata.columns(axis);
    for (const name of symbolColumns) {
      const info = infos.find((candidate) => candidate.name === name);
      if (info === undefined || info.kind === "other") continue;
      const values = columnAsText(anndata.column(axis, name));
      const present = values.reduce((n, value) => n + (isEmpty(value) ? 0 : 1), 0);
      if (present > values.length / 2) return {names: filled(values, index), source: `${axis}/${name}`, axis};
    }
  }
  return {names: index, source: indexName(axis), axis};
}

/** The index and every column of text that could hold gene names, so that a caller can offer the one that fits. */
export function geneNameCandidates(anndata: AnnData, matrix: Pick<MatrixInfo, "genes">): GeneNames[] {
  const axis = matrix.genes;
  const index = anndata.varNames(axis);
  const candidates: GeneNames[] = [{names: index, source: indexName(axis), axis}];
  for (const {name, kind} of anndata.columns(axis)) {
    if (kind !== "string" && kind !== "categorical") continue;
    candidates.push({names: filled(columnAsText(anndata.column(axis, name)), index), source: `${axis}/${name}`, axis});
  }
  return candidates;
}

function indexName(axis: "var" | "raw/var"): string {
  return axis === "var" ? "var_names" : "raw/var_names";
}

function isEmpty(value: string | null): boolean {
  return value === null || value === "" || value === "nan";
}

function filled(values: (string | null)[], index: string[]): string[] {
  return values.map((value, i) => (isEmpty(value) ? index[i] : value!));
}
