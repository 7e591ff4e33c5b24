import type {SentenceConstants} from "../types.js";

/**
 * A sentence with its genes only: CLS stays first, every chromosome token and chromosome end is left out. `chromosomes`
 * are the chromosome ids of the model's genes.
 */
export function withoutChromosomes(
  tokens: Int32Array,
  {chromosomeEnd, chromosomeOffset}: SentenceConstants,
  chromosomes: Iterable<number>
): Int32Array {
  const left = new Set([chromosomeEnd]);
  for (const id of chromosomes) left.add(id + chromosomeOffset);
  return tokens.filter((token) => !left.has(token));
}
