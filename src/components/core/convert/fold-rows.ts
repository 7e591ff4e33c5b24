import {erf} from "./erf.js";
import {multiplyTransposed} from "./multiply-transposed.js";

/** Epsilon of every LayerNorm of the family (PyTorch's default). */
export const layerNormEpsilon = 1e-5;

/** Weight and bias of a LayerNorm. */
export interface Norm {
  weight: Float32Array;
  bias: Float32Array;
}

/** What a family does to a row of the token table: first to the row itself, then around the Linear. */
export interface FoldRecipe {
  /** LayerNorm, division by the row's length (L2), or nothing. */
  input: "layer-norm" | "unit" | "none";
  /** What follows the Linear, in this order. */
  order: "norm-gelu" | "gelu-norm";
  /** Factor of the result. */
  scale: number;
}

/** The input side of a checkpoint, as it is stored; plain data, so that it can be handed to a worker. */
export interface FoldWeights {
  /** Width of the token table. */
  inputWidth: number;
  /** Model width. */
  width: number;
  recipe: FoldRecipe;
  /** LayerNorm on the rows of the token table; undefined for a recipe without. */
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
 * A function that computes what the recipe says of each row, for UCE-brain GELU(LayerNorm(W LayerNorm(row) + b)): sums in float64, rounded once, so that a
 * row's result does not depend on the rows beside it. GELU is the exact (erf) one.
 */
export function prepareFold({inputWidth, width, recipe, inputNorm, projection, bias, norm}: FoldWeights): FoldRows {
  const {input, order, scale} = recipe;
  const project = multiplyTransposed(projection, width, inputWidth);
  return (rows) => {
    const count = rows.length / inputWidth;
    const normed = Float64Array.from(rows);
    for (let i = 0; i < count; ++i) {
      const row = normed.subarray(i * inputWidth, (i + 1) * inputWidth);
      if (inputNorm !== undefined) layerNorm(row, inputNorm);
      if (input === "unit") toUnitLength(row);
    }
    const projected = project(normed, count);
    for (let i = 0; i < count; ++i) {
      const values = projected.subarray(i * width, (i + 1) * width);
      for (let j = 0; j < width; ++j) values[j] += bias[j];
      if (order === "norm-gelu") layerNorm(values, norm);
      for (let j = 0; j < width; ++j) values[j] = gelu(values[j]);
      if (order === "gelu-norm") layerNorm(values, norm);
      if (scale !== 1) for (let j = 0; j < width; ++j) values[j] *= scale;
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

/** x / max(||x||, 1e-12), as PyTorch's normalize does. */
function toUnitLength(values: Float64Array): void {
  let squares = 0;
  for (const value of values) squares += value * value;
  const length = Math.max(Math.sqrt(squares), 1e-12);
  for (let i = 0; i < values.length; ++i) values[i] /= length;
}

function gelu(x: number): number {
  return 0.5 * x * (1 + erf(x * Math.SQRT1_2));
}
