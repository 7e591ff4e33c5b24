import type {CsrBlock} from "../types.js";
import type {Alignment} from "./align.js";

/** What aligning genes costs: of each cell, and of each gene that the model does not have. */
export interface GeneCoverage {
  /** Rows of the cells looked at, ascending. */
  rows: Int32Array;
  /** Sum of each cell's counts over all genes of the file. */
  totalCounts: Float64Array;
  /** Genes of the file with a count, a cell. */
  nGenes: Int32Array;
  /** Share of each cell's counts on genes that the model does not have, 0 to 1; NaN for a cell without counts. */
  lostShare: Float64Array;
  /** Sum of counts over the cells looked at, of each gene of the file. */
  countsOfGene: Float64Array;
}

/**
 * Goes through blocks of rows and adds up each cell's counts, its genes, and the share that is lost because the model has
 * no such gene. Values that are no counts (negative, NaN, infinite) are left out. Throws what `blocks` throws.
 */
export async function measureCoverage(
  blocks: AsyncIterable<CsrBlock>,
  {alignedOfColumn, nCols}: Alignment
): Promise<GeneCoverage> {
  const rows: number[] = [];
  const totalCounts: number[] = [];
  const nGenes: number[] = [];
  const lostShare: number[] = [];
  const countsOfGene = new Float64Array(nCols);
  for await (const block of blocks) {
    for (let i = 0; i < block.rows.length; ++i) {
      let [total, lost, genes] = [0, 0, 0];
      for (let k = block.indptr[i]; k < block.indptr[i + 1]; ++k) {
        const value = block.values[k];
        if (!(value > 0) || !Number.isFinite(value)) continue;
        const column = block.indices[k];
        total += value;
        ++genes;
        countsOfGene[column] += value;
        if (alignedOfColumn[column] < 0) lost += value;
      }
      rows.push(block.rows[i]);
      totalCounts.push(total);
      nGenes.push(genes);
      lostShare.push(lost / total);
    }
  }
  return {
    rows: Int32Array.from(rows),
    totalCounts: Float64Array.from(totalCounts),
    nGenes: Int32Array.from(nGenes),
    lostShare: Float64Array.from(lostShare),
    countsOfGene
  };
}
