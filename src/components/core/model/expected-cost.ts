import {gainsByBlocks} from "./gains-by-blocks.js";
import {storedBytes} from "./stored-as.js";
import {outputBlocks, uceBrainOutput} from "./architecture.js";
import type {Architecture} from "./bundle.js";
import type {Precision} from "../types.js";
import {operationsPerCell, type OperationsShape} from "./describe-architecture.js";

/** Tokens of a usual sentence: CLS, 1,024 genes, and 24 chromosomes with their ends (1025 + 2 x chromosomes). */
const usualLength = 1073;

/** Share of the rate of a single product that a whole model reaches on a processor in a browser, by our own functions and by onnxruntime (docs/processor.md). */
const shareOfProduct = {own: 0.72, onnxruntime: 0.5};

/** What has to be known of a model's shape for what it costs. */
export type CostShape = OperationsShape & {
  heads: Architecture["heads"];
  /** Rows of its folded table. */
  tableRows: number;
};

/** How long a model took on this device. */
export interface KnownPace {
  name: string;
  /** Milliseconds a sentence. */
  ms: number;
  shape: CostShape;
}

/** What a cell will take, and how that is known. */
export interface ExpectedPace {
  /** Milliseconds a cell of one sentence. */
  ms: number;
  /** "model": scaled from how long `from` took here; "product": from one product of matrices, for the processor. */
  by: "model" | "product";
  from: string;
}

/** Operations of one usual sentence. */
export function usualOperations(shape: CostShape): number {
  return operationsPerCell(shape, usualLength);
}

/**
 * What a cell takes by arithmetic: the time of the known model that is nearest in size, times the ratio of operations; where none is known, the share that models reach of the
 * rate of a product of matrices (operations a second on one thread) on `threads` of a processor. Null where nothing is known.
 */
export function expectedPace(
  shape: CostShape,
  known: readonly KnownPace[],
  product: {rate: number; threads: number} | null
): ExpectedPace | null {
  const operations = usualOperations(shape);
  const distance = (one: KnownPace) => Math.abs(Math.log(usualOperations(one.shape) / operations));
  const [nearest] = [...known].sort((a, b) => distance(a) - distance(b));
  if (nearest !== undefined)
    return {ms: nearest.ms * (operations / usualOperations(nearest.shape)), by: "model", from: nearest.name};
  if (product === null) return null;
  const share = shareOfProduct[ownMemory(shape, product.threads) <= mostBytes ? "own" : "onnxruntime"];
  const perMs = (product.rate * share * (1 + 0.9 * (product.threads - 1))) / 1000;
  return {ms: operations / perMs, by: "product", from: ""};
}

/** Numbers of the matrices between the table and the vector, the table's, and those behind the last layer. */
function counts({layers, width, feedForward, outputWidth, output = uceBrainOutput(outputWidth), tableRows}: CostShape) {
  const projections = outputBlocks({width, output}).reduce((sum, block) => sum + block.inputs * block.width, 0);
  return {inner: layers * (4 * width * width + 2 * width * feedForward), projections, table: tableRows * width};
}

/** Bytes of the weights as they are computed with: 32 bits each; 4-bit blocks as they lie, table and projections widened. */
export function weightBytes(shape: CostShape, storage: Precision = "fp32"): number {
  const {inner, projections, table} = counts(shape);
  return (storage === "int4" ? storedBytes("blocks4", [inner]) : 4 * inner) + 4 * (projections + table);
}

/** Bytes that our own functions take of this machine's memory at most; larger models are for a graphics card, or for onnxruntime. */
export const mostBytes = 2 * 2 ** 30;

/** Rows that our own functions take through a layer together (core/processor/activation-sites.ts). */
const blockRows = 192;

/** Largest file of weights that is read at a time (docs/formats.md, "Large models"). */
const largestFile = 96e6;

/** Bytes of a number that is multiplied in 8-bit blocks: 32 of 8 columns lie with their scales and sums (core/processor/block-form.ts). */
const inBlocks = 320 / 256;

/** Bytes that one usual sentence takes of our own functions. */
function sentenceBytes({width, feedForward}: CostShape): number {
  return 4 * (3 * usualLength * width + blockRows * (3 * width + feedForward));
}

/** Bytes that our own functions take: weights in float32, a file of them while it is opened, and a usual sentence in each thread. */
function ownMemory(shape: CostShape, threads: number): number {
  const weights = weightBytes(shape);
  return weights + Math.min(weights, largestFile) + threads * sentenceBytes(shape);
}

/**
 * Bytes that our own functions take, by arithmetic, where the processor multiplies the model's matrices in 8-bit blocks as they are stored: those, the table in float32, a file of weights
 * while it is opened, and a usual sentence in each thread. Null for a model that is not computed so.
 */
export function expectedBlockMemory(shape: CostShape, storage: Precision, threads = 1): number | null {
  if (!gainsByBlocks(shape, storage)) return null;
  const {inner, projections, table} = counts(shape);
  const weights = inBlocks * (inner + projections) + 4 * table;
  return weights + Math.min(inner + projections + table, largestFile) + threads * sentenceBytes(shape);
}

/**
 * Bytes of memory that running the model on the processor takes at most, by arithmetic: in our own functions, with so many threads; where their memory does not hold the weights, in
 * onnxruntime: the weights twice (as they were read and as they are computed with, while it is opened), and for one usual sentence the scores of attention and the widest rows.
 */
export function expectedMemory(shape: CostShape, storage: Precision = "fp32", threads = 1): number {
  const own = ownMemory(shape, threads);
  if (own <= mostBytes) return own;
  const {width, heads, feedForward} = shape;
  const rows = 4 * usualLength * (6 * width + feedForward);
  return 2 * weightBytes(shape, storage) + 4 * usualLength * usualLength * heads + rows;
}

/** Sentences that our kernels compute in one part (adapters/wgsl-runner.ts). */
const sentencesOfPart = 16;

/**
 * Bytes on a graphics card that our kernels take in float16, by arithmetic: matrices in 16 bits, table in 32, and what lies between the steps for sixteen usual sentences. In float32
 * matrices take twice as much.
 */
export function expectedDeviceMemory(shape: CostShape): number {
  const {width, feedForward} = shape;
  const {inner, projections, table} = counts(shape);
  const row = 18 * width + 2 * feedForward;
  return 2 * (inner + projections) + 4 * table + sentencesOfPart * usualLength * row;
}

/** More than this WebAssembly cannot address: such a model runs on a graphics card alone. */
export const mostOfProcessor = 4 * 2 ** 30;
