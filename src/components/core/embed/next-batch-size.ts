/** How a batch is adapted. */
export interface BatchAim {
  /** Milliseconds that a call should take. */
  target?: number;
  /** Sentences that are computed side by side: a batch is a multiple of it. */
  sideBySide?: number;
}

/**
 * Batch size for the next call, so that a call takes about `target` milliseconds: what the last one's time per sentence
 * suggests, at most twice or half the last size, between `sideBySide` and `most`. Within a quarter of the last size nothing
 * changes, so that batches (and with them a GPU's buffers) keep their shape.
 */
export function nextBatchSize(
  last: number,
  milliseconds: number,
  most: number,
  {target = 500, sideBySide = 1}: BatchAim = {}
): number {
  const wanted = Math.floor((last * target) / Math.max(milliseconds, 1e-3));
  const limited = Math.min(Math.max(wanted, Math.ceil(last / 2), 1), last * 2, most);
  const steady = Math.abs(limited - last) * 4 <= last && last <= most ? last : limited;
  return Math.min(Math.ceil(steady / sideBySide) * sideBySide, Math.max(most, 1));
}
