/** Cases whose stated probability is in one tenth of 0 to 1. */
export interface ReliabilityBin {
  cases: number;
  /** Mean of the probabilities that were stated; null without a case. */
  stated: number | null;
  /** Share that came true; null without a case. */
  right: number | null;
}

const bins = 10;

/**
 * A reliability diagram's numbers (DeGroot and Fienberg 1983): cases in ten equal bins by the probability that was stated, with the share of each that came true (`right` is 1 or 0).
 */
export function reliability(stated: ArrayLike<number>, right: ArrayLike<number>): ReliabilityBin[] {
  const cases = new Float64Array(bins);
  const sums = new Float64Array(bins);
  const hits = new Float64Array(bins);
  for (let i = 0; i < stated.length; i += 1) {
    const bin = Math.min(bins - 1, Math.floor(stated[i] * bins));
    cases[bin] += 1;
    sums[bin] += stated[i];
    hits[bin] += right[i];
  }
  return Array.from(cases, (count, bin) =>
    count === 0
      ? {cases: 0, stated: null, right: null}
      : {cases: count, stated: sums[bin] / count, right: hits[bin] / count}
  );
}
