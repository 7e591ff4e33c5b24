/** A histogram from `start` to 1 put on an axis from `from` to 1, bins of the same width as far as they fit. */
export function widened(histogram: ArrayLike<number>, start: number, from: number): ArrayLike<number> {
  const width = (1 - start) / histogram.length;
  const before = Math.round((start - from) / width);
  return [...new Array<number>(Math.max(0, before)).fill(0), ...Array.from(histogram)];
}
