import type {Spread} from "./bench-run.js";
import {spreadOf} from "./spread-of.js";

/** How long and how often a call is timed. */
export interface TimeOptions {
  /** Milliseconds for which the device is kept busy first: idle clocks measure a third. At least one call is made. */
  warm: number;
  /** Calls that are timed at most, and milliseconds after which no further one begins; at least `least` are made. */
  most: number;
  budget: number;
  least?: number;
  signal?: AbortSignal;
  /** Milliseconds on a clock that only goes forward; for tests. */
  now?(): number;
}

/**
 * Milliseconds a cell of `call`, which computes `cells` of them: count, median, least and largest. Rejects with what the call rejects
 * with, and with the signal's reason between two calls.
 */
export async function timeCalls(
  call: () => Promise<unknown>,
  cells: number,
  {warm, most, budget, least = 2, signal, now = () => performance.now()}: TimeOptions
): Promise<Spread> {
  const begin = now();
  do {
    signal?.throwIfAborted();
    await call();
  } while (now() - begin < warm);
  const times: number[] = [];
  const first = now();
  while (times.length < least || (times.length < most && now() - first < budget)) {
    signal?.throwIfAborted();
    const start = now();
    await call();
    times.push((now() - start) / cells);
  }
  return spreadOf(times);
}
