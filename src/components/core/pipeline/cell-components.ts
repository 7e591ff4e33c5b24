import type {AnnData} from "../anndata/anndata.js";
import {streamRows} from "../anndata/stream-rows.js";
import {logNormalize} from "../space/log-normalize.js";
import {sparseMatrix, type FeatureMatrix} from "../space/matrices.js";
import {principalComponents, type ComponentOptions, type PrincipalComponents} from "../space/principal-components.js";
import {createBreath} from "../vectors/work.js";
import type {CsrBlock} from "../types.js";

const blockBytes = 4 * 1024 * 1024;

/** How components of cells are had: `cellComponents`, or one that shares its results. */
export type CellComponents = typeof cellComponents;

/** Principal components that the model is compared with. */
const comparedComponents = 30;

/**
 * 30 principal components (fewer where cells or genes are few) of log1p(counts per 10,000) of the cells `rows` (ascending)
 * and all genes of the matrix: the usual space that a model is compared with. Reads the counts and holds them, about 12
 * bytes a stored value. `onProgress` has the share of rows read, then NaN while components are sought.
 * Throws what the reader throws, and the signal's reason.
 */
export async function cellComponents(
  anndata: AnnData,
  matrix: string,
  rows: Int32Array,
  options: ComponentOptions = {}
): Promise<PrincipalComponents> {
  const breathe = createBreath(options);
  const blocks: CsrBlock[] = [];
  let share = 0;
  const onProgress = (read: number, all: number) => options.onProgress?.((share = read / all));
  for await (const block of streamRows(anndata, matrix, {rows, blockBytes, signal: options.signal, onProgress})) {
    blocks.push(logNormalize(block));
    await breathe(share);
  }
  return principalComponents(stacked(blocks, anndata.matrix(matrix).nCols), comparedComponents, options);
}

/** Blocks of rows as one matrix, without a copy of their values. */
function stacked(blocks: readonly CsrBlock[], columns: number): FeatureMatrix {
  const parts = blocks.map(sparseMatrix);
  const starts = [0];
  for (const {rows} of parts) starts.push(starts.at(-1)! + rows);
  const sums = new Float64Array(columns);
  for (const part of parts) part.sums.forEach((sum, j) => (sums[j] += sum));
  const within = (
    from: number,
    to: number,
    use: (part: FeatureMatrix, first: number, low: number, high: number) => void
  ): void => {
    parts.forEach((part, p) => {
      const [low, high] = [Math.max(from, starts[p]), Math.min(to, starts[p + 1])];
      if (low < high) use(part, starts[p], low - starts[p], high - starts[p]);
    });
  };
  return {
    rows: starts.at(-1)!,
    columns,
    sums,
    squares: parts.reduce((sum, part) => sum + part.squares, 0),
    times(block, width, out, from, to) {
      within(from, to, (part, first, low, high) => part.times(block, width, out.subarray(first * width), low, high));
    },
    addTransposed(block, width, out, from, to) {
      within(from, to, (part, first, low, high) =>
        part.addTransposed(block.subarray(first * width), width, out, low, high)
      );
    }
  };
}
