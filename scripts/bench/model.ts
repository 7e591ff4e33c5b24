// The model that the suite runs: random weights in the public architecture, with the wide input that the seed project's way needs and the
// same input folded, so that every way computes the same vectors. Made once, then read from a folder or an address.
import {bytesOf} from "../../src/components/core/bytes-of.js";
import {wholeArchitecture} from "../../src/components/core/model/architecture.js";
import {layerNormEpsilon, prepareFold} from "../../src/components/core/convert/fold-rows.js";
import type {Architecture} from "../../src/components/core/model/bundle.js";
import {sinusoids} from "../../src/components/core/model/sinusoids.js";
import {createRandom} from "../../src/components/core/random.js";

export type Tensors = Map<string, Float32Array<ArrayBuffer>>;

export interface BenchModel {
  name: string;
  architecture: Architecture;
  /** Width of the unfolded table. */
  inputWidth: number;
  tableRows: number;
  tensors: Tensors;
}

interface Index {
  name: string;
  architecture: Architecture;
  inputWidth: number;
  tableRows: number;
  tensors: {name: string; size: number}[];
}

/** "full" is the published size (8 layers, 512 wide), "quick" a model of seconds. */
export type ModelSize = "full" | "quick";

const sizes = {
  full: {layers: 8, width: 512, heads: 16, feedForward: 2048, inputWidth: 5120, tableRows: 402, maxLength: 2048},
  quick: {layers: 2, width: 128, heads: 4, feedForward: 256, inputWidth: 640, tableRows: 102, maxLength: 256}
};

/**
 * Weights as PyTorch starts them but for keys and queries, which are twice as large so that cells differ; noise in place of zeros and ones.
 * Names and layouts are the bundle's (docs/formats.md); those of the wide input begin with "wide.".
 */
export function makeModel(size: ModelSize): BenchModel {
  const {inputWidth, tableRows, ...shape} = sizes[size];
  const {layers, width: d, feedForward: f, maxLength} = shape;
  const {normal} = createRandom(512);
  const pool = Float32Array.from({length: 1 << 20}, normal);
  const tensors: Tensors = new Map();
  let at = 0;
  const add = (name: string, count: number, scale: number, middle = 0) => {
    at = (at + 77_777) % pool.length;
    const values = new Float32Array(count);
    for (let i = 0; i < count; ++i) values[i] = middle + scale * pool[(at + i) % pool.length];
    tensors.set(name, values);
  };
  const linear = (name: string, inputs: number, outputs: number, scale = 1) =>
    add(`${name}.weight`, inputs * outputs, scale / Math.sqrt(3 * inputs));
  const norm = (name: string, count: number) => (add(`${name}.weight`, count, 0.1, 1), add(`${name}.bias`, count, 0.1));
  add("wide.table", tableRows * inputWidth, 1);
  norm("wide.inputNorm", inputWidth);
  // Width x inputWidth, as checkpoints have it.
  linear("wide.projection", inputWidth, d);
  add("wide.projection.bias", d, 0.1);
  norm("wide.norm", d);
  for (let layer = 0; layer < layers; ++layer) {
    const name = `layers.${layer}`;
    for (const part of ["query", "key"]) linear(`${name}.attention.${part}`, d, d, 2);
    for (const part of ["value", "output"]) linear(`${name}.attention.${part}`, d, d);
    linear(`${name}.linear1`, d, f);
    linear(`${name}.linear2`, f, d);
    add(`${name}.attention.bias`, 3 * d, 0.1);
    add(`${name}.linear1.bias`, f, 0.1);
    for (const part of ["attention.output", "linear2"]) add(`${name}.${part}.bias`, d, 0.1);
    for (const part of ["norm1", "norm2"]) norm(`${name}.${part}`, d);
  }
  linear("output.0", d, d);
  add("output.0.bias", d, 0.1);
  norm("output.0.norm", d);
  tensors.set("positions", sinusoids(maxLength, d));
  tensors.set("table", foldTable(tensors, inputWidth, d));
  const rest = {
    ...shape,
    outputWidth: d,
    positions: "sinusoidal",
    activation: "gelu",
    layerNormEpsilon,
    expression: null
  } as const;
  const architecture = wholeArchitecture(rest);
  return {name: `random weights, ${size}`, architecture, inputWidth, tableRows, tensors};
}

function foldTable(tensors: Tensors, inputWidth: number, width: number): Float32Array<ArrayBuffer> {
  const take = (name: string) => tensors.get(`wide.${name}`)!;
  const norm = (name: string) => ({weight: take(`${name}.weight`), bias: take(`${name}.bias`)});
  const [projection, bias] = [take("projection.weight"), take("projection.bias")];
  const recipe = {input: "layer-norm", order: "norm-gelu", scale: 1} as const;
  const parts = {inputWidth, width, recipe, inputNorm: norm("inputNorm"), projection, bias, norm: norm("norm")};
  return prepareFold(parts)(take("table"));
}

/** Rows of the table for so many sentences, the first of each being CLS; cells draw from genes of their own, so that their vectors differ. */
export function sentenceRows(
  {tableRows}: Pick<BenchModel, "tableRows">,
  cells: number,
  length: number
): Int32Array<ArrayBuffer> {
  const genes = tableRows - 2;
  const own = Math.floor(genes / 4);
  const rows = new Int32Array(cells * length);
  for (let cell = 0; cell < cells; ++cell) {
    const {next} = createRandom(1000 + cell);
    const first = Math.floor(next() * genes);
    for (let i = 0; i < length; ++i)
      rows[cell * length + i] = i === 0 ? 1 : 2 + ((first + Math.floor(next() * own)) % genes);
  }
  return rows;
}

/** The model as two files: model.json and weights.bin, its tensors one after another as little-endian float32. */
export function modelFiles({tensors, ...rest}: BenchModel): {index: string; parts: Uint8Array[]} {
  const listed = Array.from(tensors, ([name, {length}]) => ({name, size: length}));
  return {index: JSON.stringify({...rest, tensors: listed}), parts: Array.from(tensors.values(), bytesOf)};
}

/** The model that `modelFiles` wrote. */
export function readModel(index: string, weights: ArrayBuffer): BenchModel {
  const {tensors: listed, ...rest} = JSON.parse(index) as Index;
  const tensors: Tensors = new Map();
  let at = 0;
  for (const {name, size} of listed) {
    tensors.set(name, new Float32Array(weights, at, size));
    at += 4 * size;
  }
  return {...rest, tensors};
}
