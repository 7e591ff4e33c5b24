import {noSuchWeight} from "../model/no-such-weight.js";
import type {WeightPart} from "../model/read-weights.js";
import {processorConstants} from "./constants.js";
import {packBlocks} from "./pack-blocks.js";
import {packMatrix} from "./pack-matrix.js";
import type {ProcessorLayout} from "./processor-layout.js";

/**
 * Writes constants and weights to a memory of zeros that has `weightBytes` of them, one after another as they are read; parts of the table go to `onTable`, whose promise is waited for.
 * Throws a WorkbookError of domain "model", code "no-such-weight", where one is missing, and what reading throws.
 */
export async function packWeights(
  {model, blocks, matrices, vectors}: ProcessorLayout,
  weights: AsyncIterable<WeightPart> | Iterable<WeightPart>,
  memory: {readonly buffer: ArrayBufferLike},
  onTable: (part: WeightPart) => void | Promise<void>
): Promise<void> {
  const numbers = new Float32Array(memory.buffer);
  numbers.set([...processorConstants(model).values()]);
  const missing = new Map<string, number>([
    ...Array.from(matrices, ([name, {inputs, outputs}]): [string, number] => [name, inputs * outputs]),
    ...Array.from(vectors, ([name, {size}]): [string, number] => [name, size])
  ]);
  for await (const part of weights) {
    const {name, from} = part;
    if (name === "table") {
      await onTable(part);
      continue;
    }
    const left = missing.get(name);
    if (left === undefined) continue;
    const matrix = matrices.get(name);
    if (blocks && matrix !== undefined && part.blocks !== null) {
      packBlocks(part.blocks, matrix, memory.buffer);
      missing.delete(name);
      continue;
    }
    const values = part.widen();
    if (left > values.length) missing.set(name, left - values.length);
    else missing.delete(name);
    if (matrix !== undefined) packMatrix(values, matrix, numbers);
    for (const run of vectors.get(name)?.runs ?? []) {
      const begin = Math.max(run.from, from);
      const end = Math.min(run.from + run.count, from + values.length);
      if (begin < end) numbers.set(values.subarray(begin - from, end - from), run.at / 4 + begin - run.from);
    }
  }
  for (const name of missing.keys()) throw noSuchWeight(name);
}
