import {erf} from "../../../src/components/core/convert/erf.js";
import {weightPlaces} from "../../../src/components/core/kernels/weight-places.js";
import {outputBlocks, wholeArchitecture} from "../../../src/components/core/model/architecture.js";
import type {Architecture, OutputBlock} from "../../../src/components/core/model/bundle.js";
import type {WeightPart} from "../../../src/components/core/model/read-weights.js";
import {createRandom} from "../../../src/components/core/random.js";

/** A small model, as far as it is not told otherwise. */
export function modelOf(changes: Partial<Architecture> & {output?: OutputBlock[]}): Architecture {
  const model = wholeArchitecture({
    ...{layers: 2, width: 32, heads: 4, feedForward: 64, outputWidth: 32, maxLength: 64},
    ...{positions: "stored", activation: "gelu", layerNormEpsilon: 1e-5, expression: null},
    ...changes
  });
  return {...model, outputWidth: model.output.at(-1)!.width};
}

/** Random weights of a model by the bundle's names, without the table; sharp enough that attention tells rows apart. */
export function randomWeights(model: Architecture, seed = 1): Map<string, Float32Array<ArrayBuffer>> {
  const {normal} = createRandom(seed);
  const weights = new Map<string, Float32Array<ArrayBuffer>>();
  for (const [name, {size, outputs, matrix}] of weightPlaces(model, 1)) {
    if (name === "table") continue;
    const scale = matrix ? (/query|key/.test(name) ? 2 : 1) / Math.sqrt(size / outputs) : 0.3;
    const middle = /norm\d?\.weight$/.test(name) ? 1 : 0;
    weights.set(
      name,
      Float32Array.from({length: size}, () => middle + scale * normal())
    );
  }
  return weights;
}

/** Weights as parts of a bundle; those of more than `most` numbers that are no matrices come in two. */
export function partsOf(weights: Map<string, Float32Array<ArrayBuffer>>): WeightPart[] {
  return Array.from(weights).flatMap(([name, values]) => {
    const cut = /bias$/.test(name) ? Math.floor(values.length / 3) : 0;
    const part = (from: number, to: number): WeightPart => {
      return {name, shape: [to - from], from, blocks: null, widen: () => values.slice(from, to)};
    };
    return cut === 0 ? [part(0, values.length)] : [part(0, cut), part(cut, values.length)];
  });
}

/** The same once more in float64, a loop for each sum, all rows of all layers. */
export function plainVector(
  model: Architecture,
  weights: Map<string, Float32Array>,
  input: Float32Array
): Float64Array {
  const {layers, width, layerNormEpsilon: epsilon} = model;
  const positions = weights.get("positions")!;
  let x = Float64Array.from(input, (value, i) => value + positions[i]);
  for (let layer = 0; layer < layers; ++layer) {
    const of = (part: string) => weights.get(`layers.${layer}.${part}`)!;
    const norm = (rows: Float64Array, name: string) =>
      layerNorm(rows, of(`${name}.weight`), of(`${name}.bias`), epsilon);
    const [q, k, v] = ["query", "key", "value"].map((part, i) =>
      linear(x, of(`attention.${part}.weight`), of("attention.bias").subarray(i * width, (i + 1) * width))
    );
    const mixed = attention(q, k, v, model);
    const attended = linear(mixed, of("attention.output.weight"), of("attention.output.bias"));
    const between = norm(
      attended.map((value, i) => value + x[i]),
      "norm1"
    );
    const hidden = linear(between, of("linear1.weight"), of("linear1.bias")).map((value) =>
      model.activation === "gelu" ? gelu(value) : Math.max(0, value)
    );
    x = norm(
      linear(hidden, of("linear2.weight"), of("linear2.bias")).map((value, i) => value + between[i]),
      "norm2"
    );
  }
  let out = x.slice(0, width);
  for (const {index, finish} of outputBlocks(model)) {
    const of = (part: string) => weights.get(`output.${index}.${part}`)!;
    out = linear(out, of("weight"), of("bias"));
    if (finish !== "none") out = layerNorm(out, of("norm.weight"), of("norm.bias"), epsilon);
    if (finish === "norm-gelu") out = out.map(gelu);
  }
  const length = Math.hypot(...out);
  return out.map((value) => value / length);
}

export const gelu = (x: number): number => 0.5 * x * (1 + erf(x * Math.SQRT1_2));

export function linear(x: Float64Array, matrix: Float32Array, bias: Float32Array): Float64Array<ArrayBuffer> {
  const inputs = matrix.length / bias.length;
  return Float64Array.from({length: (x.length / inputs) * bias.length}, (_, at) => {
    const [row, column] = [Math.floor(at / bias.length), at % bias.length];
    let sum = bias[column];
    for (let i = 0; i < inputs; ++i) sum += x[row * inputs + i] * matrix[i * bias.length + column];
    return sum;
  });
}

function attention(q: Float64Array, k: Float64Array, v: Float64Array, {width, heads}: Architecture): Float64Array {
  const size = width / heads;
  const length = q.length / width;
  const mixed = new Float64Array(q.length);
  for (let head = 0; head < heads; ++head) {
    for (let i = 0; i < length; ++i) {
      const place = (row: number) => row * width + head * size;
      const scores = Array.from({length}, (_, j) => {
        let sum = 0;
        for (let c = 0; c < size; ++c) sum += q[place(i) + c] * k[place(j) + c];
        return sum / Math.sqrt(size);
      });
      const most = Math.max(...scores);
      const shares = scores.map((score) => Math.exp(score - most));
      const total = shares.reduce((sum, share) => sum + share, 0);
      shares.forEach((share, j) => {
        for (let c = 0; c < size; ++c) mixed[place(i) + c] += (share / total) * v[place(j) + c];
      });
    }
  }
  return mixed;
}

export function layerNorm(
  x: Float64Array,
  weight: Float32Array,
  bias: Float32Array,
  epsilon: number
): Float64Array<ArrayBuffer> {
  const width = weight.length;
  const normed = new Float64Array(x.length);
  for (let from = 0; from < x.length; from += width) {
    const row = x.subarray(from, from + width);
    const mean = row.reduce((sum, value) => sum + value, 0) / width;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width;
    for (let j = 0; j < width; ++j)
      normed[from + j] = ((row[j] - mean) / Math.sqrt(variance + epsilon)) * weight[j] + bias[j];
  }
  return normed;
}
