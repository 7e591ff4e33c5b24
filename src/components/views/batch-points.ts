import type {CallFacts} from "../core/types.js";

/** Calls of the model with the cells finished after each, and milliseconds a cell; calls without cells are left out. */
export function perCell(batches: readonly CallFacts[]): (CallFacts & {done: number; each: number})[] {
  let done = 0;
  return batches
    .filter(({cells}) => cells > 0)
    .map((batch) => ({...batch, done: (done += batch.cells), each: batch.ms / batch.cells}));
}
