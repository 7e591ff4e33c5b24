/**
 * The number of equally likely genes that would be as hard to guess as a gene drawn from `weights` (which sum to 1): the
 * exponential of Shannon's entropy, from 1 to the number of weights; Hill's number of order 1 in ecology. 0 for no weights.
 * Source: Hill 1973, Diversity and evenness (Ecology 54).
 */
export function effectiveGenes(weights: ArrayLike<number>): number {
  if (weights.length === 0) return 0;
  let entropy = 0;
  for (let i = 0; i < weights.length; ++i) if (weights[i] > 0) entropy -= weights[i] * Math.log(weights[i]);
  return Math.exp(entropy);
}
