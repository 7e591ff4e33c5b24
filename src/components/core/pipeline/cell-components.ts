import type {AnnData} from "../anndata/anndata.js";
import {streamRows} from "../anndata/stream-rows.js";
import {logNormalize} from "../space/log-normalize.js";
import {buildSparse} from "../space/matrices.js";
import {principalComponents, type ComponentOptions, type PrincipalComponents} from "../space/principal-components.js";
import {createBreath} from "../vectors/work.js";

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
  const matrixOfCells = buildSparse(anndata.matrix(matrix).nCols);
  let share = 0;
  const onProgress = (read: number, all: number) => options.onProgress?.((share = read / all));
  for await (const block of streamRows(anndata, matrix, {rows, blockBytes, signal: options.signal, onProgress})) {
    matrixOfCells.add(logNormalize(block));
    await breathe(share);
  }
  return principalComponents(matrixOfCells.matrix(), comparedComponents, options);
}
