import type {Sampling} from "../types.js";

/** How often a gene may stand in a sentence by chance: 95 of 100 sentences have it between `low` and `high` times, both included. */
export interface DrawBand {
  low: number;
  high: number;
}

/**
 * The band for a gene of `probability` (0 to 1) in `draws` draws. Reference sampling: the narrowest equal-tailed band of the binomial
 * distribution that leaves at most 2.5 % on either side. Low-variance sampling: floor and ceil of the expected number, always.
 */
export function drawBand(probability: number, draws: number, sampling: Sampling): DrawBand {
  if (sampling === "low-variance") return {low: Math.floor(probability * draws), high: Math.ceil(probability * draws)};
  return {low: quantile(probability, draws, 0.025), high: quantile(probability, draws, 0.975)};
}

/** The smallest k with P(at most k) >= share, of a binomial distribution; terms by recurrence, in logarithms at the start. */
function quantile(probability: number, draws: number, share: number): number {
  if (probability <= 0) return 0;
  if (probability >= 1) return draws;
  const odds = probability / (1 - probability);
  let logTerm = draws * Math.log1p(-probability);
  let sum = 0;
  for (let k = 0; k <= draws; ++k) {
    sum += Math.exp(logTerm);
    if (sum >= share) return k;
    logTerm += Math.log(((draws - k) / (k + 1)) * odds);
  }
  return draws;
}
