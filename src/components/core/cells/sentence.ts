import type {SentenceConstants, Sampling, Sentence} from "../types.js";
import type {Alignment} from "./align.js";
import {chromosomeSentence, type GenomeOrder, orderOnGenome} from "./chromosomes.js";
import {cumulativeDistribution} from "./distribution.js";
import type {CellProbabilities} from "./normalize.js";
import {NumpyGenerator} from "./numpy-rng.js";
import {drawGenes} from "./sample.js";

/** How a cell's genes are drawn and written down. */
export interface SentenceOptions {
  sampling: Sampling;
  /** Seed of this cell's generator (`samplingSeed`). */
  seed: number;
  constants: SentenceConstants;
}

/** A cell's way from probabilities to tokens, every intermediate kept, for showing and checking. */
export interface SentenceSteps {
  /** Cumulative distribution over the cell's stored probabilities. */
  cdf: Float64Array;
  /** Aligned index of each drawn gene, in draw order. */
  draws: Int32Array;
  /** Chromosomes in the order in which the sentence has them, and the draws along the genome. */
  order: GenomeOrder;
  /** Checkpoint token ids, without padding. */
  tokens: Int32Array;
}

/**
 * The sentence of one cell: draw, order along the genome, chromosomes shuffled by the same generator, tokens. A cell whose
 * status is not "ok" keeps its status and has null tokens. Throws a WorkbookError for a bad seed only.
 */
export function cellSentence(cell: CellProbabilities, alignment: Alignment, options: SentenceOptions): Sentence {
  const {row, status} = cell;
  return {row, status, tokens: status === "ok" ? sentenceSteps(cell, alignment, options).tokens : null};
}

/** `cellSentence` with every step kept; the cell's status must be "ok". */
export function sentenceSteps(cell: CellProbabilities, alignment: Alignment, options: SentenceOptions): SentenceSteps {
  const {sampling, seed, constants} = options;
  const generator = new NumpyGenerator(seed);
  const cdf = cumulativeDistribution(cell.probabilities);
  const draws = drawGenes(cdf, constants.sampleSize, sampling, generator);
  for (let i = 0; i < draws.length; ++i) draws[i] = cell.genes[draws[i]];
  const order = orderOnGenome(draws, alignment, generator);
  return {cdf, draws, order, tokens: chromosomeSentence(order, alignment, constants)};
}
