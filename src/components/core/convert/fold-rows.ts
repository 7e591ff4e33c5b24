import {erf} from "./erf.js";
import {multiplyTransposed} from "./multiply-transposed.js";

/** Epsilon of every LayerNorm of the family (PyTorch's default). */
export const layerNormEpsilon = 1e-5;

/** Weight and bias of a LayerNorm. */
export interface Norm {
  weight: Float32Array;
  bias: Float32Array;
}

/** The input side of a checkpoint, as it is stored; plain data, so that it can be handed to a worker. */
export interface FoldWeights {
  /** Width of the token table. */
  inputWidth: number;
  /** Model width. */
  width: number;
  /** LayerNorm on the rows of the token table; undefined for a model without. */
  inputNorm: Norm | undefined;
  /** width x inputWidth, row-major. */
  projection: Float32Array;
  /** width. */
  bias: Float32Array;
  norm: Norm;
}

/** Folds rows of the token table (count x inputWidth, row-major) into rows of the folded one (count x width). */
export type FoldRows = (rows: Float32Array) => Float32Array<ArrayBuffer>;

/**
 * A function that computes GELU(LayerNorm(W LayerNorm(row) + b)) of each row: sums in float64, rounded once, so that a row's
 * result does not depend on the rows beside it. GELU is the exact (erf) one.
 */
export function prepareFold({inputWidth, width, inputNorm, projection, bias, norm}: FoldWeights): FoldRows {
  const project = multiplyTransposed(projection, width, inputWidth);
  return (rows) => {
    const count = rows.length / inputWidth;
    const normed = Float64Array.from(rows);
    if (inputNorm !== undefined) {
      for (let i = 0; i < count; ++i) layerNorm(normed.subarray(i * inputWidth, (i + 1) * inputWidth), inputNorm);
    }
    const projected = project(normed, count);
    for (let i = 0; i < count; ++i) {
      const values = projected.subarray(i * width, (i + 1) * width);
      for (let j = 0; j < width; ++j) values[j] += bias[j];
      layerNorm(values, norm);
      for (let j = 0; j < width; ++j) values[j] = gelu(values[j]);
    }
    return Float32Array.from(projected);
  };
}

function layerNorm(values: Float64Array, {weight, bias}: Norm): void {
  const n = values.length;
  let sum = 0;
  for (let i = 0; i < n; ++i) sum += values[i];
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; ++i) squares += (values[i] - mean) ** 2;
  const scale = 1 / Math.sqrt(squares / n + layerNormEpsilon);
  for (let i = 0; i < n; ++i) values[i] = (values[i] - mean) * scale * weight[i] + bias[i];
}

function gelu(x: number): number {
  return 0.5 * x * (1 + erf(x * Math.SQRT1_2));
}
