import {outputBlocks} from "../model/architecture.js";
import type {Architecture} from "../model/bundle.js";
import {blockInputs, panelBlock} from "./block-form.js";
import {constantPlaces} from "./constants.js";

/** Where a matrix lies and how: in panels of 8 columns, of float32 in chunks of its rows, or in blocks of 8 bits. */
export interface MatrixSite {
  /** Address. */
  at: number;
  inputs: number;
  /** Columns of the bundle's matrix. */
  outputs: number;
  /** Of so many columns each begins at a panel of its own: a head's keys; all columns where it does not matter. */
  group: number;
  /** Columns that a group takes, with empty ones behind it. */
  groupColumns: number;
  /** All columns that are stored. */
  columns: number;
}

/** Where numbers of a vector go. */
export interface VectorRun {
  /** First number of the vector, and how many follow it. */
  from: number;
  count: number;
  /** Address. */
  at: number;
}

/** Where a model's weights lie in a WebAssembly memory, from its beginning on. */
export interface ProcessorLayout {
  model: Architecture;
  /** True if matrices stay in blocks of 8 bits. */
  blocks: boolean;
  /** Addresses of `processorConstants`. */
  constants: ReadonlyMap<string, number>;
  /** By the bundle's names. */
  matrices: ReadonlyMap<string, MatrixSite>;
  /** By the bundle's names: what is written. The table is not among them. */
  vectors: ReadonlyMap<string, {size: number; runs: VectorRun[]}>;
  /** Addresses of vectors as functions read them: by the bundle's names, and attention's biases apart (query.bias, key.bias, value.bias). */
  addresses: ReadonlyMap<string, number>;
  /** Where constants and weights end, in bytes: a multiple of 64, from which on activations may lie. */
  weightBytes: number;
}

/** Numbers from a head's row of keys to the next. */
export const headColumns = ({width, heads}: Pick<Architecture, "width" | "heads">): number =>
  8 * Math.ceil(width / heads / 8);

/** Plans the memory of a model that `canProcess`; with `blocks` of one that `hasBlocks`. */
export function processorLayout(model: Architecture, {blocks = false} = {}): ProcessorLayout {
  const {layers, width: d, heads, feedForward, maxLength} = model;
  const matrices = new Map<string, MatrixSite>();
  const vectors = new Map<string, {size: number; runs: VectorRun[]}>();
  const addresses = new Map<string, number>();
  const constants = constantPlaces(model);
  let end = aligned(constants.end);
  const take = (numbers: number): number => {
    const at = end;
    end = aligned(end + 4 * numbers);
    return at;
  };
  const matrix = (name: string, inputs: number, outputs: number, group = outputs, groupColumns = group) => {
    const columns = (outputs / group) * groupColumns;
    const at = take(blocks ? ((inputs / blockInputs) * (columns / 8) * panelBlock.bytes) / 4 : inputs * columns);
    matrices.set(name, {at, inputs, outputs, group, groupColumns, columns});
  };
  const vector = (name: string, size: number) => {
    const at = take(size);
    addresses.set(name, at);
    vectors.set(name, {size, runs: [{from: 0, count: size, at}]});
  };
  const keyColumns = headColumns(model);
  const headSize = d / heads;
  vector("positions", maxLength * d);
  for (let layer = 0; layer < layers; ++layer) {
    const of = (part: string) => `layers.${layer}.${part}`;
    matrix(of("attention.query.weight"), d, d);
    matrix(of("attention.key.weight"), d, d, headSize, keyColumns);
    matrix(of("attention.value.weight"), d, d);
    const [query, key, value] = [take(d), take(heads * keyColumns), take(d)];
    const keyRuns = Array.from({length: heads}, (_, head) => ({
      from: d + head * headSize,
      count: headSize,
      at: key + 4 * head * keyColumns
    }));
    const runs = [{from: 0, count: d, at: query}, ...keyRuns, {from: 2 * d, count: d, at: value}];
    vectors.set(of("attention.bias"), {size: 3 * d, runs});
    addresses.set(of("query.bias"), query).set(of("key.bias"), key).set(of("value.bias"), value);
    matrix(of("attention.output.weight"), d, d);
    matrix(of("linear1.weight"), d, feedForward);
    matrix(of("linear2.weight"), feedForward, d);
    vector(of("linear1.bias"), feedForward);
    for (const name of ["attention.output.bias", "linear2.bias", ...norms]) vector(of(name), d);
  }
  for (const {index, inputs, width, finish} of outputBlocks(model)) {
    matrix(`output.${index}.weight`, inputs, width);
    for (const name of finish === "none" ? ["bias"] : ["bias", "norm.weight", "norm.bias"])
      vector(`output.${index}.${name}`, width);
  }
  return {model, blocks, constants: constants.at, matrices, vectors, addresses, weightBytes: end};
}

const norms = ["norm1.weight", "norm1.bias", "norm2.weight", "norm2.bias"];

/** Bytes up to the next multiple of 64, a line of the cache. */
const aligned = (bytes: number): number => 64 * Math.ceil(bytes / 64);
