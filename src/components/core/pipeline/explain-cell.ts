import type {Alignment} from "../cells/align.js";
import type {CellProbabilities} from "../cells/normalize.js";
import {cellSentence} from "../cells/sentence.js";
import {embedTokens} from "../embed/embed-tokens.js";
import type {Encoder} from "../embed/encoder.js";
import {WorkbookError} from "../errors.js";
import {createRandom} from "../random.js";
import type {Sampling, SentenceConstants} from "../types.js";

/** Genes that are left out together. */
export interface LeftOutGenes {
  name: string;
  /** Their aligned indices; those that the cell does not show change nothing. */
  genes: readonly number[];
}

/** How far the cell's vector moves without some genes. */
export interface LeftOutMove extends LeftOutGenes {
  /** How many of them the cell shows, and their share of its sampling probability, 0 to 1. */
  shown: number;
  share: number;
  /** Distance of the mean vector without them from the mean vector, under the same seeds. */
  move: number;
  /** The same for as many other genes of the cell, chosen at random; mean over two choices. NaN where the cell has no others. */
  control: number;
  /** The mean vector without them. */
  vector: Float32Array;
}

/** Which genes a cell's vector depends on. */
export interface CellExplanation {
  /** Mean vector over the seeds. */
  vector: Float32Array;
  /** How far mean vectors of so many other seeds are expected to lie from each other: a move below it says nothing. */
  noise: number;
  /** The largest move first. */
  parts: LeftOutMove[];
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
 * Counterfactual sentences of one cell: it is embedded as it is and without each of `candidates`, under the same seeds, and mean vectors are compared. Beside each move stand what other seeds
 * would move it (from the spread of the draws: sqrt(2 s^2 / n)), and what as many of its other genes do. The cell's status must be "ok". Throws the WorkbookErrors "bad-draws" and
 * "nothing-left" (domain "cells": all genes of the cell would be left out), what the encoder throws, and the signal's reason.
 */
export async function explainCell(
  cell: CellProbabilities,
  alignment: Alignment,
  encoder: Encoder,
  candidates: readonly LeftOutGenes[],
  options: ExplainOptions
): Promise<CellExplanation> {
  const {constants, sampling, seedOf, draws, signal, onProgress} = options;
  if (!(draws >= 2)) throw badDraws(draws);
  const random = createRandom(0);
  const variants = [cell];
  for (const {name, genes} of candidates) {
    variants.push(without(cell, new Set(genes), name));
    for (let i = 0; i < controls; i += 1) variants.push(without(cell, othersOf(cell, genes, random.next), name, true));
  }
  const sentences = variants.flatMap((variant) =>
    Array.from(
      {length: draws},
      (_, k) => cellSentence(variant, alignment, {sampling, seed: seedOf(k), constants}).tokens!
    )
  );
  const vectors = await embedTokens(encoder, sentences, {signal, onProgress});
  const {width} = encoder;
  const drawn = (variant: number) => vectors.subarray(variant * draws * width, (variant + 1) * draws * width);
  const whole = meanOf(drawn(0), width);
  const move = (variant: number) => distance(meanOf(drawn(variant), width), whole);
  const parts = candidates.map(({name, genes}, i): LeftOutMove => {
    const at = 1 + i * (1 + controls);
    const set = new Set(genes);
    const places = [...cell.genes.keys()].filter((place) => set.has(cell.genes[place]));
    const share = places.reduce((sum, place) => sum + cell.probabilities[place], 0);
    const hasOthers = cell.genes.length > places.length;
    const control = hasOthers ? (move(at + 1) + move(at + 2)) / controls : NaN;
    return {name, genes, shown: places.length, share, move: move(at), control, vector: meanOf(drawn(at), width)};
  });
  return {vector: whole, noise: noiseOf(drawn(0), width), parts: parts.sort((a, b) => b.move - a.move)};
}

/** The cell without these genes. A control that would leave nothing keeps all. */
function without(
  cell: CellProbabilities,
  genes: ReadonlySet<number>,
  name: string,
  isControl = false
): CellProbabilities {
  const kept = [...cell.genes.keys()].filter((place) => !genes.has(cell.genes[place]));
  if (kept.length === 0 && isControl) return cell;
  if (kept.length === 0) throw nothingLeft(name);
  return {
    ...cell,
    genes: Int32Array.from(kept, (place) => cell.genes[place]),
    probabilities: Float32Array.from(kept, (place) => cell.probabilities[place])
  };
}

/** As many other genes of the cell as it shows of these, at random. */
function othersOf(cell: CellProbabilities, genes: readonly number[], next: () => number): Set<number> {
  const set = new Set(genes);
  const others = Array.from(cell.genes).filter((gene) => !set.has(gene));
  const wanted = cell.genes.length - others.length;
  for (let i = 0; i < Math.min(wanted, others.length); i += 1) {
    const j = i + Math.floor(next() * (others.length - i));
    [others[i], others[j]] = [others[j], others[i]];
  }
  return new Set(others.slice(0, wanted));
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
