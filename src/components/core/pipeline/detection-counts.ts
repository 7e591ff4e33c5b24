import type {AnnData} from "../anndata/anndata.js";
import {streamRows} from "../anndata/stream-rows.js";
import type {Alignment} from "../cells/align.js";

/** In how many of some cells each aligned gene was counted at all. */
export interface DetectionCounts {
  /** Rows of the cells, ascending. */
  rows: Int32Array;
  /** Number of these cells with a count above zero, one an aligned gene. */
  detected: Int32Array;
}

/**
 * Counts for each aligned gene the cells among `rows` (ascending) in which it was detected. Streams their values once, one
 * block in memory. Throws what the reader throws, and the signal's reason.
 */
export async function detectionCounts(
  anndata: AnnData,
  matrix: string,
  {columns, alignedOfColumn}: Alignment,
  rows: Int32Array,
  {signal, onProgress}: {signal?: AbortSignal; onProgress?: (done: number, total: number) => void} = {}
): Promise<DetectionCounts> {
  const detected = new Int32Array(columns.length);
  for await (const {indices, values} of streamRows(anndata, matrix, {rows, blockRows: 2048, signal, onProgress})) {
    for (let entry = 0; entry < indices.length; ++entry) {
      const gene = alignedOfColumn[indices[entry]];
      if (gene >= 0 && values[entry] > 0) ++detected[gene];
    }
    await new Promise<void>((resolve) => void setTimeout(resolve, 0));
  }
  return {rows, detected};
}
