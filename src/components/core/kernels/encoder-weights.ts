import {outputBlocks} from "../model/architecture.js";
import type {Architecture} from "../model/bundle.js";
import {WorkbookError} from "../errors.js";

/** A weight as the kernels bind it. */
export interface KernelWeight {
  name: string;
  /** Row-major, inputs x outputs. */
  values: Float32Array<ArrayBuffer>;
  /** True for matrices that products read in the arithmetic's type; the rest stays float32. */
  matrix: boolean;
}

/**
 * The weights of the bundle's encoder (names and layouts of docs/formats.md) as the kernels bind them: queries, keys and values of a layer side by side as
 * one matrix, those of the last layer as queries and as keys with values. Throws a WorkbookError of domain "model" where one is missing.
 */
export function* encoderWeights(
  tensors: ReadonlyMap<string, Float32Array>,
  model: Architecture
): Generator<KernelWeight> {
  const {layers, width: d} = model;
  const take = (name: string): Float32Array => {
    const values = tensors.get(name);
    if (values !== undefined) return values;
    throw new WorkbookError({
      domain: "model",
      code: "no-such-weight",
      fault: `the model's files have no ${name}`,
      place: name,
      remedy: "convert the checkpoint again"
    });
  };
  const copy = (name: string, matrix: boolean): KernelWeight => ({name, values: Float32Array.from(take(name)), matrix});
  yield copy("table", false);
  yield copy("positions", false);
  for (let layer = 0; layer < layers; ++layer) {
    const at = `layers.${layer}.`;
    const part = (name: string) => take(`${at}attention.${name}.weight`);
    const bias = take(`${at}attention.bias`);
    const [q, k, v] = [part("query"), part("key"), part("value")];
    if (layer < layers - 1) {
      yield {name: `${at}qkv.weight`, values: besides([q, k, v], d), matrix: true};
      yield {name: `${at}qkv.bias`, values: Float32Array.from(bias), matrix: false};
    } else {
      yield {name: `${at}query.weight`, values: Float32Array.from(q), matrix: true};
      yield {name: `${at}query.bias`, values: bias.slice(0, d), matrix: false};
      yield {name: `${at}kv.weight`, values: besides([k, v], d), matrix: true};
      yield {name: `${at}kv.bias`, values: bias.slice(d), matrix: false};
    }
    for (const name of ["attention.output", "linear1", "linear2"]) {
      yield copy(`${at}${name}.weight`, true);
      yield copy(`${at}${name}.bias`, false);
    }
    for (const name of ["norm1.weight", "norm1.bias", "norm2.weight", "norm2.bias"]) yield copy(at + name, false);
  }
  for (const {index, finish} of outputBlocks(model)) {
    yield copy(`output.${index}.weight`, true);
    const vectors = finish === "none" ? ["bias"] : ["bias", "norm.weight", "norm.bias"];
    for (const name of vectors) yield copy(`output.${index}.${name}`, false);
  }
}

/** Matrices of `width` x `width` side by side. */
function besides(parts: readonly Float32Array[], width: number): Float32Array<ArrayBuffer> {
  const wide = parts.length * width;
  const values = new Float32Array(width * wide);
  parts.forEach((part, i) => {
    for (let row = 0; row < width; ++row) {
      values.set(part.subarray(row * width, (row + 1) * width), row * wide + i * width);
    }
  });
  return values;
}
