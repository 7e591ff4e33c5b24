import type {AnnData} from "../anndata/anndata.js";
import {streamRows} from "../anndata/stream-rows.js";
import {qualityMeter, type CellQuality} from "../cells/quality.js";
import {createBreath, type WorkOptions} from "../vectors/work.js";

/** Bytes of a block: small, so that a cancel is heard soon. */
const blockBytes = 4 * 1024 * 1024;

/**
 * Quality measures of all cells of `matrix` in one pass over its values; memory is a block and 20 bytes a cell.
 * `names` are those of its genes, one a column. `onProgress` has the share of cells done. Throws what the reader throws, and the
 * signal's reason.
 */
export async function measureQuality(
  anndata: AnnData,
  matrix: string,
  names: readonly string[],
  options: WorkOptions = {}
): Promise<CellQuality> {
  const meter = qualityMeter(names, anndata.nObs);
  const breathe = createBreath(options);
  let share = 0;
  const onProgress = (read: number, all: number) => options.onProgress?.((share = read / all));
  for await (const block of streamRows(anndata, matrix, {blockBytes, signal: options.signal, onProgress})) {
    meter.add(block);
    await breathe(share);
  }
  return meter.result;
}
