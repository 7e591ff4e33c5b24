import {logNormalize} from "../space/log-normalize.js";
import type {CellStatus, CsrBlock, Sampling, SentenceConstants} from "../types.js";
import type {Alignment} from "./align.js";
import {normalize} from "./normalize.js";
import {sentenceSteps} from "./sentence.js";

/** Everything that happens to one cell between its file and its tokens; plain data. Genes are in file order. */
export interface CellSteps {
  /** Row of the cell in its file. */
  row: number;
  status: CellStatus;
  /** What is wrong with the cell, as displayed; null unless status is "failed". */
  fault: string | null;
  /** Sum of the row over all genes of the file, and over the genes that the model knows. */
  totalCounts: number;
  alignedCounts: number;
  /** Genes of the file with a count. */
  nGenes: number;
  /** Aligned genes with a probability: what the file holds, its log1p (float32) and its probability (float32; they sum to 1). */
  symbols: string[];
  counts: Float64Array;
  logs: Float32Array;
  probabilities: Float32Array;
  /** Probabilities of the same genes, had the file held log(1 + counts per 10,000) in place of counts. */
  probabilitiesIfLogged: Float32Array;
  /** Token, chromosome id and start (base pairs) of each gene. */
  tokens: Int32Array;
  chromosomes: Int32Array;
  starts: Int32Array;
  /** The cell's sentence; null unless status is "ok". */
  sentence: CellSentenceSteps | null;
}

/** A sentence step by step; genes are positions in the lists of `CellSteps`. */
export interface CellSentenceSteps {
  sampling: Sampling;
  seed: number;
  constants: SentenceConstants;
  /** Gene of each draw, in draw order. */
  draws: Int32Array;
  /** Chromosome ids in the sentence's order, and the genes drawn on each, along it; repeats are kept. */
  order: {chromosomes: Int32Array; genes: Int32Array[]};
  /** The tokens that the model reads. */
  sequence: Int32Array;
}

/** How the cell's genes are drawn. */
export interface CellStepsOptions {
  sampling: Sampling;
  /** Seed of the cell's generator (`samplingSeed`). */
  seed: number;
  constants: SentenceConstants;
}

/**
 * The way of one cell from counts to tokens, every step kept; `block` holds its row alone. The same functions as in a
 * run, so the tokens are those of the run. Throws a WorkbookError for a bad seed.
 */
export function cellSteps(block: CsrBlock, alignment: Alignment, options: CellStepsOptions): CellSteps {
  const cell = normalize(block, alignment)[0];
  const counts = countsOfGenes(block, alignment, cell.genes);
  const logged = normalize(logNormalize(block), alignment)[0];
  const place = new Map(Array.from(cell.genes, (gene, i) => [gene, i]));
  const probabilitiesIfLogged = new Float32Array(cell.genes.length);
  logged.genes.forEach((gene, i) => {
    const at = place.get(gene);
    if (at !== undefined) probabilitiesIfLogged[at] = logged.probabilities[i];
  });
  return {
    row: cell.row,
    status: cell.status,
    fault:
      cell.fault === null ? null : `${alignment.symbols[cell.fault.gene]} holds ${cell.fault.value}, which is no count`,
    totalCounts: cell.totalCounts,
    alignedCounts: cell.alignedCounts,
    nGenes: cell.nGenes,
    symbols: Array.from(cell.genes, (gene) => alignment.symbols[gene]),
    counts,
    logs: Float32Array.from(counts, (count) => Math.log1p(Math.fround(count))),
    probabilities: cell.probabilities,
    probabilitiesIfLogged,
    tokens: cell.genes.map((gene) => alignment.tokens[gene]),
    chromosomes: cell.genes.map((gene) => alignment.chromosomes[gene]),
    starts: cell.genes.map((gene) => alignment.starts[gene]),
    sentence: cell.status === "ok" ? stepsOf(cell, alignment, place, options) : null
  };
}

function stepsOf(
  cell: ReturnType<typeof normalize>[number],
  alignment: Alignment,
  place: ReadonlyMap<number, number>,
  options: CellStepsOptions
): CellSentenceSteps {
  const {draws, order, tokens} = sentenceSteps(cell, alignment, options);
  const positions = (genes: Int32Array) => genes.map((gene) => place.get(gene)!);
  return {
    ...options,
    draws: positions(draws),
    order: {chromosomes: order.chromosomes, genes: order.genes.map(positions)},
    sequence: tokens
  };
}

/** What the row holds of each of `genes` (aligned indices, ascending). */
function countsOfGenes({indices, values}: CsrBlock, {columns}: Alignment, genes: Int32Array): Float64Array {
  const counts = new Float64Array(genes.length);
  let entry = 0;
  genes.forEach((gene, i) => {
    while (indices[entry] < columns[gene]) ++entry;
    counts[i] = values[entry];
  });
  return counts;
}
