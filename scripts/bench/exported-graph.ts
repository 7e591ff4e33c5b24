// The seed project's configuration rebuilt: the graph that PyTorch exports (opset 17) for its transformer, without fused operators: the wide input is
// uploaded, attention is two products and a softmax with a mask, and every row of the last layer is computed. Dynamic 8 bit as onnxruntime's quantize_dynamic
// makes it: weights int8 with one scale a matrix, activations uint8 with a scale found in each call.
import {OnnxBuilder} from "../../src/components/core/convert/onnx-builder.js";
import type {BenchModel, Tensors} from "./model.js";
import {transposed} from "./transposed.js";

export interface GraphWithWeights {
  graph: Uint8Array<ArrayBuffer>;
  externalData: {path: string; data: Uint8Array}[];
}

/** Graph with inputs `src` (batch x length x inputWidth) and `mask` (batch x length; 1 is valid), output `embedding`. */
export function exportedGraph(model: BenchModel, numbers: "float32" | "dynamic8"): GraphWithWeights {
  const {layers, width: d, feedForward: f} = model.architecture;
  const maker = new ExportedMaker(model.tensors, numbers === "dynamic8");
  const {graph} = maker;
  const src = graph.input("src", "float32", ["batch", "length", model.inputWidth]);
  const mask = graph.input("mask", "float32", ["batch", "length"]);
  const keep = maker.keyMask(mask);
  const normed = maker.norm(src, "wide.inputNorm", model.inputWidth);
  const projection = transposed(model.tensors.get("wide.projection.weight")!, d, model.inputWidth);
  const projected = maker.linear(normed, "wide.projection", model.inputWidth, d, projection);
  const folded = maker.gelu(maker.norm(projected, "wide.norm", d), "wide.gelu");
  let x = graph.node("Add", [folded, maker.positions(src, model.architecture)], "input");
  for (let layer = 0; layer < layers; ++layer) {
    const name = `layers.${layer}`;
    const attended = maker.attention(x, name, model.architecture, keep);
    x = maker.norm(graph.node("Add", [x, attended], `${name}.skip1`), `${name}.norm1`, d);
    const up = maker.gelu(maker.linear(x, `${name}.linear1`, d, f), `${name}.gelu`);
    const down = maker.linear(up, `${name}.linear2`, f, d);
    x = maker.norm(graph.node("Add", [x, down], `${name}.skip2`), `${name}.norm2`, d);
  }
  const genes = maker.norm(maker.linear(x, "output.0", d, d), "output.0.norm", d);
  const cls = graph.node("Gather", [genes, graph.constant("first", [0], [])], "cls", {axis: {int: 1}});
  const norm = graph.node("ReduceL2", [cls], "length2", {axes: {ints: [-1]}, keepdims: {int: 1}});
  graph.node(
    "Div",
    [cls, graph.node("Clip", [norm, graph.constant("least", [1e-12], [], "float32")], "clipped")],
    "embedding"
  );
  graph.output("embedding", "float32", ["batch", d]);
  return {graph: graph.encode("exported"), externalData: maker.externalData};
}

class ExportedMaker {
  readonly graph = new OnnxBuilder();
  readonly externalData: {path: string; data: Uint8Array}[] = [];

  constructor(
    private readonly tensors: Tensors,
    private readonly narrow: boolean
  ) {}

  weight(
    name: string,
    shape: readonly number[],
    values: ArrayBufferView = this.tensors.get(name)!,
    type: "float32" | "int8" = "float32"
  ): string {
    this.externalData.push({
      path: name,
      data: new Uint8Array(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength)
    });
    return this.graph.external(name, type, shape);
  }

  norm(x: string, name: string, size: number): string {
    const parts = [this.weight(`${name}.weight`, [size]), this.weight(`${name}.bias`, [size])];
    return this.graph.node("LayerNormalization", [x, ...parts], name, {axis: {int: -1}, epsilon: {float: 1e-5}});
  }

  gelu(x: string, name: string): string {
    const {graph} = this;
    const number = (label: string, value: number) => graph.constant(label, [value], [], "float32");
    const erf = graph.node(
      "Erf",
      [graph.node("Div", [x, number("root2", Math.SQRT2)], `${name}.divided`)],
      `${name}.erf`
    );
    const both = graph.node("Mul", [x, graph.node("Add", [erf, number("one", 1)], `${name}.added`)], `${name}.both`);
    return graph.node("Mul", [both, number("half", 0.5)], name);
  }

