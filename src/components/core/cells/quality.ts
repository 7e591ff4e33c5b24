import type {CsrBlock} from "../types.js";

/** What quality control looks at, one entry a row of the file; NaN (0 for genes) for rows that were not measured. */
export interface CellQuality {
  /** Sum of the counts over all genes of the file. */
  totalCounts: Float64Array;
  /** Genes with a count above 0. */
  nGenes: Int32Array;
  /** Counts on mitochondrial genes over total counts, 0 to 1; NaN for a cell without counts. */
  mitoShare: Float64Array;
  /** Names of the mitochondrial genes that the file has; empty: the share says nothing. */
  mitoGenes: string[];
}

/** Symbols of genes on the mitochondrial chromosome begin so (human "MT-ND1", mouse "mt-Nd1"). */
const mitochondrial = /^mt-/i;

/**
 * Total counts, genes detected and mitochondrial share of cells, collected block by block: `add` takes blocks of rows in any
 * order, `result` is what is known so far. `names` are the file's gene names, one a column; `nCells` its number of rows.
 * A value that is NaN or infinite makes its cell's total and share NaN, so that no threshold above nothing lets it pass.
 */
export function qualityMeter(
  names: readonly string[],
  nCells: number
): {add(block: CsrBlock): void; result: CellQuality} {
  const isMito = Uint8Array.from(names, (name) => Number(mitochondrial.test(name)));
  const result: CellQuality = {
    totalCounts: new Float64Array(nCells).fill(NaN),
    nGenes: new Int32Array(nCells),
    mitoShare: new Float64Array(nCells).fill(NaN),
    mitoGenes: names.filter((_, column) => isMito[column] === 1)
  };
  const add = ({rows, indptr, indices, values}: CsrBlock): void => {
    for (let i = 0; i < rows.length; i += 1) {
      let [total, mito, genes] = [0, 0, 0];
      for (let at = indptr[i]; at < indptr[i + 1]; at += 1) {
        const value = values[at];
        total += value;
        if (value > 0) genes += 1;
        if (isMito[indices[at]] === 1) mito += value;
      }
      const row = rows[i];
      result.totalCounts[row] = Number.isFinite(total) ? total : NaN;
      result.nGenes[row] = genes;
      result.mitoShare[row] = total > 0 && Number.isFinite(total) ? mito / total : NaN;
    }
  };
  return {add, result};
}
