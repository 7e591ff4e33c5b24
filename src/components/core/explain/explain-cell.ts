import type {Alignment} from "../cells/align.js";
import type {CellProbabilities} from "../cells/normalize.js";
import {cellSentence} from "../cells/sentence.js";
import {embedTokens} from "../embed/embed-tokens.js";
import type {Encoder} from "../embed/encoder.js";
import {WorkbookError} from "../errors.js";
import {createRandom} from "../random.js";
import {splitDistances} from "../statistics/split-distances.js";
import type {Sampling, SentenceConstants} from "../types.js";

/** Genes that are left out of a cell's sentences, or added to them, together. */
export interface GeneChange {
  name: string;
  /** Their aligned indices. Leaving out genes that the cell does not show changes nothing. */
  genes: readonly number[];
  /** Added genes become as probable as the cell's most probable gene, unless they are that already. */
  how: "leave out" | "add";
}

/** How far the cell's vector moves by a change of its genes. */
export interface GeneMove extends GeneChange {
  /** How many of them the cell shows, and their share of its sampling probability, 0 to 1; of added ones after they were added. */
  shown: number;
  share: number;
  /** Distance of the mean vector with the change from the mean vector, under the same seeds. */
  move: number;
  /** The same for as many other genes, chosen at random; mean over two choices. NaN where there are no others. */
  control: number;
  /** The mean vector with the change, and with each choice of other genes. */
  vector: Float32Array;
  controls: Float32Array[];
}

/** Which genes a cell's vector depends on. */
export interface CellExplanation {
  /** Mean vector over the seeds, and over as many other seeds. */
  vector: Float32Array;
  otherSeeds: Float32Array;
  /** How far mean vectors of so many other seeds are expected to lie from each other. */
  noise: number;
  /** How far 95 % of them lie apart at the most, by all ways to halve the draws of both sets of seeds: a move below it says nothing. */
  reach: number;
  /** One a change, in their order. */
  parts: GeneMove[];
}

/** How a cell is explained. */
export interface ExplainOptions {
  constants: SentenceConstants;
  sampling: Sampling;
  /** Seed of the cell's k-th sentence. */
  seedOf(k: number): number;
  /** Sentences of each kind, 2 or more. */
  draws: number;
  signal?: AbortSignal;
  /** Sentences embedded, of how many. */
  onProgress?: (done: number, total: number) => void;
}

const controls = 2;

/**
 * Counterfactual sentences of one cell: it is embedded as it is and with each of `changes`, under the same seeds, and mean vectors are compared. Beside each move stand what other seeds
 * would move it (from the spread of the draws: sqrt(2 s^2 / n)), and what a change of as many other genes does. The cell's status must be "ok". Throws the WorkbookErrors "bad-draws" and
 * "nothing-left" (domain "cells": all genes of the cell would be left out), what the encoder throws, and the signal's reason.
 */
export async function explainCell(
  cell: CellProbabilities,
  alignment: Alignment,
  encoder: Encoder,
  changes: readonly GeneChange[],
  options: ExplainOptions
): Promise<CellExplanation> {
  const {constants, sampling, seedOf, draws, signal, onProgress} = options;
  if (!(draws >= 2)) throw badDraws(draws);
  const random = createRandom(0);
  const changed = changes.map((change) => changedCells(cell, alignment.symbols.length, change, random.next));
  // What changes nothing is the cell itself, which is embedded once.
  const variants = [...new Set([cell, ...changed.flatMap(({mine, others}) => [mine, ...others])])];
  const sentenceOf = (variant: CellProbabilities, k: number) =>
    cellSentence(variant, alignment, {sampling, seed: seedOf(k), constants}).tokens!;
  const seeds = Array.from({length: draws}, (_, k) => k);
  const sentences = [
    ...seeds.map((k) => sentenceOf(cell, draws + k)),
    ...variants.flatMap((variant) => seeds.map((k) => sentenceOf(variant, k)))
  ];
  const vectors = await embedTokens(encoder, sentences, {signal, onProgress});
  const {width} = encoder;
  const drawn = (place: number) => vectors.subarray(place * draws * width, (place + 1) * draws * width);
  const means = new Map(variants.map((variant, i) => [variant, meanOf(drawn(i + 1), width)]));
  const whole = means.get(cell)!;
  const parts = changes.map((change, i): GeneMove => {
    const {mine, others} = changed[i];
    const vector = means.get(mine)!;
    const controls = others.map((other) => means.get(other)!);
    const far = controls.map((control) => distance(control, whole));
    return {
      ...change,
      ...shownOf(change.how === "add" ? mine : cell, change),
      move: distance(vector, whole),
      control: far.reduce((sum, one) => sum + one, 0) / far.length,
      vector,
      controls
    };
  });
  return {
    vector: whole,
    otherSeeds: meanOf(drawn(0), width),
    noise: noiseOf(drawn(1), width),
    reach: reachOf(vectors.subarray(0, 2 * draws * width), width),
    parts
  };
}

