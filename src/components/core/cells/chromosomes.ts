import type {SentenceConstants} from "../types.js";
import type {Alignment} from "./align.js";
import type {RandomSource} from "./numpy-rng.js";
import {sortByRank} from "./sort-by-rank.js";

/** Drawn genes laid along the genome. */
export interface GenomeOrder {
  /** Distinct chromosome ids in the order of the sentence (shuffled). */
  chromosomes: Int32Array;
  /** For each of `chromosomes`, the aligned indices drawn on it, by start; ties in draw order, repeats kept. */
  genes: Int32Array[];
}

/**
 * Sorts drawn genes (aligned indices, in draw order) by chromosome and start, ties in draw order, and shuffles the distinct
 * chromosomes, ascending before, with the generator that made the draws. The reference sorts ties unstably, so the order
 * of two different genes that share chromosome and start is its processor's; ours is the same everywhere.
 */
export function orderOnGenome(draws: Int32Array, alignment: Alignment, generator: RandomSource): GenomeOrder {
  const genes = sortByRank(draws, alignment.genomeRank);
  const ascending: number[] = [];
  const groups = new Map<number, Int32Array>();
  for (let from = 0, to = 0; from < genes.length; from = to) {
    const chromosome = alignment.chromosomes[genes[from]];
    while (to < genes.length && alignment.chromosomes[genes[to]] === chromosome) ++to;
    ascending.push(chromosome);
    groups.set(chromosome, genes.subarray(from, to));
  }
  const chromosomes = Int32Array.from(ascending);
  generator.shuffle(chromosomes);
  return {chromosomes, genes: Array.from(chromosomes, (chromosome) => groups.get(chromosome) ?? new Int32Array(0))};
}

/**
 * The token ids of a sentence: CLS, then for each chromosome its token, its genes' tokens and the chromosome end. Length
 * 1 + draws + 2 x chromosomes; no padding.
 */
export function chromosomeSentence(order: GenomeOrder, alignment: Alignment, constants: SentenceConstants): Int32Array {
  const drawn = order.genes.reduce((sum, genes) => sum + genes.length, 0);
  const tokens = new Int32Array(1 + drawn + 2 * order.chromosomes.length);
  let at = 0;
  tokens[at++] = constants.cls;
  for (let i = 0; i < order.chromosomes.length; ++i) {
    tokens[at++] = order.chromosomes[i] + constants.chromosomeOffset;
    const genes = order.genes[i];
    for (let k = 0; k < genes.length; ++k) tokens[at++] = alignment.tokens[genes[k]];
    tokens[at++] = constants.chromosomeEnd;
  }
  return tokens;
}