  linear(
    x: string,
    name: string,
    inputs: number,
    outputs: number,
    values: Float32Array = this.tensors.get(`${name}.weight`)!,
    bias: Float32Array = this.tensors.get(`${name}.bias`)!
  ): string {
    const product = this.narrow
      ? this.narrowProduct(x, name, inputs, outputs, values)
      : this.graph.node("MatMul", [x, this.weight(`${name}.weight`, [inputs, outputs], values)], `${name}.product`);
    return this.graph.node("Add", [product, this.weight(`${name}.bias`, [outputs], bias)], `${name}.out`);
  }

  private narrowProduct(x: string, name: string, inputs: number, outputs: number, values: Float32Array): string {
    const {graph} = this;
    const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127;
    const small = Int8Array.from(values, (value) => Math.round(value / scale));
    const [bytes, factor, zero] = [`${name}.quantized`, `${name}.scale`, `${name}.zero`];
    graph.several("DynamicQuantizeLinear", [x], [bytes, factor, zero]);
    const right = this.weight(`${name}.weight`, [inputs, outputs], small, "int8");
    const sums = graph.node("MatMulInteger", [bytes, right, zero], `${name}.sums`);
    const wide = graph.node("Cast", [sums], `${name}.wide`, {to: {int: 1}});
    const both = graph.node(
      "Mul",
      [factor, graph.constant(`${name}.scaleOfWeight`, [scale], [], "float32")],
      `${name}.scales`
    );
    return graph.node("Mul", [wide, both], `${name}.product`);
  }

  /** 0 where a key is valid, a large negative number where it is not: batch x 1 x 1 x length. */
  keyMask(mask: string): string {
    const {graph} = this;
    const missing = graph.node("Sub", [graph.constant("one", [1], [], "float32"), mask], "missing");
    const scaled = graph.node("Mul", [missing, graph.constant("far", [-1e9], [], "float32")], "masked");
    return graph.node("Unsqueeze", [scaled, graph.constant("heads and queries", [1, 2], [2])], "keep");
  }

  positions(src: string, {maxLength, width}: {maxLength: number; width: number}): string {
    const {graph} = this;
    const zero = graph.constant("zero", [0], [1]);
    const length = graph.node("Shape", [src], "length", {start: {int: 1}, end: {int: 2}});
    return graph.node("Slice", [this.weight("positions", [maxLength, width]), zero, length, zero], "order");
  }

  attention(x: string, name: string, {width, heads}: {width: number; heads: number}, keep: string): string {
    const {graph} = this;
    const bias = this.tensors.get(`${name}.attention.bias`)!;
    const split = graph.constant("split heads", [0, 0, heads, width / heads], [4]);
    const part = (which: string, at: number, perm: number[]) => {
      const own = bias.slice(at * width, (at + 1) * width);
      const wide = this.linear(x, `${name}.attention.${which}`, width, width, undefined, own);
      const apart = graph.node("Reshape", [wide, split], `${name}.${which}.apart`);
      return graph.node("Transpose", [apart], `${name}.${which}`, {perm: {ints: perm}});
    };
    const query = graph.node(
      "Mul",
      [part("query", 0, [0, 2, 1, 3]), graph.constant("scale", [Math.sqrt(heads / width)], [], "float32")],
      `${name}.scaled`
    );
    const scores = graph.node("MatMul", [query, part("key", 1, [0, 2, 3, 1])], `${name}.scores`);
    const weights = graph.node("Softmax", [graph.node("Add", [scores, keep], `${name}.kept`)], `${name}.weights`, {
      axis: {int: -1}
    });
    const mixed = graph.node("MatMul", [weights, part("value", 2, [0, 2, 1, 3])], `${name}.mixed`);
    const back = graph.node("Transpose", [mixed], `${name}.back`, {perm: {ints: [0, 2, 1, 3]}});
    const joined = graph.node("Reshape", [back, graph.constant("join heads", [0, 0, width], [3])], `${name}.joined`);
    return this.linear(joined, `${name}.attention.output`, width, width);
  }
}
