import {findCountRecovery, type CountRecovery} from "../../../core/anndata/count-recovery.js";
import type {TaskOptions, WorkerContext} from "../worker-context.js";

/** Whether counts can be had back from `matrix` of the open file, looked at on `rows` (null: all) or a sample of them. */
export async function countRecovery(
  context: WorkerContext,
  {matrix, rows}: {matrix: string; rows: Int32Array | null},
  {signal, onProgress}: TaskOptions
): Promise<CountRecovery> {
  return findCountRecovery(context.file().anndata, matrix, rows, signal, onProgress);
}
