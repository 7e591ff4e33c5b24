import {bytesOf} from "../../src/components/core/bytes-of.js";
import type {WeightBlocks} from "../../src/components/core/model/stored-weights.js";
import {blockLength, quantizeBlocks} from "../../src/components/core/model/quantize.js";
import type {WeightPart} from "../../src/components/core/model/read-weights.js";
import type {BenchModel} from "./model.js";

/** The suite's tensors as a bundle's files would give them: in float32, or matrices in 8-bit blocks. */
export function weightParts(model: BenchModel, {blocks = false} = {}): WeightPart[] {
  return Array.from(model.tensors, ([name, values]) => ({
    ...{name, shape: [values.length], from: 0, widen: () => values},
    blocks: blocks && isProductWeight(name) ? blocksOf(model, name, values) : null
  }));
}

/** True for the matrices of the encoder that tokens' rows are multiplied with. */
export function isProductWeight(name: string): boolean {
  return /^(layers|output).*\.weight$/.test(name) && !name.includes("norm");
}

/** Rows of such a matrix. */
export function inputsOf({architecture}: BenchModel, name: string): number {
  return name.includes("linear2") ? architecture.feedForward : architecture.width;
}

function blocksOf(model: BenchModel, name: string, numbers: Float32Array): WeightBlocks {
  const inputs = inputsOf(model, name);
  const outputs = numbers.length / inputs;
  const {values, scales} = quantizeBlocks(numbers, inputs, outputs, name);
  return {bits: 8, length: blockLength, inputs, outputs, values, scales: bytesOf(scales)};
}
