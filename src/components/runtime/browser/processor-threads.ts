/** Threads that the processor's share of a page's work takes at most. */
const most = 8;

/** How many threads compute a model on this processor. Half of the cores leaves room for the page; of two, both: the page waits most of the time. */
export function processorThreads(): number {
  const cores = (globalThis.navigator as Navigator | undefined)?.hardwareConcurrency ?? 1;
  return Math.min(most, cores, Math.max(2, Math.ceil(cores / 2)));
}
