import {outputBlocks} from "../model/architecture.js";
import {type ActivationSites, activationSites, blockRows} from "./activation-sites.js";
import {queryColumns} from "./attention-functions.js";
import {blockInputs, panelBlock} from "./block-form.js";
import {blockName, splitBytes} from "./block-functions.js";
import {linearName, type LinearShape} from "./linear-function.js";
import {matrixChunks} from "./matrix-chunks.js";
import {headColumns, type MatrixSite, type ProcessorLayout} from "./processor-layout.js";
import {rowStride} from "./row-stride.js";

/** A model that is ready to compute: its functions over a memory that holds its weights. */
export interface Processor {
  layout: ProcessorLayout;
  /** Of an instance of `encoderModule`. */
  exports: Readonly<Record<string, unknown>>;
  /** The memory of that instance: `at` plus the bytes of `activationSites` long at least. */
  memory: {readonly buffer: ArrayBufferLike};
  /** Address from which on a sentence's activations lie, a multiple of 64; threads that share a memory have one each. */
  at: number;
}

/**
 * The unit vector (`outputWidth` numbers) of one sentence, given as the rows of the table of its tokens (length x width, row-major, without positions). Yields before each layer but the first, so that whoever drives
 * it can hear a message; what it left in memory is of no further use. Rows that fill the last 8 up do not influence the vector. NaN gives a vector of NaN.
 */
export function* embedSentence(
  processor: Processor,
  input: Float32Array
): Generator<void, Float32Array<ArrayBuffer>, void> {
  const {layout, memory, at} = processor;
  const {model} = layout;
  const sites = activationSites(layout, input.length / model.width, at);
  placeInput(processor, sites, input);
  for (let layer = 0; layer < model.layers; ++layer) {
    if (layer > 0) yield;
    computeLayer(processor, sites, layer, input.length / model.width);
  }
  const out = computeOutput(processor, sites);
  const vector = new Float32Array(memory.buffer, out, model.outputWidth).slice() as Float32Array<ArrayBuffer>;
  const length = Math.max(Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)), 1e-12);
  return vector.map((value) => value / length);
}

type Call = (...addresses: number[]) => void;

const call = ({exports}: Processor, name: string, ...addresses: number[]): void =>
  (exports[name] as Call)(...addresses);

/** Rows plus positions; zeros in rows that fill up. */
function placeInput({layout, memory}: Processor, sites: ActivationSites, input: Float32Array): void {
  const {width} = layout.model;
  const stride = rowStride(width);
  const numbers = new Float32Array(memory.buffer, sites.stream, sites.padded * stride);
  const positions = new Float32Array(memory.buffer, layout.addresses.get("positions"), input.length);
  for (let from = 0, to = 0; from < input.length; from += width, to += stride)
    for (let i = 0; i < width; ++i) numbers[to + i] = input[from + i] + positions[from + i];
  numbers.fill(0, (input.length / width) * stride);
}

/** One product: rows at `a` (`factors`), so many of them, times some panels of a matrix, plus its bias, to `c`. */
interface Multiplication {
  a: number;
  rows: number;
  matrix: MatrixSite;
  bias: number;
  c: number;
  strideC: number;
  /** Bytes from four columns of the product to the next four. */
  half?: number;
  /** First panel and how many of them; all unless told. */
  panels?: [number, number];
}

/** Rows as products take them: where they are, or in two parts of 7 bits where matrices stay in blocks, `sites.parts` then, until the next rows come. */
function factors(processor: Processor, sites: ActivationSites, a: number, rows: number, inputs: number): number {
  if (!processor.layout.blocks) return a;
  const [stride, bytes] = [4 * rowStride(inputs), splitBytes(inputs)];
  for (let row = 0; row < rows; ++row)
    call(processor, "split", a + row * stride, a + row * stride + 4 * inputs, sites.parts + row * bytes);
  return sites.parts;
}

function multiply(processor: Processor, {a, rows, matrix, bias, c, strideC, half = 16, panels}: Multiplication): void {
  const {at, inputs, columns} = matrix;
  const [first, count] = panels ?? [0, columns / 8];
  if (processor.layout.blocks) {
    const [row, panel] = [splitBytes(inputs), (inputs / blockInputs) * panelBlock.bytes];
    const b = at + panel * first;
    call(processor, blockName(inputs, strideC), ...[a, b, c, a + rows * row, b + panel * count, bias, half, row]);
    return;
  }
  const strideA = rowStride(inputs);
  for (const {from, depth} of matrixChunks(inputs)) {
    const shape: LinearShape = {strideA, strideC, start: from === 0 ? "bias" : "sum"};
    const b = at + 4 * from * columns + 32 * depth * first;
    const left = a + 4 * from;
    call(
      processor,
      linearName(shape),
      ...[left, b, c, left + 4 * rows * strideA, b + 32 * depth * count, bias, half, 4 * depth]
    );
  }
}

/** One layer, in place. Of the last only the first rows are wanted, those with CLS. */
function computeLayer(processor: Processor, sites: ActivationSites, layer: number, length: number): void {
  const {layers} = processor.layout.model;
  const {padded} = sites;
  for (let row = 0; row < padded; row += blockRows)
    placeKeys(processor, sites, layer, row, Math.min(blockRows, padded - row));
  const wanted = layer === layers - 1 ? queryColumns : padded;
  for (let row = 0; row < wanted; row += blockRows) {
    const rows = Math.min(blockRows, wanted - row);
    attend(processor, sites, layer, row, rows, length);
    feedForward(processor, sites, layer, row, rows);
  }
}

