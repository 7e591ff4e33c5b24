import type {Architecture} from "../model/bundle.js";
import {clsAttention} from "./cls-attention.js";
import {embedRows} from "./embed-rows.js";
import {numberType, type Arithmetic, type Kernel} from "./kernel.js";
import {matrixAttention} from "./matrix-attention.js";
import {matrixProduct} from "./matrix-product.js";
import {normalizeRows} from "./normalize-rows.js";
import {plainAttention} from "./plain-attention.js";
import {plainProduct, type ProductShape} from "./plain-product.js";
import {rowProduct} from "./row-product.js";
import {chooseTiles, type Tiles} from "./tiles.js";
import {unitEmbeddings} from "./unit-embeddings.js";

/** One dispatch: a kernel and the names of the buffers at its bindings, in order; null where it has none. */
export interface Step {
  kernel: Kernel;
  bindings: readonly (string | null)[];
}

/**
 * The dispatches of one batch in order, for "many" rows or few (`areMany`). Buffers go by the names of `encoderBuffers`, weights by those of `encoderWeights`, and
 * "call", "rows" and "unit" are the uniform, the rows of the table, and the unit vectors. Attention reads queries, keys and values side by side; in the last layer
 * everything after keys and values is computed for the CLS row only (docs/model.md, "The graph").
 */
export function encoderSteps(model: Architecture, arithmetic: Arithmetic, many: boolean, tiles?: Tiles): Step[] {
  const {layers, width: d, heads, feedForward, outputWidth, layerNormEpsilon: epsilon, maxLength, activation} = model;
  const halves = numberType(arithmetic) === "f16";
  const numbers = halves ? "numbers" : "stream";
  const steps: Step[] = [];
  const add = (kernel: Kernel, ...bindings: (string | null)[]) => void steps.push({kernel, bindings});
  const tilesOf = (shape: {inner: number; columns: number}) =>
    tiles ?? chooseTiles(arithmetic, many, shape, d / heads);
  const product = (shape: ProductShape, ...bindings: (string | null)[]) => {
    const tile = tilesOf(shape);
    add(
      arithmetic === "matrix" ? matrixProduct(shape, tile.matrix) : plainProduct(arithmetic, shape, tile.plain),
      ...bindings
    );
  };
  const output = numberType(arithmetic);
  const tile = tilesOf({inner: d, columns: d});
  const attention =
    arithmetic === "matrix"
      ? matrixAttention({width: d, heads}, tile.matrixAttention)
      : plainAttention(arithmetic, {width: d, heads}, tile.plainAttention);
  // Products whose result is normalized next come in parts that LayerNorm adds.
  const splitsOf = (inner: number) => tilesOf({inner, columns: d}).splits;

  add(embedRows(arithmetic, d), "call", "rows", "table", "positions", "stream", halves ? "numbers" : null);
  for (let layer = 0; layer < layers - 1; ++layer) {
    const at = (name: string) => `layers.${layer}.${name}`;
    const norm = (name: string, bias: string, inner: number) =>
      add(
        normalizeRows(arithmetic, d, epsilon, "all", {splits: splitsOf(inner)}),
        "call",
        "product",
        at(bias),
        at(`${name}.weight`),
        at(`${name}.bias`),
        "stream",
        halves ? "numbers" : null
      );
    product({inner: d, columns: 3 * d, epilogue: "bias", output}, numbers, at("qkv.weight"), at("qkv.bias"), "qkv");
    add(attention, "call", "qkv", "attended", ...(arithmetic === "matrix" ? ["qkv"] : []));
    product(
      {inner: d, columns: d, epilogue: "none", output: "f32", splits: splitsOf(d)},
      "attended",
      at("attention.output.weight"),
      null,
      "product"
    );
    norm("norm1", "attention.output.bias", d);
    product(
      {inner: d, columns: feedForward, epilogue: activation, output},
      numbers,
      at("linear1.weight"),
      at("linear1.bias"),
      "hidden"
    );
    product(
      {inner: feedForward, columns: d, epilogue: "none", output: "f32", splits: splitsOf(feedForward)},
      "hidden",
      at("linear2.weight"),
      null,
      "product"
    );
    norm("norm2", "linear2.bias", feedForward);
  }
  lastLayer();

  function lastLayer(): void {
    const at = (name: string) => `layers.${layers - 1}.${name}`;
    const row = (inner: number, columns: number, epilogue: ProductShape["epilogue"], spaced = false) =>
      rowProduct(arithmetic, {inner, columns, epilogue}, spaced);
    const norm = (spaced: boolean) => normalizeRows(arithmetic, d, epsilon, "cls", {spaced});
    product({inner: d, columns: 2 * d, epilogue: "bias", output}, numbers, at("kv.weight"), at("kv.bias"), "qkv");
    add(row(d, d, "bias", true), "call", "stream", at("query.weight"), at("query.bias"), "cls0");
    add(clsAttention(arithmetic, {width: d, heads}, maxLength), "call", "cls0", "qkv", "cls1", "qkv");
    add(row(d, d, "none"), null, "cls1", at("attention.output.weight"), null, "cls0");
    add(
      norm(true),
      "call",
      "cls0",
      at("attention.output.bias"),
      at("norm1.weight"),
      at("norm1.bias"),
      "stream",
      "cls1"
    );
    add(row(d, feedForward, activation), null, "cls1", at("linear1.weight"), at("linear1.bias"), "clsHidden");
    add(row(feedForward, d, "none"), null, "clsHidden", at("linear2.weight"), null, "cls0");
    add(norm(false), null, "cls0", at("linear2.bias"), at("norm2.weight"), at("norm2.bias"), "cls1", "cls2");
    add(row(d, outputWidth, "bias"), null, "cls2", "output.0.weight", "output.0.bias", "cls0");
    add(unitEmbeddings(outputWidth, epsilon), null, "cls0", "output.0.norm.weight", "output.0.norm.bias", "unit");
  }

  return steps;
}
