import {isWorkbookError} from "../errors.js";
import type {WorkbookError} from "../errors.js";
import type {AnnData} from "./anndata.js";
import {borrowedNames, type BorrowedNames} from "./borrowed-names.js";
import {columnAsText} from "./column.js";
import type {MatrixInfo} from "./matrix-info.js";
import {isEmptyName, symbolColumns} from "./symbol-columns.js";

/** Names of a matrix's columns, and where they come from. */
export interface GeneNames {
  names: string[];
  /** "var_names", "var/feature_name", "raw/var/feature_name", ... */
  source: string;
  /** Which table: raw/X has its own. */
  axis: "var" | "raw/var";
  /** Of names looked up in the file's other table of genes, 1 for each gene that it lacks, which goes by its id then. */
  notThere?: Uint8Array;
}

/**
 * Gene names of `matrix`: its index, unless that begins with an Ensembl id ("ENSG", "ENSMUSG"); then the first known column of
 * symbols that is more than half filled, an empty value falling back to the id; where the matrix's table has no such column, that
 * of the file's other table of genes, by the ids (`borrowedNames`): raw/var often has ids only. A column that the caller names is used
 * whatever the index looks like, in the other table if the matrix's has none of that name. Throws a WorkbookError of domain "anndata", code "no-column", if there is no such, or what keeps a column from
 * being read ("column-length"): the one that the caller names, or the only one that holds symbols.
 */
export function geneNames(
  anndata: AnnData,
  matrix: Pick<MatrixInfo, "genes">,
  {column}: {column?: string} = {}
): GeneNames {
  const axis = matrix.genes;
  const index = anndata.varNames(axis);
  if (column !== undefined) {
    if (!anndata.columns(axis).some(({name}) => name === column)) {
      const other = borrowedNames(anndata, axis, index).find((names) => names.column === column);
      if (other !== undefined) return fromOther(other, index, axis);
    }
    return {names: filled(columnAsText(anndata.column(axis, column)), index), source: `${axis}/${column}`, axis};
  }
  if (isEnsemblId(index[0])) {
    const infos = anndata.columns(axis);
    let damaged: WorkbookError | null = null;
    for (const name of symbolColumns) {
      const info = infos.find((candidate) => candidate.name === name);
      if (info === undefined || (info.kind === "other" && info.fault === undefined)) continue;
      const values = textOrFault(anndata, axis, name);
      if (values instanceof Error) {
        damaged ??= values;
        continue;
      }
      const present = values.reduce((n, value) => n + (isEmptyName(value) ? 0 : 1), 0);
      if (present > values.length / 2) return {names: filled(values, index), source: `${axis}/${name}`, axis};
    }
    const symbols = borrowedNames(anndata, axis, index).find(isSymbols);
    if (symbols !== undefined) return fromOther(symbols, index, axis);
    if (damaged !== null) throw damaged;
  }
  return {names: index, source: indexName(axis), axis};
}

/** The values of a column as text, or why it cannot be read. */
function textOrFault(anndata: AnnData, axis: GeneNames["axis"], name: string): (string | null)[] | WorkbookError {
  try {
    return columnAsText(anndata.column(axis, name));
  } catch (error) {
    if (isWorkbookError(error)) return error;
    throw error;
  }
}

/**
 * The index and every column of text that could hold gene names, so that a caller can offer the one that fits. A column that
 * cannot be read is left out.
 */
export function geneNameCandidates(anndata: AnnData, matrix: Pick<MatrixInfo, "genes">): GeneNames[] {
  const axis = matrix.genes;
  const index = anndata.varNames(axis);
  const candidates: GeneNames[] = [{names: index, source: indexName(axis), axis}];
  for (const {name, kind} of anndata.columns(axis)) {
    if (kind !== "string" && kind !== "categorical") continue;
    const values = textOrFault(anndata, axis, name);
    if (values instanceof Error) continue;
    candidates.push({names: filled(values, index), source: `${axis}/${name}`, axis});
  }
  return [...candidates, ...borrowedNames(anndata, axis, index).map((other) => fromOther(other, index, axis))];
}

/** Symbols for what goes by Ensembl ids: a column of symbols, or an index that is none of ids; some of its genes are in the other table. */
function isSymbols({column, names}: BorrowedNames): boolean {
  const known = names.filter((name) => name !== null);
  if (known.length === 0) return false;
  return column === null ? !isEnsemblId(known[0]) : (symbolColumns as readonly string[]).includes(column);
}

/** True of an Ensembl id of a gene, of whichever species. */
function isEnsemblId(name: string | undefined): boolean {
  return name !== undefined && /^ENS[A-Z]{0,4}G\d/.test(name);
}

function fromOther({names, source}: BorrowedNames, index: string[], axis: GeneNames["axis"]): GeneNames {
  return {names: filled(names, index), source, axis, notThere: Uint8Array.from(names, (name) => Number(name === null))};
}

function indexName(axis: "var" | "raw/var"): string {
  return axis === "var" ? "var_names" : "raw/var_names";
}

function filled(values: (string | null)[], index: string[]): string[] {
  return values.map((value, i) => (isEmptyName(value) ? index[i] : value!));
}