/** Keys and values of a block of rows. */
function placeKeys(processor: Processor, sites: ActivationSites, layer: number, row: number, rows: number): void {
  const {matrices, addresses, model} = processor.layout;
  const {stream, keys, values, padded} = sites;
  const of = (part: string) => `layers.${layer}.${part}`;
  const a = factors(processor, sites, stream + 4 * row * rowStride(model.width), rows, model.width);
  const columns = headColumns(model);
  for (let head = 0; head < model.heads; ++head) {
    multiply(processor, {
      ...{a, rows, strideC: columns, panels: [(head * columns) / 8, columns / 8]},
      matrix: matrices.get(of("attention.key.weight"))!,
      bias: addresses.get(of("key.bias"))! + 4 * head * columns,
      c: keys + 4 * columns * (head * padded + row)
    });
  }
  multiply(processor, {
    ...{a, rows, strideC: 4, half: 16 * padded, c: values + 16 * row},
    matrix: matrices.get(of("attention.value.weight"))!,
    bias: addresses.get(of("value.bias"))!
  });
}

/** Attention of a block of rows, up to the LayerNorm behind it. */
function attend(
  processor: Processor,
  sites: ActivationSites,
  layer: number,
  row: number,
  rows: number,
  length: number
): void {
  const {matrices, addresses, model} = processor.layout;
  const {stream, keys, values, padded, attended, queries, product, scores, shares} = sites;
  const {width, heads} = model;
  const of = (part: string) => `layers.${layer}.${part}`;
  const stride = rowStride(width);
  const square = {rows, strideC: stride};
  const left = (from: number) => factors(processor, sites, from, rows, width);
  const a = stream + 4 * row * stride;
  const [matrix, bias] = [matrices.get(of("attention.query.weight"))!, addresses.get(of("query.bias"))!];
  multiply(processor, {...square, a: left(a), matrix, bias, c: attended});
  const rowOf = (query: number) => attended + 4 * query * stride;
  for (let query = 0; query < rows; query += queryColumns)
    call(processor, "turn", rowOf(query), queries + 4 * query * width, rowOf(query) + 4 * width);
  const [size, columns] = [width / heads, headColumns(model)];
  const score = linearName({strideA: columns, strideC: queryColumns, start: "none"});
  for (let head = 0; head < heads; ++head) {
    const k = keys + 4 * head * padded * columns;
    const v = values + 4 * head * padded * size;
    for (let query = 0; query < rows; query += queryColumns) {
      const q = queries + 4 * (query * width + head * size * queryColumns);
      call(processor, score, ...[k, q, scores, k + 4 * padded * columns, q + 1, 0, 16, 4 * size]);
      call(processor, "soften", scores, scores + 32 * length, shares);
      const out = rowOf(query) + 4 * head * size;
      call(processor, "mix", ...[v, scores, out, v + 16 * length, out + 4 * size, shares, 16 * padded]);
    }
  }
  const output = {
    matrix: matrices.get(of("attention.output.weight"))!,
    bias: addresses.get(of("attention.output.bias"))!
  };
  multiply(processor, {...square, ...output, a: left(attended), c: product});
  addAndNormalize(processor, layer, "norm1", a, product, rows);
}

/** The feed-forward of a block of rows and the LayerNorm behind it. */
function feedForward(processor: Processor, sites: ActivationSites, layer: number, row: number, rows: number): void {
  const {matrices, addresses, model} = processor.layout;
  const {stream, product, hidden} = sites;
  const of = (part: string) => `layers.${layer}.${part}`;
  const [d, wide] = [rowStride(model.width), rowStride(model.feedForward)];
  const left = (from: number, inputs: number) => factors(processor, sites, from, rows, inputs);
  const a = stream + 4 * row * d;
  const linear = (name: string) => ({
    matrix: matrices.get(of(`${name}.weight`))!,
    bias: addresses.get(of(`${name}.bias`))!
  });
  multiply(processor, {...linear("linear1"), a: left(a, model.width), rows, c: hidden, strideC: wide});
  call(processor, model.activation, hidden, hidden + 4 * rows * wide);
  multiply(processor, {...linear("linear2"), a: left(hidden, model.feedForward), rows, c: product, strideC: d});
  addAndNormalize(processor, layer, "norm2", a, product, rows);
}

function addAndNormalize(
  processor: Processor,
  layer: number,
  name: string,
  at: number,
  product: number,
  rows: number
): void {
  const {addresses, model} = processor.layout;
  const stride = 4 * rowStride(model.width);
  const [gain, shift] = ["weight", "bias"].map((part) => addresses.get(`layers.${layer}.${name}.${part}`)!);
  const share = processor.layout.constants.get(`1/${model.width}`)!;
  for (let row = 0; row < rows; ++row) {
    const from = at + row * stride;
    call(processor, "normalize", ...[from, product + row * stride, from + 4 * model.width, gain, shift, share]);
  }
}

/** The blocks behind the layers, of the first four rows, of which CLS is the first. Returns the address of the last one's result. */
function computeOutput(processor: Processor, sites: ActivationSites): number {
  const {matrices, addresses, model} = processor.layout;
  let a = sites.stream;
  for (const {index, inputs, width, finish} of outputBlocks(model)) {
    const of = (part: string) => addresses.get(`output.${index}.${part}`)!;
    const c = sites.outputs[index % 2];
    const shape = {rows: 4, a: factors(processor, sites, a, 4, inputs), strideC: rowStride(width)};
    multiply(processor, {...shape, c, matrix: matrices.get(`output.${index}.weight`)!, bias: of("bias")});
    const share = processor.layout.constants.get(`1/${width}`)!;
    if (finish !== "none") call(processor, "norm", c, c + 4 * width, of("norm.weight"), of("norm.bias"), share);
    if (finish === "norm-gelu") call(processor, "gelu", c, c + 4 * width);
    a = c;
  }
  return a;
}
