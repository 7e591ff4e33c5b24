import {erf} from "../convert/erf.js";
import {bundlePaths} from "../model/bundle-paths.js";
import {outputBlocks} from "../model/architecture.js";
import type {Bundle} from "../model/bundle.js";
import {sinusoids} from "../model/sinusoids.js";
import {weightFiles} from "../model/weight-files.js";
import {joined} from "../model/wide-tensors.js";
import {widenStorage} from "../model/widen-storage.js";
import type {Precision} from "../types.js";

/** What a plain computation of the model makes of one sentence. */
export interface ForwardResult {
  /** Outputs of the layers, length x width each, row-major. */
  layers: Float64Array[];
  /** Unit vector of the cell. */
  vector: Float64Array;
}

/**
 * The encoder once more, in float64 and as the specification writes it (docs/model.md): one sentence, all rows of all layers, a loop
 * for each sum, none of the graph's fused operators. It is the reference for models that numpy's committed figures are not of; the
 * numpy program checks it in turn on the demo model (tests/core/parity). Slow: 2 L (4 D D + 2 D F + 2 L D) operations a layer.
 * Rejects with a WorkbookError where the bundle's files cannot be read.
 */
export async function forwardFloat64(bundle: Bundle, precision: Precision, tokens: Int32Array): Promise<ForwardResult> {
  const {layers, width, heads, positions, maxLength} = bundle.manifest.architecture;
  const weights = new Map<string, Float32Array<ArrayBuffer>>();
  const {files} = bundle.manifest.variants.find((variant) => variant.precision === precision)!;
  for (const first of [bundlePaths.table(precision), bundlePaths.weights("encoder", precision)]) {
    for (const path of weightFiles(files, first)) {
      for (const {name, values} of widenStorage(path, await bundle.stored(path)))
        weights.set(name, joined(weights.get(name), values));
    }
  }
  const w = (name: string) => weights.get(name)!;
  const places = positions === "sinusoidal" ? sinusoids(maxLength, width) : w("positions");
  const table = w("table");
  let x = new Float64Array(tokens.length * width);
  tokens.forEach((token, p) => {
    const row = bundle.tableRow.get(token)! * width;
    for (let j = 0; j < width; ++j) x[p * width + j] = table[row + j] + places[p * width + j];
  });
  const outputs: Float64Array[] = [];
  for (let layer = 0; layer < layers; ++layer) {
    const of = (part: string) => w(`layers.${layer}.${part}`);
    x = encoderLayer(x, width, heads, of, bundle);
    outputs.push(x);
  }
  let out = x.slice(0, width);
  for (const {index, width: columns, finish} of outputBlocks(bundle.manifest.architecture)) {
    const of = (part: string) => w(`output.${index}.${part}`);
    out = linear(out, of("weight"), of("bias"), columns);
    if (finish !== "none") out = layerNorm(out, columns, of("norm.weight"), of("norm.bias"), bundle);
    if (finish === "norm-gelu") out = out.map(gelu);
  }
  const length = Math.max(Math.sqrt(out.reduce((sum, value) => sum + value * value, 0)), 1e-12);
  return {layers: outputs, vector: out.map((value) => value / length)};
}

function encoderLayer(
  x: Float64Array,
  width: number,
  heads: number,
  of: (part: string) => Float32Array,
  bundle: Bundle
): Float64Array<ArrayBuffer> {
  const {feedForward, activation} = bundle.manifest.architecture;
  const [q, k, v] = ["query", "key", "value"].map((part, i) =>
    linear(x, of(`attention.${part}.weight`), of("attention.bias").subarray(i * width, (i + 1) * width), width)
  );
  const mixed = attention(q, k, v, width, heads);
  const attended = linear(mixed, of("attention.output.weight"), of("attention.output.bias"), width);
  const between = layerNorm(add(x, attended), width, of("norm1.weight"), of("norm1.bias"), bundle);
  const hidden = linear(between, of("linear1.weight"), of("linear1.bias"), feedForward).map((value) =>
    activation === "gelu" ? gelu(value) : Math.max(0, value)
  );
  const fed = linear(hidden, of("linear2.weight"), of("linear2.bias"), width);
  return layerNorm(add(between, fed), width, of("norm2.weight"), of("norm2.bias"), bundle);
}

function attention(q: Float64Array, k: Float64Array, v: Float64Array, width: number, heads: number): Float64Array {
  const size = width / heads;
  const length = q.length / width;
  const mixed = new Float64Array(q.length);
  const scores = new Float64Array(length);
  for (let head = 0; head < heads; ++head) {
    for (let i = 0; i < length; ++i) {
      const own = i * width + head * size;
      for (let j = 0; j < length; ++j) {
        let sum = 0;
        for (let c = 0; c < size; ++c) sum += q[own + c] * k[j * width + head * size + c];
        scores[j] = sum / Math.sqrt(size);
      }
      const largest = scores.reduce((most, score) => Math.max(most, score), -Infinity);
      let total = 0;
      for (let j = 0; j < length; ++j) total += scores[j] = Math.exp(scores[j] - largest);
      for (let j = 0; j < length; ++j) {
        for (let c = 0; c < size; ++c) mixed[own + c] += (scores[j] / total) * v[j * width + head * size + c];
      }
    }
  }
  return mixed;
}

/** x (rows x inputs) times a matrix stored as inputs x outputs, plus a bias. */
function linear(x: Float64Array, matrix: Float32Array, bias: Float32Array, outputs: number): Float64Array<ArrayBuffer> {
  const inputs = matrix.length / outputs;
  const rows = x.length / inputs;
  const product = new Float64Array(rows * outputs);
  for (let row = 0; row < rows; ++row) {
    product.set(bias, row * outputs);
    for (let i = 0; i < inputs; ++i) {
      const value = x[row * inputs + i];
      for (let j = 0; j < outputs; ++j) product[row * outputs + j] += value * matrix[i * outputs + j];
    }
  }
  return product;
}

function gelu(x: number): number {
  return 0.5 * x * (1 + erf(x * Math.SQRT1_2));
}

function layerNorm(
  x: Float64Array,
  width: number,
  weight: Float32Array,
  bias: Float32Array,
  bundle: Bundle
): Float64Array<ArrayBuffer> {
  const normed = new Float64Array(x.length);
  for (let from = 0; from < x.length; from += width) {
    const row = x.subarray(from, from + width);
    const mean = row.reduce((sum, value) => sum + value, 0) / width;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width;
    const scale = 1 / Math.sqrt(variance + bundle.manifest.architecture.layerNormEpsilon);
    for (let j = 0; j < width; ++j) normed[from + j] = (row[j] - mean) * scale * weight[j] + bias[j];
  }
  return normed;
}

function add(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value + b[i]);
}
