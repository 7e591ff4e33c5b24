const bins = 10;

/**
 * Expected calibration error (Naeini and others 2015; Guo and others 2017): cases are put into ten equal bins by the probability that was stated, and the bins' differences between
 * mean probability and share that were right are averaged, weighted by their cases. 0 (right as often as stated) to 1; NaN for no cases.
 */
export function calibrationError(stated: ArrayLike<number>, right: ArrayLike<number>): number {
  const cases = new Float64Array(bins);
  const sums = new Float64Array(bins);
  const hits = new Float64Array(bins);
  for (let i = 0; i < stated.length; i += 1) {
    const bin = Math.min(bins - 1, Math.floor(stated[i] * bins));
    cases[bin] += 1;
    sums[bin] += stated[i];
    hits[bin] += right[i];
  }
  const apart = sums.reduce((total, sum, bin) => total + Math.abs(sum - hits[bin]), 0);
  return stated.length === 0 ? NaN : apart / stated.length;
}
