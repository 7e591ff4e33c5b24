import type {Wish} from "./stage.js";

/** One signal for all the ways in which a wish is withdrawn; undefined for a wish that stands for good. */
export function wishSignal({signal, invalidation}: Wish): AbortSignal | undefined {
  if (invalidation === undefined) return signal;
  const stop = new AbortController();
  void invalidation.then(() => stop.abort(new DOMException("the cell that asked is gone", "AbortError")));
  return signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
}
