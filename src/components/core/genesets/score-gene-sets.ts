import type {CsrBlock} from "../types.js";

/** A set of genes. */
export interface GeneSet {
  name: string;
  /** Columns of its genes, each once. */
  columns: Int32Array;
}

/** Ranks beyond this are taken as equal: so many genes a cell shows, not more. */
const mostRank = 1500;

/**
 * Scores of gene sets for each cell of a block, rank-based (UCell: Andreatta and Carmona 2021, Comput. Struct. Biotechnol. J. 19): genes of a cell are ranked by falling count, ties at their middle
 * rank, ranks above 1,500 (or the number of genes) are one more than that; score = 1 - (sum of the set's ranks - n (n + 1) / 2) / (n x 1500), 0 where none of the set's ranks is within. 0 to 1; does not depend on the
 * other cells, nor on depth beyond which genes are seen. Returns block.rows.length x sets, row-major; NaN for a set without genes and a cell with values that are no counts.
 */
export function scoreGeneSets(block: CsrBlock, sets: readonly GeneSet[]): Float64Array {
  const {rows, nCols, indptr, indices, values} = block;
  const last = Math.min(mostRank, nCols);
  const scores = new Float64Array(rows.length * sets.length).fill(NaN);
  const ranks = new Float64Array(nCols);
  for (let i = 0; i < rows.length; i += 1) {
    const [from, to] = [indptr[i], indptr[i + 1]];
    const mine = values.subarray(from, to);
    if (mine.some((value) => !(value >= 0))) continue;
    rankDown(indices.subarray(from, to), mine, nCols, ranks);
    sets.forEach(({columns}, s) => {
      const n = columns.length;
      if (n === 0) return;
      let sum = 0;
      let within = 0;
      for (const column of columns) {
        const rank = ranks[column];
        if (rank <= last) within += 1;
        sum += rank <= last ? rank : last + 1;
      }
      scores[i * sets.length + s] = within === 0 ? 0 : 1 - (sum - (n * (n + 1)) / 2) / (n * last);
    });
  }
  return scores;
}

/** Ranks of all genes of a cell by falling count, from 1, ties at their middle. */
function rankDown(columns: Int32Array, counts: Float32Array | Float64Array, genes: number, ranks: Float64Array): void {
  const order = Uint32Array.from(columns.keys()).sort((a, b) => counts[b] - counts[a]);
  const shown = order.findIndex((at) => !(counts[at] > 0));
  const positive = shown < 0 ? order.length : shown;
  ranks.fill((positive + 1 + genes) / 2);
  for (let at = 0; at < positive;) {
    let end = at + 1;
    while (end < positive && counts[order[end]] === counts[order[at]]) end += 1;
    for (let j = at; j < end; j += 1) ranks[columns[order[j]]] = (at + 1 + end) / 2;
    at = end;
  }
}
