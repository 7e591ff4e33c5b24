import {outputBlocks} from "../model/architecture.js";
import type {Architecture} from "../model/bundle.js";
import {assemble} from "../wasm/assemble.js";
import {attentionFunctions, queryColumns} from "./attention-functions.js";
import {constantPlaces} from "./constants.js";
import {linearFunction, linearName, type LinearShape} from "./linear-function.js";
import {headColumns} from "./processor-layout.js";
import {rowFunctions} from "./row-functions.js";
import {rowStride} from "./row-stride.js";

/**
 * The WebAssembly module that computes a model that `canProcess`, over an imported memory `env.memory`. `fused`: multiply and add in one instruction, of the relaxed SIMD that not every engine has
 * (`WebAssembly.validate` tells). `shared`: the memory is one that threads share. `embedSentence` calls its functions.
 */
export function encoderModule(
  model: Architecture,
  {fused, shared}: {fused: boolean; shared: boolean}
): Uint8Array<ArrayBuffer> {
  const options = {constants: constantPlaces(model).at, fused};
  const shapes = new Map(linearShapes(model).map((shape) => [linearName(shape), shape]));
  const functions = [
    ...Array.from(shapes.values(), (shape) => linearFunction(shape, fused)),
    ...attentionFunctions(rowStride(model.width), options),
    ...rowFunctions(options)
  ];
  return assemble(functions, {shared});
}

/** All products of a model. */
function linearShapes(model: Architecture): LinearShape[] {
  const [d, hidden, key] = [rowStride(model.width), rowStride(model.feedForward), headColumns(model)];
  const pairs: [number, number][] = [
    [d, key],
    [d, 4],
    [d, d],
    [d, hidden],
    [hidden, d],
    ...outputBlocks(model).map(({inputs, width}): [number, number] => [rowStride(inputs), rowStride(width)])
  ];
  return [
    ...pairs.flatMap(([strideA, strideC]) =>
      (["bias", "sum"] as const).map((start): LinearShape => ({strideA, strideC, start}))
    ),
    {strideA: key, strideC: queryColumns, start: "none"}
  ];
}
