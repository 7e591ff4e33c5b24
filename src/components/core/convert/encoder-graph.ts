import {outputBlocks} from "../model/architecture.js";
import type {Architecture} from "../model/bundle.js";
import {OnnxBuilder} from "./onnx-builder.js";

/** What the encoder graph is made for. */
export interface EncoderGraphShape extends Architecture {
  /** Rows of the folded table. */
  tableRows: number;
}

/**
 * The encoder as an ONNX model without its weights: input `rows` (int32, batch x length, rows of the folded table),
 * output `embedding` (float32, batch x outputWidth, unit vectors). Weights are external data, one path a tensor
 * (docs/formats.md). Operators are those that both onnxruntime's CPU and its WebGPU backend have fast kernels for.
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
  unitRows(graph, outputOf(graph, shape, cls), "embedding");
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
  const matrix = (part: string, inputs: number, outputs: number) =>
    graph.external(name(`${part}.weight`), "float32", [inputs, outputs]);
  const vector = (part: string, size: number) => graph.external(name(part), "float32", [size]);
  const linear = (input: string, part: string, inputs: number, outputs: number) =>
    graph.node("MatMul", [input, matrix(part, inputs, outputs)], name(`${part}.product`));
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
  const product = linear(between, "linear1", width, feedForward);
  const bias = vector("linear1.bias", feedForward);
  const active =
    activation === "gelu"
      ? graph.fused("BiasGelu", [product, bias], name("gelu"))
      : graph.node("Relu", [graph.node("Add", [product, bias], name("linear1"))], name("relu"));
  return addNorm(linear(active, "linear2", feedForward, width), between, "norm2", "linear2.bias");
}

/** The blocks behind the last layer: Linear, then LayerNorm and GELU where a block has them. */
function outputOf(graph: OnnxBuilder, shape: EncoderGraphShape, cls: string): string {
  let x = cls;
  for (const {index, inputs, width, finish} of outputBlocks(shape)) {
    const name = `output.${index}`;
    const vector = (part: string) => graph.external(`${name}.${part}`, "float32", [width]);
    const matrix = graph.external(`${name}.weight`, "float32", [inputs, width]);
    const product = graph.node("MatMul", [x, matrix], `${name}.product`);
    x = graph.node("Add", [product, vector("bias")], `${name}.biased`);
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
function unitRows(graph: OnnxBuilder, x: string, output: string): void {
  const squares = graph.node("Mul", [x, x], "squares");
  const sum = graph.node("ReduceSum", [squares, graph.constant("last", [-1], [1])], "sum", {keepdims: {int: 1}});
  const root = graph.node("Sqrt", [sum], "root");
  const norm = graph.node("Clip", [root, graph.constant("least", [1e-12], [], "float32")], "norm");
  graph.node("Div", [x, norm], output);
}
