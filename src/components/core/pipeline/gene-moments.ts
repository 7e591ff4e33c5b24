import type {AnnData} from "../anndata/anndata.js";
import {streamRows} from "../anndata/stream-rows.js";
import type {GeneMoments} from "../space/variable-genes.js";
import {createBreath, type WorkOptions} from "../vectors/work.js";

const target = 10_000;
const blockBytes = 4 * 1024 * 1024;

/**
 * Mean and variance of each gene's counts per 10,000 over the cells `rows` (ascending) of a matrix; a cell without counts has zeros. Streams the counts once; memory holds two numbers a gene and a
 * block. Throws what the reader throws, and the signal's reason.
 */
export async function geneMoments(
  anndata: AnnData,
  matrix: string,
  rows: Int32Array,
  {signal, onProgress}: WorkOptions = {}
): Promise<GeneMoments> {
  const breathe = createBreath({signal, onProgress});
  const genes = anndata.matrix(matrix).nCols;
  const [sum, squares] = [new Float64Array(genes), new Float64Array(genes)];
  let share = 0;
  const told = (done: number, all: number) => (share = done / all);
  for await (const block of streamRows(anndata, matrix, {rows, blockBytes, signal, onProgress: told})) {
    const {indptr, indices, values} = block;
    for (let cell = 0; cell < block.rows.length; cell += 1) {
      const [from, to] = [indptr[cell], indptr[cell + 1]];
      let total = 0;
      for (let at = from; at < to; at += 1) total += values[at];
      if (!(total > 0)) continue;
      for (let at = from; at < to; at += 1) {
        const value = (values[at] / total) * target;
        sum[indices[at]] += value;
        squares[indices[at]] += value ** 2;
      }
    }
    await breathe(share);
  }
  const cells = rows.length;
  return {
    mean: sum.map((total) => total / cells),
    variance: squares.map((square, gene) => Math.max(0, square - sum[gene] ** 2 / cells) / (cells - 1))
  };
}
