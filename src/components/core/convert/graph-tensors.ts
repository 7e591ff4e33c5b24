import type {WeightKind} from "../model/stored-as.js";

/**
 * A weight as the graphs use it, float32, row-major. A matrix has shape [inputs, outputs] (x times it, the transpose of
 * PyTorch's); the rest are vectors, the positions and the folded table.
 */
export interface GraphTensor {
  name: string;
  shape: readonly number[];
  values: Float32Array;
  kind: WeightKind;
}

/** Transpose of a row-major rows x columns matrix. */
export function transpose(values: Float32Array, rows: number, columns: number): Float32Array<ArrayBuffer> {
  const turned = new Float32Array(values.length);
  for (let i = 0; i < rows; ++i) {
    for (let j = 0; j < columns; ++j) turned[j * rows + i] = values[i * columns + j];
  }
  return turned;
}

/** A PyTorch Linear weight (outputs x inputs) as a graph matrix. */
export function linearTensor(name: string, values: Float32Array, outputs: number, inputs: number): GraphTensor {
  return {name, shape: [inputs, outputs], values: transpose(values, outputs, inputs), kind: "matrix"};
}

/** A bias, or a LayerNorm's weight or bias. */
export function vectorTensor(name: string, values: Float32Array): GraphTensor {
  return {name, shape: [values.length], values, kind: "vector"};
}