/** How many of the genes a cell shows, and their share of its probability. */
function shownOf({genes, probabilities}: CellProbabilities, change: GeneChange): {shown: number; share: number} {
  const set = new Set(change.genes);
  const places = [...genes.keys()].filter((place) => set.has(genes[place]));
  const all = probabilities.reduce((sum, one) => sum + one, 0);
  return {shown: places.length, share: places.reduce((sum, place) => sum + probabilities[place], 0) / all};
}

/** The cell with a change, and with the same change of as many other genes, twice; no others where there are none. */
function changedCells(
  cell: CellProbabilities,
  aligned: number,
  {name, genes, how}: GeneChange,
  next: () => number
): {mine: CellProbabilities; others: CellProbabilities[]} {
  const set = new Set(genes);
  const places = new Map([...cell.genes].map((gene, place) => [gene, place]));
  const [shown, hidden] = [[...set].filter((gene) => places.has(gene)), [...set].filter((gene) => !places.has(gene))];
  const otherShown = [...cell.genes].filter((gene) => !set.has(gene));
  const rounds = Array.from({length: controls}, (_, i) => i);
  if (how === "leave out") {
    if (otherShown.length === 0) throw nothingLeft(name);
    const others = rounds.map(() => chosen(otherShown, shown.length, next));
    // Other genes that would leave nothing leave the cell as it is.
    const left = (without: ReadonlySet<number>) =>
      without.size === 0 || without.size === cell.genes.length ? cell : leaveOut(cell, without);
    return {mine: left(new Set(shown)), others: others.map(left)};
  }
  const most = cell.probabilities.reduce((largest, one) => Math.max(largest, one), 0);
  const isRaised = (gene: number) => cell.probabilities[places.get(gene)!] < most;
  const raised = shown.filter(isRaised);
  const otherRaised = otherShown.filter(isRaised);
  const otherHidden = Array.from({length: aligned}, (_, gene) => gene).filter(
    (gene) => !places.has(gene) && !set.has(gene)
  );
  const hasOthers = otherRaised.length + otherHidden.length > 0;
  const others = (hasOthers ? rounds : []).map(
    () => new Set([...chosen(otherRaised, raised.length, next), ...chosen(otherHidden, hidden.length, next)])
  );
  const add = (added: ReadonlySet<number>) => (added.size === 0 ? cell : withGenes(cell, places, added, most));
  return {mine: add(new Set([...raised, ...hidden])), others: others.map(add)};
}

function leaveOut(cell: CellProbabilities, genes: ReadonlySet<number>): CellProbabilities {
  const kept = [...cell.genes.keys()].filter((place) => !genes.has(cell.genes[place]));
  return {
    ...cell,
    genes: Int32Array.from(kept, (place) => cell.genes[place]),
    probabilities: Float32Array.from(kept, (place) => cell.probabilities[place])
  };
}

/** The cell with genes as probable as its most probable one; drawing divides by the sum. Genes ascending, as a file has them. */
function withGenes(
  cell: CellProbabilities,
  places: ReadonlyMap<number, number>,
  genes: ReadonlySet<number>,
  probability: number
): CellProbabilities {
  const all = [...new Set([...cell.genes, ...genes])].sort((a, b) => a - b);
  return {
    ...cell,
    genes: Int32Array.from(all),
    probabilities: Float32Array.from(all, (gene) =>
      genes.has(gene) ? probability : cell.probabilities[places.get(gene)!]
    )
  };
}

/** `wanted` of the genes at random, fewer where there are fewer. */
function chosen(genes: readonly number[], wanted: number, next: () => number): Set<number> {
  const list = [...genes];
  const count = Math.min(wanted, list.length);
  for (let i = 0; i < count; i += 1) {
    const j = i + Math.floor(next() * (list.length - i));
    [list[i], list[j]] = [list[j], list[i]];
  }
  return new Set(list.slice(0, count));
}

function meanOf(vectors: Float32Array, width: number): Float32Array {
  const mean = new Float64Array(width);
  const count = vectors.length / width;
  vectors.forEach((value, i) => (mean[i % width] += value / count));
  return Float32Array.from(mean);
}

function distance(a: Float32Array, b: Float32Array): number {
  return Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0));
}

/** Root of the expected squared distance of two means of n draws each, from the spread of n draws. */
function noiseOf(vectors: Float32Array, width: number): number {
  const mean = meanOf(vectors, width);
  const count = vectors.length / width;
  const squares = vectors.reduce((sum, value, i) => sum + (value - mean[i % width]) ** 2, 0);
  return Math.sqrt((2 * squares) / (count - 1) / count);
}

/** The smallest distance that 95 % of the halvings do not exceed. */
function reachOf(vectors: Float32Array, width: number): number {
  const distances = splitDistances(vectors, width);
  return distances[Math.ceil(0.95 * distances.length) - 1];
}

function badDraws(draws: number): WorkbookError {
  return new WorkbookError({
    domain: "cells",
    code: "bad-draws",
    fault: `${draws} draws do not show how much the seed matters`,
    remedy: "ask for at least 2"
  });
}

function nothingLeft(name: string): WorkbookError {
  return new WorkbookError({
    domain: "cells",
    code: "nothing-left",
    fault: `without ${name} the cell has no gene left that the model knows`,
    remedy: "leave fewer genes out"
  });
}
