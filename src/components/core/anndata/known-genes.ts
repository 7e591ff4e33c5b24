import {isWorkbookError} from "../errors.js";
import type {AnnData} from "./anndata.js";
import {countKnown} from "./count-known.js";
import {geneNames} from "./gene-names.js";

/**
 * How many genes of the matrix called `name` are among `genes`, the model's symbols (unless told: how many genes it has). The
 * names are those that would be used, with the caller's choice of a column where the matrix's table has it.
 */
export function knownGenes(anndata: AnnData, name: string, genes?: ReadonlySet<string>, column?: string): number {
  const info = anndata.matrix(name);
  if (genes === undefined) return info.nCols;
  return countKnown(namesOrIndex(anndata, info, column).names, genes);
}

function namesOrIndex(anndata: AnnData, info: Parameters<typeof geneNames>[1], column?: string): {names: string[]} {
  try {
    return geneNames(anndata, info, {column});
  } catch (error) {
    if (!isWorkbookError(error) || column === undefined) throw error;
    return geneNames(anndata, info);
  }
}
