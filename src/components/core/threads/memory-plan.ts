import {mostBytes} from "../model/expected-cost.js";

/** How the memory of a model's threads is divided. */
export interface MemoryPlan {
  /** Threads that there is room for. */
  threads: number;
  /** Pages of 64 KiB of the memory with the weights: that of all threads where they share one, else that of the spare one. */
  pages: number;
  /** Address of the activations of a thread, the spare one (`threads`) included. */
  at(slot: number): number;
  /** Bytes of all memories together. */
  bytes: number;
}

const page = 65_536;

/**
 * Divides memory among threads, each with `activations` bytes of its own: behind the weights that they share, or each beside a copy of them. As many threads as wanted and fit, and
 * a spare one; null where not even one fits. Pages that nothing is written to cost no memory, so each has room for the longest sentence.
 */
export function memoryPlan(
  {
    weights,
    activations,
    threads: wanted,
    shared
  }: {weights: number; activations: number; threads: number; shared: boolean},
  most = mostBytes
): MemoryPlan | null {
  const pagesOf = (bytes: number): number => Math.ceil(bytes / page);
  const room = 64 * Math.ceil(activations / 64);
  for (let threads = wanted; threads >= 1; --threads) {
    const pages = pagesOf(weights + (shared ? threads + 1 : 1) * room);
    const bytes = page * pages * (shared ? 1 : threads + 1);
    if (bytes > most) continue;
    return {threads, pages, bytes, at: (slot) => weights + (shared ? slot * room : 0)};
  }
  return null;
}
