/** How often and how long to wait where a host does not answer, or a connection drops. */
export interface Patience {
  /** Attempts that may fail in a row, without a byte in between. */
  attempts: number;
  /** Milliseconds before the second attempt; doubled for each further one, up to `longest`. */
  first: number;
  longest: number;
  /** Milliseconds without a byte after which a connection counts as dropped. */
  stall: number;
  /** Waits; rejects with the signal's reason when that is aborted. */
  wait: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

/** Half a minute of a host's silence, five waits of half a second to eight. */
export const patience: Patience = {attempts: 6, first: 500, longest: 8000, stall: 30_000, wait};

function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal!.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, {once: true});
  });
}

/** Milliseconds to wait after `failed` failures in a row; what a host asks for (`retryAfter`, seconds) goes before. */
export function backoff(
  {first, longest}: Pick<Patience, "first" | "longest">,
  failed: number,
  retryAfter: string | null = null
): number {
  const asked = Number(retryAfter) * 1000;
  if (retryAfter !== null && asked > 0) return Math.min(asked, 60_000);
  return Math.min(longest, first * 2 ** (failed - 1));
}
