/** One call of the model. */
export interface BatchTime {
  /** Sentences in it. */
  cells: number;
  /** Tokens of each. */
  length: number;
  /** Milliseconds that it took. */
  ms: number;
}

/** Batches with the cells finished after each, and milliseconds a cell; calls without cells are left out. */
export function perCell(batches: readonly BatchTime[]): (BatchTime & {done: number; each: number})[] {
  let done = 0;
  return batches
    .filter(({cells}) => cells > 0)
    .map((batch) => ({...batch, done: (done += batch.cells), each: batch.ms / batch.cells}));
}
