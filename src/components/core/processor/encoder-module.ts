import {outputBlocks} from "../model/architecture.js";
import type {Architecture} from "../model/bundle.js";
import {assemble} from "../wasm/assemble.js";
import {attentionFunctions, queryColumns} from "./attention-functions.js";
import {blockFunction, blockName, splitFunction} from "./block-functions.js";
import {constantPlaces} from "./constants.js";
import {linearFunction, linearName, type LinearShape} from "./linear-function.js";
import {headColumns} from "./processor-layout.js";
import {rowFunctions} from "./row-functions.js";
import {rowStride} from "./row-stride.js";

/** What a module is made for. */
export interface ModuleOptions {
  /** Multiply and add in one instruction, of the relaxed SIMD that not every engine has (`WebAssembly.validate` tells). */
  fused: boolean;
  /** The memory is one that threads share. */
  shared: boolean;
  /** Matrices stay in blocks of 8 bits, as in the memory's layout. */
  blocks?: boolean;
  /** Products of bytes by relaxed SIMD; false: the same sums, several times slower. */
  relaxed?: boolean;
}

/** The WebAssembly module that computes a model that `canProcess`, over an imported memory `env.memory`. `embedSentence` calls its functions. */
export function encoderModule(
  model: Architecture,
  {fused, shared, blocks = false, relaxed = true}: ModuleOptions
): Uint8Array<ArrayBuffer> {
  const options = {constants: constantPlaces(model).at, fused};
  const pairs = productPairs(model);
  const linear = new Map(linearShapes(model, blocks ? [] : pairs).map((shape) => [linearName(shape), shape]));
  const inBlocks = new Map(pairs.map(({inputs, strideC}) => [blockName(inputs, strideC), {inputs, strideC}]));
  const functions = [
    ...Array.from(linear.values(), (shape) => linearFunction(shape, fused)),
    ...(blocks ? Array.from(inBlocks.values(), ({inputs, strideC}) => blockFunction(inputs, strideC, relaxed)) : []),
    ...(blocks ? [splitFunction(options)] : []),
    ...attentionFunctions(rowStride(model.width), options),
    ...rowFunctions(options)
  ];
  return assemble(functions, {shared});
}

/** Widths of what a model multiplies with matrices, and distances between rows of the products. */
function productPairs(model: Architecture): {inputs: number; strideC: number}[] {
  const {width: d, feedForward} = model;
  return [
    ...[headColumns(model), 4, rowStride(d), rowStride(feedForward)].map((strideC) => ({inputs: d, strideC})),
    {inputs: feedForward, strideC: rowStride(d)},
    ...outputBlocks(model).map(({inputs, width}) => ({inputs, strideC: rowStride(width)}))
  ];
}

/** Products of float32: with matrices, and of keys with queries. */
function linearShapes(model: Architecture, pairs: {inputs: number; strideC: number}[]): LinearShape[] {
  return [
    ...pairs.flatMap(({inputs, strideC}) =>
      (["bias", "sum"] as const).map((start): LinearShape => ({strideA: rowStride(inputs), strideC, start}))
    ),
    {strideA: headColumns(model), strideC: queryColumns, start: "none"}
  ];
}
