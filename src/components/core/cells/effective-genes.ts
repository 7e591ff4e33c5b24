/**
 * The number of equally likely genes that would be as hard to guess as a gene drawn from `probabilities` (which sum to 1): the
 * exponential of Shannon's entropy, from 1 to the number of probabilities; Hill's number of order 1 in ecology. 0 for no probabilities.
 * Source: Hill 1973, Diversity and evenness (Ecology 54).
 */
export function effectiveGenes(probabilities: ArrayLike<number>): number {
  if (probabilities.length === 0) return 0;
  let entropy = 0;
  for (let i = 0; i < probabilities.length; ++i)
    if (probabilities[i] > 0) entropy -= probabilities[i] * Math.log(probabilities[i]);
  return Math.exp(entropy);
}
