import {outputBlocks} from "../model/architecture.js";
import type {Architecture} from "../model/bundle.js";

/** Where numbers of a weight go: to columns `first` and on of a buffer whose rows have `columns`. */
export interface WeightPlace {
  buffer: string;
  /** Numbers of the whole buffer. */
  size: number;
  columns: number;
  first: number;
  /** Those numbers of the weight that go there; of a matrix all. */
  from: number;
  to: number;
}

/** What becomes of one weight of the bundle's encoder. */
export interface WeightTarget {
  /** True for matrices that products read in the arithmetic's type; the rest stays float32. */
  matrix: boolean;
  /** Numbers of the weight. */
  size: number;
  /** Columns of a matrix; 0 of anything else. */
  outputs: number;
  places: WeightPlace[];
}

/**
 * Where each weight of the bundle's encoder (names and layouts of docs/formats.md) goes, as the kernels bind them: queries, keys and values of a layer side by side as
 * one matrix, those of the last layer as queries and as keys with values. `tableRows` are those of the token table.
 */
export function weightPlaces(model: Architecture, tableRows: number): Map<string, WeightTarget> {
  const {layers, width: d, feedForward, maxLength} = model;
  const targets = new Map<string, WeightTarget>();
  const vector = (name: string, size: number) =>
    targets.set(name, {matrix: false, size, outputs: 0, places: [place(name, size)]});
  const matrix = (name: string, inputs: number, outputs: number, buffer = name, columns = outputs, first = 0) =>
    targets.set(name, {
      matrix: true,
      size: inputs * outputs,
      outputs,
      places: [{buffer, size: inputs * columns, columns, first, from: 0, to: inputs * outputs}]
    });
  vector("table", tableRows * d);
  vector("positions", maxLength * d);
  for (let layer = 0; layer < layers; ++layer) {
    const at = `layers.${layer}.`;
    const isLast = layer === layers - 1;
    ["query", "key", "value"].forEach((part, i) => {
      const name = `${at}attention.${part}.weight`;
      if (!isLast) matrix(name, d, d, `${at}qkv.weight`, 3 * d, i * d);
      else if (i === 0) matrix(name, d, d, `${at}query.weight`);
      else matrix(name, d, d, `${at}kv.weight`, 2 * d, (i - 1) * d);
    });
    const places = isLast
      ? [place(`${at}query.bias`, d), place(`${at}kv.bias`, 2 * d, d)]
      : [place(`${at}qkv.bias`, 3 * d)];
    targets.set(`${at}attention.bias`, {matrix: false, size: 3 * d, outputs: 0, places});
    matrix(`${at}attention.output.weight`, d, d);
    vector(`${at}attention.output.bias`, d);
    matrix(`${at}linear1.weight`, d, feedForward);
    vector(`${at}linear1.bias`, feedForward);
    matrix(`${at}linear2.weight`, feedForward, d);
    vector(`${at}linear2.bias`, d);
    for (const name of ["norm1.weight", "norm1.bias", "norm2.weight", "norm2.bias"]) vector(at + name, d);
  }
  for (const {index, inputs, width, finish} of outputBlocks(model)) {
    matrix(`output.${index}.weight`, inputs, width);
    const vectors = finish === "none" ? ["bias"] : ["bias", "norm.weight", "norm.bias"];
    for (const name of vectors) vector(`output.${index}.${name}`, width);
  }
  return targets;
}

/** All of a buffer of its own, from number `from` of a weight on. */
function place(buffer: string, size: number, from = 0): WeightPlace {
  return {buffer, size, columns: size, first: 0, from, to: from + size};
}
