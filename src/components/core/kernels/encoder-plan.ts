import {outputBlocks} from "../model/architecture.js";
import type {Architecture} from "../model/bundle.js";
import {clsAttention} from "./cls-attention.js";
import {embedRows} from "./embed-rows.js";
import {finishBlock} from "./finish-block.js";
import {numberType, type Arithmetic, type Kernel} from "./kernel.js";
import {matrixAttention} from "./matrix-attention.js";
import {matrixProduct} from "./matrix-product.js";
import {normalizeRows} from "./normalize-rows.js";
import {plainAttention} from "./plain-attention.js";
import {plainProduct, type ProductShape} from "./plain-product.js";
import {rowProduct} from "./row-product.js";
import {chooseTiles} from "./tiles.js";

/** One dispatch: a kernel and the names of the buffers at its bindings, in order; null where it has none. */
export interface Step {
  kernel: Kernel;
  bindings: readonly (string | null)[];
}

/**
 * The dispatches of one batch in order, for "many" rows or few (`areMany`). Buffers go by the names of `encoderBuffers`, weights by those of `weightPlaces`, and
 * "call", "rows" and "unit" are the uniform, the rows of the table, and the unit vectors. Attention reads queries, keys and values side by side; in the last layer
 * everything after keys and values is computed for the CLS row only (docs/model.md, "The graph").
 */
export function encoderSteps(model: Architecture, arithmetic: Arithmetic, many: boolean): Step[] {
  const {layers, width: d, heads, feedForward, layerNormEpsilon: epsilon, maxLength, activation} = model;
  const isMatrix = arithmetic === "matrix";
  const output = numberType(arithmetic);
  const halves = output === "f16" ? "numbers" : null;
  const numbers = halves ?? "stream";
  const steps: Step[] = [];
  const add = (kernel: Kernel, ...bindings: (string | null)[]) => void steps.push({kernel, bindings});
  const tilesOf = (inner: number, columns: number) => chooseTiles(arithmetic, many, {inner, columns}, d / heads);
  const product = (shape: ProductShape): Kernel => {
    const tile = tilesOf(shape.inner, shape.columns);
    return isMatrix ? matrixProduct(shape, tile.matrix) : plainProduct(arithmetic, shape, tile.plain);
  };
  // A product whose result is normalized next comes in parts that LayerNorm adds.
  const product32 = (inner: number): [Kernel, Kernel] => {
    const {splits} = tilesOf(inner, d);
    return [
      product({inner, columns: d, epilogue: "none", output: "f32", splits}),
      normalizeRows(arithmetic, d, epsilon, "all", {splits})
    ];
  };
  const attentionTile = tilesOf(d, d);
  const attention = isMatrix
    ? matrixAttention({width: d, heads}, attentionTile.matrixAttention)
    : plainAttention(arithmetic, {width: d, heads}, attentionTile.plainAttention);
  const projection = product({inner: d, columns: 3 * d, epilogue: "bias", output});
  const up = product({inner: d, columns: feedForward, epilogue: activation, output});
  const [attended, normalize1] = product32(d);
  const [down, normalize2] = product32(feedForward);

  add(embedRows(arithmetic, d), "call", "rows", "table", "positions", "stream", halves);
  for (let layer = 0; layer < layers - 1; ++layer) {
    const at = (name: string) => `layers.${layer}.${name}`;
    const norm = (kernel: Kernel, name: string, bias: string) =>
      add(kernel, "call", "product", at(bias), at(`${name}.weight`), at(`${name}.bias`), "stream", halves);
    add(projection, numbers, at("qkv.weight"), at("qkv.bias"), "qkv");
    add(attention, "call", "qkv", "attended", ...(isMatrix ? ["qkv"] : []));
    add(attended, "attended", at("attention.output.weight"), null, "product");
    norm(normalize1, "norm1", "attention.output.bias");
    add(up, numbers, at("linear1.weight"), at("linear1.bias"), "hidden");
    add(down, "hidden", at("linear2.weight"), null, "product");
    norm(normalize2, "norm2", "linear2.bias");
  }
  lastLayer();

  function lastLayer(): void {
    const at = (name: string) => `layers.${layers - 1}.${name}`;
    const row = (inner: number, columns: number, epilogue: ProductShape["epilogue"], spaced = false) =>
      rowProduct(arithmetic, {inner, columns, epilogue}, spaced);
    const norm = (spaced: boolean) => normalizeRows(arithmetic, d, epsilon, "cls", {spaced});
    add(
      product({inner: d, columns: 2 * d, epilogue: "bias", output}),
      ...[numbers, at("kv.weight"), at("kv.bias"), "qkv"]
    );
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
    for (const {index, inputs, width, finish, isLast} of outputBlocks(model)) {
      const of = (part: string) => `output.${index}.${part}`;
      const norm = finish === "none" ? [null, null] : [of("norm.weight"), of("norm.bias")];
      add(row(inputs, width, "bias"), null, "cls2", of("weight"), of("bias"), "cls0");
      add(finishBlock(width, epsilon, finish, isLast), null, "cls0", ...norm, isLast ? "unit" : "cls2");
    }
  }

  return steps;
}
