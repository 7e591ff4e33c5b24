import type {RandomSource} from "../cells/numpy-rng.js";

/**
 * One draw of the negative binomial distribution with this mean and variance mean + dispersion x mean^2, by going up
 * the cumulative distribution to one uniform double. For means up to some thousands, where the steps are few; a mean
 * of 0 gives 0.
 */
export function negativeBinomial(random: Pick<RandomSource, "double">, mean: number, dispersion: number): number {
  const u = random.double();
  if (u < 1 - mean) return 0; // 1 - mean is at most the chance of 0 (Markov's inequality), and quick to know
  const size = 1 / dispersion;
  const ratio = (dispersion * mean) / (1 + dispersion * mean);
  let chance = Math.exp(-size * Math.log1p(dispersion * mean));
  let below = chance;
  let count = 0;
  const most = 100 + 50 * mean * (1 + dispersion);
  while (u >= below && count < most) {
    chance *= (ratio * (count + size)) / (count + 1);
    below += chance;
    count += 1;
  }
  return count;
}
