import {outputBlocks} from "../model/architecture.js";
import type {Architecture} from "../model/bundle.js";
import {blockForm, storedAs} from "../model/stored-as.js";
import type {Precision} from "../types.js";
import {OnnxBuilder} from "./onnx-builder.js";

/** What the encoder graph is made for. */
export interface EncoderGraphShape extends Architecture {
  /** Rows of the folded table. */
  tableRows: number;
  /** Storage precision whose blocks the graph takes as they lie; absent where all weights are float32. */
  blocks?: Precision;
}

/**
 * The encoder as an ONNX model without its weights: input `rows` (int32, batch x length, rows of the folded table),
 * output `embedding` (float32, batch x outputWidth, unit vectors). Weights are external data, one path a tensor
 * (docs/formats.md). Operators are those that both onnxruntime's CPU and its WebGPU backend have fast kernels for.
 *
 * With `blocks`, matrices that lie in blocks in that storage precision come as NAME (uint8) and NAME.scales (float32), operands of MatMulNBits.
 *
 * Post-norm layers, exact (erf) GELU; in the last layer everything after keys and values is done for the CLS row only.
 * No mask: all sentences of a call have the same length.
 */
export function encoderGraph(shape: EncoderGraphShape): Uint8Array<ArrayBuffer> {
  const {layers, width, outputWidth, tableRows, maxLength} = shape;
  const graph = new OnnxBuilder();
  const rows = graph.input("rows", "int32", ["batch", "length"]);
  const table = graph.external("table", "float32", [tableRows, width]);
  const positions = graph.external("positions", "float32", [maxLength, width]);
  const zero = graph.constant("zero", [0], [1]);
  const genes = graph.node("Gather", [table, rows], "tokens", {axis: {int: 0}});
  const length = graph.node("Shape", [rows], "length", {start: {int: 1}, end: {int: 2}});
  const order = graph.node("Slice", [positions, zero, length, zero], "order");
  let x = graph.node("Add", [genes, order], "input");
  for (let layer = 0; layer < layers; ++layer) x = encoderLayer(graph, shape, layer, x, layer === layers - 1);
  const cls = graph.node("Reshape", [x, graph.constant("flat", [-1, width], [2])], "cls");
  divideByLength(graph, outputOf(graph, shape, cls), "embedding");
  graph.output("embedding", "float32", ["batch", outputWidth]);
  return graph.encode("encoder");
}

function encoderLayer(
  graph: OnnxBuilder,
  shape: EncoderGraphShape,
  layer: number,
  x: string,
  clsOnly: boolean
): string {
  const {width, heads, feedForward, activation, layerNormEpsilon: epsilon} = shape;
  const name = (part: string) => `layers.${layer}.${part}`;
  const vector = (part: string, size: number) => graph.external(name(part), "float32", [size]);
  const linear = (input: string, part: string, inputs: number, outputs: number) =>
    product(graph, shape, input, {name: name(part), inputs, outputs});
  const addNorm = (input: string, skip: string, norm: string, bias: string) =>
    graph.fused(
      "SkipLayerNormalization",
      [input, skip, vector(`${norm}.weight`, width), vector(`${norm}.bias`, width), vector(bias, width)],
      name(norm),
      {epsilon: {float: epsilon}}
    );

  const asked = clsOnly
    ? graph.node("Gather", [x, graph.constant("zero", [0], [1])], name("cls"), {axis: {int: 1}})
    : x;
  const attention = graph.fused(
    "MultiHeadAttention",
    [
      linear(asked, "attention.query", width, width),
      linear(x, "attention.key", width, width),
      linear(x, "attention.value", width, width),
      vector("attention.bias", 3 * width)
    ],
    name("attention"),
    {num_heads: {int: heads}}
  );
  const attended = linear(attention, "attention.output", width, width);
  const between = addNorm(attended, asked, "norm1", "attention.output.bias");
  const up = linear(between, "linear1", width, feedForward);
  const bias = vector("linear1.bias", feedForward);
  const active =
    activation === "gelu"
      ? graph.fused("BiasGelu", [up, bias], name("gelu"))
      : graph.node("Relu", [graph.node("Add", [up, bias], name("linear1"))], name("relu"));
  return addNorm(linear(active, "linear2", feedForward, width), between, "norm2", "linear2.bias");
}

/** x times the matrix NAME.weight, in float32 or in blocks. */
function product(
  graph: OnnxBuilder,
  {blocks = "fp32"}: EncoderGraphShape,
  x: string,
  {name, inputs, outputs}: {name: string; inputs: number; outputs: number}
): string {
  const weight = `${name}.weight`;
  const form = blockForm(storedAs(blocks, {kind: "matrix", name: weight, shape: [inputs, outputs]}));
  if (form === null) {
    return graph.node("MatMul", [x, graph.external(weight, "float32", [inputs, outputs])], `${name}.product`);
  }
  const {bits, length} = form;
  const operands = [
    graph.external(weight, "uint8", [outputs, inputs / length, (length * bits) / 8]),
    graph.external(`${weight}.scales`, "float32", [outputs, inputs / length])
  ];
  const attributes = {K: {int: inputs}, N: {int: outputs}, bits: {int: bits}, block_size: {int: length}};
  return graph.fused("MatMulNBits", [x, ...operands], `${name}.product`, attributes);
}

/** The blocks behind the last layer: Linear, then LayerNorm and GELU where a block has them. */
function outputOf(graph: OnnxBuilder, shape: EncoderGraphShape, cls: string): string {
  let x = cls;
  for (const {index, inputs, width, finish} of outputBlocks(shape)) {
    const name = `output.${index}`;
    const vector = (part: string) => graph.external(`${name}.${part}`, "float32", [width]);
    const projected = product(graph, shape, x, {name, inputs, outputs: width});
    x = graph.node("Add", [projected, vector("bias")], `${name}.biased`);
    const inner = {axis: {int: -1}, epsilon: {float: shape.layerNormEpsilon}};
    if (finish === "norm-gelu") {
      // LayerNorm's bias is added by BiasGelu: one operator fewer, and one that every backend has.
      const normed = graph.node("LayerNormalization", [x, vector("norm.weight")], `${name}.normed`, inner);
      x = graph.fused("BiasGelu", [normed, vector("norm.bias")], `${name}.active`);
    } else if (finish === "norm") {
      const inputs = [x, vector("norm.weight"), vector("norm.bias")];
      x = graph.node("LayerNormalization", inputs, `${name}.normed`, inner);
    }
  }
  return x;
}

/** x / max(||x||, 1e-12) along the last axis. */
function divideByLength(graph: OnnxBuilder, x: string, output: string): void {
  const squares = graph.node("Mul", [x, x], "squares");
  const sum = graph.node("ReduceSum", [squares, graph.constant("last", [-1], [1])], "sum", {keepdims: {int: 1}});
  const root = graph.node("Sqrt", [sum], "root");
  const norm = graph.node("Clip", [root, graph.constant("least", [1e-12], [], "float32")], "norm");
  graph.node("Div", [x, norm], output);
}
