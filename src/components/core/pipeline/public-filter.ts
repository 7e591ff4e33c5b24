import type {AnnData} from "../anndata/anndata.js";
import type {MatrixInfo} from "../anndata/matrix-info.js";
import {streamRows} from "../anndata/stream-rows.js";
import {publicFilterLimits} from "../cells/public-filter-limits.js";

/** What the public script's filter leaves out of a file. */
export interface PublicFilter {
  /** 1 for each column of the matrix that stays. */
  columns: Uint8Array;
  /** 1 for each row of the file that is left out. */
  leftOutRows: Uint8Array;
  /** How many of both are left out. */
  genes: number;
  cells: number;
}

const known = new WeakMap<AnnData, Map<string, Promise<PublicFilter>>>();

/**
 * The filter that the public script of the original UCE has on unless told: of all cells of a file, genes with a value above 0 in fewer than 10 cells are
 * dropped, then cells with fewer than 25 of the genes that are left. Goes twice through the values, a block in memory, once for an opened
 * file. Throws what the reader throws, and the signal's reason. Source: snap-stanford/UCE, process_raw_anndata (scanpy's filter_genes, filter_cells).
 */
export function publicFilter(anndata: AnnData, matrix: MatrixInfo, signal?: AbortSignal): Promise<PublicFilter> {
  const found = known.get(anndata) ?? new Map<string, Promise<PublicFilter>>();
  known.set(anndata, found);
  const filter = found.get(matrix.name) ?? findFilter(anndata, matrix, signal);
  found.set(matrix.name, filter);
  filter.catch(() => found.delete(matrix.name));
  return filter;
}

async function findFilter(anndata: AnnData, matrix: MatrixInfo, signal?: AbortSignal): Promise<PublicFilter> {
  const cellsOf: number[] = [];
  for await (const {indices, values} of streamRows(anndata, matrix, {signal})) {
    for (let entry = 0; entry < indices.length; ++entry)
      if (values[entry] > 0) cellsOf[indices[entry]] = (cellsOf[indices[entry]] ?? 0) + 1;
    await turn();
  }
  const columns = Uint8Array.from({length: matrix.nCols}, (_, column) =>
    Number((cellsOf[column] ?? 0) >= publicFilterLimits.cells)
  );
  const leftOutRows = new Uint8Array(anndata.nObs);
  for await (const {rows, indptr, indices, values} of streamRows(anndata, matrix, {signal})) {
    rows.forEach((row, i) => {
      let genes = 0;
      for (let entry = indptr[i]; entry < indptr[i + 1]; ++entry)
        if (values[entry] > 0 && columns[indices[entry]] === 1) ++genes;
      leftOutRows[row] = Number(genes < publicFilterLimits.genes);
    });
    await turn();
  }
  const sum = (of: Uint8Array) => of.reduce((total, value) => total + value, 0);
  return {columns, leftOutRows, genes: columns.length - sum(columns), cells: sum(leftOutRows)};
}

/** Lets an abort be heard between two blocks. */
function turn(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, 0));
}
