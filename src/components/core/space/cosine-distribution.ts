/** A set of cosines in a few numbers and a histogram. */
export interface CosineDistribution {
  /** Pairs. */
  count: number;
  /** NaN, as the quantiles, where there is no pair. */
  mean: number;
  /** The 5th, 25th, 50th, 75th and 95th percentile, by linear interpolation between order statistics. */
  quantiles: [number, number, number, number, number];
  /** Pairs in each bin of `bins` equal ones from `from` to 1; the last bin takes 1 itself. */
  histogram: Int32Array;
}

const levels = [0.05, 0.25, 0.5, 0.75, 0.95];

/** Describes cosines; `from` is the lower edge of the first of `bins` bins, values below it count in the first. */
export function cosineDistribution(cosines: Float64Array, from: number, bins: number): CosineDistribution {
  const sorted = cosines.slice().sort();
  const count = sorted.length;
  const histogram = new Int32Array(bins);
  let sum = 0;
  for (const cosine of sorted) {
    sum += cosine;
    const bin = Math.floor(((cosine - from) / (1 - from)) * bins);
    histogram[Math.min(bins - 1, Math.max(0, bin))] += 1;
  }
  const quantiles = levels.map((level) => quantile(sorted, level)) as CosineDistribution["quantiles"];
  return {count, mean: count === 0 ? NaN : sum / count, quantiles, histogram};
}

function quantile(sorted: Float64Array, level: number): number {
  if (sorted.length === 0) return NaN;
  const place = level * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}
