import {findCountRecovery, type CountRecovery} from "../anndata/count-recovery.js";
import type {TaskOptions, QuestionContext} from "./context.js";

/** Whether counts can be recovered from `matrix` of the file, looked at on the chain's cells or a sample of them. */
export async function countRecovery(
  context: QuestionContext,
  {matrix}: {matrix: string},
  {signal, onProgress}: TaskOptions
): Promise<CountRecovery> {
  return findCountRecovery(context.anndata, matrix, await context.rows(), signal, onProgress);
}
