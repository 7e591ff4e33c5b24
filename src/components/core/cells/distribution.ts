/**
 * The cumulative distribution that numpy's `choice` samples from: the running sum of the probabilities in float64, then each
 * divided by the last. One entry a stored probability.
 *
 * Leaving out the genes of probability zero is exact, not an approximation: adding 0 changes no running sum, so over all G
 * genes the cumulative distribution is this one with values repeated, its last entry is the same, and the first entry
 * above a number u always belongs to a gene of positive probability.
 */
export function cumulativeDistribution(probabilities: Float32Array | Float64Array): Float64Array {
  const cdf = new Float64Array(probabilities.length);
  let sum = 0;
  for (let i = 0; i < probabilities.length; ++i) {
    sum += probabilities[i];
    cdf[i] = sum;
  }
  for (let i = 0; i < cdf.length; ++i) cdf[i] /= sum;
  return cdf;
}

/**
 * Number of entries of `cdf` (ascending) that are at most `u`: numpy's `searchsorted(cdf, u, side="right")`, the place of
 * the gene that u draws. For u below the last entry it is a place in `cdf`.
 */
export function placeInDistribution(cdf: Float64Array, u: number): number {
  let low = 0;
  let high = cdf.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (cdf[middle] <= u) low = middle + 1;
    else high = middle;
  }
  return low;
}
