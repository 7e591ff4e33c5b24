import type {AnnData} from "../anndata/anndata.js";
import {isWorkbookError} from "../errors.js";

/** A map that a file brings (obsm): x and y by turns, a pair for each cell of the file. */
export interface FileMap {
  name: string;
  positions: Float32Array;
}

const preferred = ["X_umap", "X_tsne", "X_pca"];
const mostCells = 200_000;

/** The maps that a file brings in obsm: UMAP, t-SNE and principal components first; a damaged one is left out. */
export function fileMaps(anndata: AnnData): FileMap[] {
  const rank = (name: string) => (preferred.includes(name) ? preferred.indexOf(name) : preferred.length);
  return anndata.obsm
    .filter(
      ({nRows, nCols, name}) =>
        nRows === anndata.nObs && nRows <= mostCells && nCols >= 2 && rank(name) < preferred.length
    )
    .sort((a, b) => rank(a.name) - rank(b.name))
    .flatMap(({name, nCols}) => {
      try {
        const {values} = anndata.readObsm(name);
        const positions = new Float32Array(2 * anndata.nObs);
        for (let i = 0; i < anndata.nObs; ++i) positions.set([values[i * nCols], values[i * nCols + 1]], 2 * i);
        return positions.every(Number.isFinite) ? [{name, positions}] : [];
      } catch (error) {
        if (isWorkbookError(error)) return [];
        throw error;
      }
    });
}
