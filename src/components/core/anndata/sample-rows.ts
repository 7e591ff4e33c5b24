import type {AnnData} from "./anndata.js";
import type {MatrixInfo} from "./matrix-info.js";

/** Values that a sample of rows holds, about. */
const sampledValues = 2_000_000;
const mostRuns = 16;
/** Bytes of whole chunks that may be read for a sample, about: HDF5 reads chunks of up to 8 MB whole, packed or not. */
const touchedBytes = 32 * 1024 * 1024;

/**
 * Rows to look at where a matrix is too large to look at whole: up to 16 runs of neighboring rows, spread evenly from
 * the first to the last; fewer runs where chunks are large, unless one or two hold all rows. Ascending, each once, always the same.
 */
export function sampleRows(anndata: AnnData, {place, encoding, nRows, storedCols, stored}: MatrixInfo): Int32Array {
  const perRow = Math.max(1, stored / Math.max(1, nRows));
  const node = anndata.reader.node(encoding === "dense" ? place : `${place}/data`);
  const chunk = node?.kind === "dataset" ? (node.chunks?.[0] ?? 1) : 1;
  const size = node?.kind === "dataset" ? node.dtype.size : 8;
  const runBytes = chunk * size * (encoding === "dense" ? storedCols : 2);
  const bands = encoding === "dense" ? Math.ceil(nRows / chunk) : Infinity;
  const runs = bands <= 2 ? mostRuns : Math.max(2, Math.min(mostRuns, Math.floor(touchedBytes / runBytes)));
  const length = Math.min(Math.max(1, Math.floor(sampledValues / perRow / runs)), Math.ceil(nRows / runs));
  const rows: number[] = [];
  for (let r = 0; r < runs; r++) {
    const start = Math.round(((nRows - length) / (runs - 1)) * r);
    for (let row = Math.max(start, (rows.at(-1) ?? -1) + 1); row < start + length; row++) rows.push(row);
  }
  return Int32Array.from(rows);
}
