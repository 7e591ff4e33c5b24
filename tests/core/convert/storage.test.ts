import {describe, expect, it} from "vitest";
import {loadOnnxruntime} from "../../../src/components/adapters/onnxruntime-node.js";
import type {GraphTensor} from "../../../src/components/core/convert/graph-tensors.js";
import {encodeHalves} from "../../../src/components/core/model/half.js";
import {OnnxBuilder} from "../../../src/components/core/convert/onnx-builder.js";
import {createRandom} from "../../../src/components/core/random.js";
import {encodeStorage} from "../../../src/components/core/convert/storage.js";
import {widenStorage} from "../../../src/components/core/model/widen-storage.js";
import {widenToFloat32} from "../../../src/components/core/model/widen.js";
import {encodeSafetensors} from "../../../src/components/core/convert/write-safetensors.js";
import type {StoredTensor} from "../../../src/components/core/convert/write-safetensors.js";
import {writeWeights} from "../../../src/components/core/convert/write-weights.js";
import {storedAs, storedBytes} from "../../../src/components/core/model/stored-as.js";
import {weightFiles} from "../../../src/components/core/model/weight-files.js";
import {joined} from "../../../src/components/core/model/wide-tensors.js";
import type {Precision} from "../../../src/components/core/types.js";

const widened = (halves: Uint16Array) => widenToFloat32(new Uint8Array(halves.buffer), "F16") as Float32Array;

/** Values of about a weight's distribution. */
function normals(count: number, seed: number, scale = 0.1): Float32Array<ArrayBuffer> {
  const random = createRandom(seed).next;
  return Float32Array.from({length: count}, () => scale * (random() + random() + random() + random() - 2));
}

function stored(precision: Precision, tensor: GraphTensor): {tensors: Map<string, StoredTensor>; wide: Float32Array} {
  const tensors = encodeStorage(precision, [tensor]);
  const [only, ...others] = widenStorage("test.safetensors", encodeSafetensors(tensors));
  expect(others).toEqual([]);
  expect(only.name).toBe(tensor.name);
  return {tensors: new Map(tensors.map((item) => [item.name, item])), wide: only.values};
}

const matrix = (inputs: number, outputs: number, values = normals(inputs * outputs, 1)): GraphTensor => ({
  name: "w",
  shape: [inputs, outputs],
  values,
  kind: "matrix"
});

describe("float16", () => {
  it.each([
    [0, 0x0000],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [1 + 2 ** -11 + 2 ** -20, 0x3c01],
    [2 - 2 ** -12, 0x4000],
    [65504, 0x7bff],
    [65519, 0x7bff],
    [2 ** -14, 0x0400],
    [2 ** -14 - 2 ** -26, 0x0400],
    [2 ** -24, 0x0001],
    [1.5 * 2 ** -24, 0x0002],
    [2.5 * 2 ** -24, 0x0002],
    [2 ** -25, 0x0000],
    [-1.01 * 2 ** -25, 0x8001]
  ])("of %d is %i: nearest, ties to even, subnormal numbers too", (value, bits) => {
    expect(encodeHalves([value], "w")[0]).toBe(bits);
  });

  it("gives every finite float16 back as it was", () => {
    const all = Uint16Array.from({length: 65536}, (_, bits) => bits).filter((bits) => (bits & 0x7c00) !== 0x7c00);
    expect(encodeHalves(widened(all), "w")).toEqual(all);
  });

  it.each([65520, -1e6, Infinity, NaN])("refuses %d, with the tensor's name and the place", (value) => {
    const encode = () => encodeHalves([1, value], "layers.0.bias");
    expect(encode).toThrow(
      /float16 cannot hold \S+, element 1 of a weight \(its largest is 65504\) \(at layers\.0\.bias\)/
    );
    expect(encode).toThrow(expect.objectContaining({details: expect.objectContaining({code: "float16-overflow"})}));
  });
});

describe("storage in 8-bit blocks", () => {
  it("lies as the format says: [outputs, blocks, 32] around 128, one float16 scale a block", () => {
    const tensor = matrix(96, 5);
    const {tensors, wide} = stored("int8", tensor);
    const [values, scales] = [tensors.get("w"), tensors.get("w.scales")];
    expect(values).toMatchObject({type: "U8", shape: [5, 3, 32]});
    expect(scales).toMatchObject({type: "F16", shape: [5, 3]});
    const steps = widenToFloat32(scales?.bytes ?? new Uint8Array(), "F16") as Float32Array;
    for (let n = 0; n < 5; ++n) {
      for (let k = 0; k < 96; ++k) {
        const block = n * 3 + Math.floor(k / 32);
        const value = ((values?.bytes[block * 32 + (k % 32)] ?? 0) - 128) * steps[block];
        expect(wide[k * 5 + n]).toBe(Math.fround(value));
        expect(Math.abs(value - tensor.values[k * 5 + n])).toBeLessThanOrEqual(steps[block] * 0.5000001);
      }
    }
  });

  it("uses the whole range of each block and no other block's scale", () => {
    const values = normals(64 * 3, 2);
    for (let k = 32; k < 64; ++k) for (let n = 0; n < 3; ++n) values[k * 3 + n] *= 1000;
    const {tensors} = stored("int8", matrix(64, 3, values));
    const bytes = tensors.get("w")?.bytes ?? new Uint8Array();
    for (let block = 0; block < 6; ++block) {
      const steps = Array.from(bytes.subarray(block * 32, block * 32 + 32), (value) => Math.abs(value - 128));
      expect(Math.max(...steps)).toBe(127);
    }
  });

  it("holds zeros exactly, and tiny numbers to within a step even where their scale is subnormal", () => {
    const values = new Float32Array(64);
    for (let k = 0; k < 32; ++k) values[k] = (k - 16) * 1e-6;
    const {tensors, wide} = stored("int8", matrix(64, 1, values));
    expect(Array.from(wide.subarray(32))).toEqual(new Array(32).fill(0));
    const [step] = widenToFloat32(tensors.get("w.scales")?.bytes ?? new Uint8Array(), "F16") as Float32Array;
    expect(step).toBeGreaterThan(0);
    values.forEach((value, i) => expect(Math.abs(wide[i] - value)).toBeLessThanOrEqual(0.51 * step));
  });

  it("keeps a matrix in float16 whose inputs are no multiple of 32, and every vector", () => {
    const odd = stored("int8", matrix(40, 4));
    expect(Array.from(odd.tensors.values(), ({name, type}) => [name, type])).toEqual([["w", "F16"]]);
    const vector = stored("int8", {name: "b", shape: [64], values: normals(64, 3), kind: "vector"});
    expect(vector.tensors.get("b")?.type).toBe("F16");
  });

  it("is operand B of onnxruntime's MatMulNBits as it lies", async () => {
    const [inputs, outputs] = [64, 6];
    const {tensors, wide} = stored("int8", matrix(inputs, outputs));
    const x = normals(2 * inputs, 4, 1);
    const expected = productOf(x, wide, inputs, outputs);
    const product = await multiplyByBlocks(x, inputs, outputs, tensors, 8);
    product.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4));
    expect(Math.max(...expected.map(Math.abs))).toBeGreaterThan(0.05);
  });
});

describe("storage in 4-bit blocks", () => {
  const steps = ({tensors}: {tensors: Map<string, StoredTensor>}) =>
    widenToFloat32(tensors.get("w.scales4")?.bytes ?? new Uint8Array(), "F16") as Float32Array;

  it("lies as the format says: two values a byte, the first in its low half, around 8, one float16 scale for 64", () => {
    const tensor = matrix(128, 5);
    const made = stored("int4", tensor);
    const [values, scales] = [made.tensors.get("w"), made.tensors.get("w.scales4")];
    expect(values).toMatchObject({type: "U8", shape: [5, 2, 32]});
    expect(scales).toMatchObject({type: "F16", shape: [5, 2]});
    const wide = steps(made);
    for (let n = 0; n < 5; ++n) {
      for (let k = 0; k < 128; ++k) {
        const block = n * 2 + Math.floor(k / 64);
        const two = values?.bytes[block * 32 + Math.floor((k % 64) / 2)] ?? 0;
        expect(made.wide[k * 5 + n]).toBe(Math.fround((((two >> (4 * (k % 2))) & 15) - 8) * wide[block]));
      }
    }
  });

  it("is nearer than symmetric steps to the largest magnitude, whichever sign that has", () => {
    const tensor = matrix(64, 40);
    const {wide} = stored("int4", tensor);
    for (let n = 0; n < 40; ++n) {
      const column = Array.from({length: 64}, (_, k) => tensor.values[k * 40 + n]);
      const step = Math.max(...column.map(Math.abs)) / 7;
      const squares = (of: (value: number, k: number) => number) =>
        column.reduce((sum, value, k) => sum + (of(value, k) - value) ** 2, 0);
      const ours = squares((_, k) => wide[k * 40 + n]);
      expect(ours).toBeLessThanOrEqual(1.02 * squares((value) => Math.round(value / step) * step));
      expect(ours).toBeGreaterThan(0);
    }
    const total = (of: (i: number) => number) => tensor.values.reduce((sum, _, i) => sum + of(i) ** 2, 0);
    expect(total((i) => wide[i] - tensor.values[i]) / total((i) => tensor.values[i])).toBeLessThan(0.011);
  });

  it("holds zeros, and values that are whole steps, exactly", () => {
    const values = Float32Array.from({length: 128}, (_, k) => (k < 64 ? ((k % 16) - 8) / 32 : 0));
    const {wide} = stored("int4", matrix(128, 1, values));
    expect(wide).toEqual(values);
  });

  it("is operand B of onnxruntime's MatMulNBits as it lies", async () => {
    const [inputs, outputs] = [128, 6];
    const {tensors, wide} = stored("int4", matrix(inputs, outputs));
    const x = normals(2 * inputs, 4, 1);
    const product = await multiplyByBlocks(x, inputs, outputs, tensors, 4);
    const expected = productOf(x, wide, inputs, outputs);
    product.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4));
    expect(Math.max(...expected.map(Math.abs))).toBeGreaterThan(0.05);
  });

  it.each<[string, Partial<GraphTensor>, string[]]>([
    ["the first layer at 8 bits", {name: "layers.0.linear1.weight"}, ["U8", "F16"]],
    ["a later one at 4", {name: "layers.1.linear1.weight"}, ["U8", "F16"]],
    ["the table at 8 bits", {kind: "table", name: "table"}, ["I8", "F16"]],
    ["the table of the expression head at 4", {kind: "expressionTable", name: "table", shape: [8, 64]}, ["U8", "F16"]],
    ["vectors in float16", {kind: "vector", shape: [64 * 8]}, ["F16"]],
    ["inputs that are no multiple of 64 at 8 bits", {shape: [32, 16]}, ["U8", "F16"]]
  ])("keeps %s", (_, change, types) => {
    const tensor = {...matrix(64, 8), ...change} as GraphTensor;
    const made = encodeStorage("int4", [tensor]);
    expect(made.map(({type}) => type)).toEqual(types);
    const bytes = made.reduce((sum, one) => sum + one.bytes.byteLength, 0);
    expect(bytes).toBe(storedBytes(storedAs("int4", tensor), tensor.shape));
    const [wide] = widenStorage("test.safetensors", encodeSafetensors(made));
    wide.values.forEach((value, i) => expect(Math.abs(value - tensor.values[i])).toBeLessThan(0.03));
  });
});

describe("files of weights", () => {
  const written = async (precision: Precision, tensors: GraphTensor[], most: number) => {
    const files = new Map<string, Uint8Array<ArrayBuffer>>();
    const write = async (path: string, bytes: Uint8Array<ArrayBuffer>) => {
      files.set(path, bytes);
      return {path, bytes: bytes.byteLength, sha256: ""};
    };
    const listed = await writeWeights("encoder.int8.safetensors", precision, tensors, write, most);
    expect(listed.map(({path}) => path)).toEqual([...files.keys()]);
    return files;
  };

  it("hold as many weights in their order as may be, and are found again in that order", async () => {
    const tensors = Array.from({length: 12}, (_, i) => ({...matrix(32, 4), name: `w${i}`}));
    const files = await written("int8", tensors, 3 * 32 * 4 + 3 * 8);
    const names = [...files].map(([path, bytes]) => widenStorage(path, bytes).map(({name}) => name));
    expect(names).toEqual([0, 3, 6, 9].map((i) => [`w${i}`, `w${i + 1}`, `w${i + 2}`]));
    const shuffled = [...files.keys()].reverse().map((path) => ({path}));
    expect(weightFiles(shuffled, "encoder.int8.safetensors")).toEqual([...files.keys()]);
    expect(weightFiles(shuffled.slice(0, 3), "encoder.int8.safetensors")).toEqual([]);
  });

  it("part a table between rows, which reading joins again", async () => {
    const table: GraphTensor = {name: "table", shape: [50, 24], values: normals(50 * 24, 5), kind: "table"};
    const files = await written("fp32", [table], 4 * 24 * 20);
    const parts = [...files].map(([path, bytes]) => widenStorage(path, bytes)[0].values);
    expect(parts.map(({length}) => length / 24)).toEqual([17, 17, 16]);
    expect(parts.reduce<Float32Array<ArrayBuffer> | undefined>(joined, undefined)).toEqual(table.values);
  });
});

describe("the stored table", () => {
  const values = normals(50 * 24, 5);
  for (let j = 0; j < 24; ++j) values[24 + j] = 0;
  const table: GraphTensor = {name: "table", shape: [50, 24], values, kind: "table"};

  it("has signed bytes and one float16 scale a row; values are within half a step", () => {
    const {tensors, wide} = stored("int8", table);
    expect(tensors.get("table")).toMatchObject({type: "I8", shape: [50, 24]});
    expect(tensors.get("table.scales")).toMatchObject({type: "F16", shape: [50]});
    const steps = widenToFloat32(tensors.get("table.scales")?.bytes ?? new Uint8Array(), "F16") as Float32Array;
    wide.forEach((value, i) => {
      expect(Math.abs(value - values[i])).toBeLessThanOrEqual(0.5000001 * steps[Math.floor(i / 24)]);
    });
    expect(Array.from(wide.subarray(24, 48))).toEqual(new Array(24).fill(0));
  });

  it("in float16 is each value's nearest", () => {
    const {wide} = stored("fp16", table);
    expect(wide).toEqual(widened(encodeHalves(values, "table")));
    wide.forEach((value, i) => {
      expect(Math.abs(value - values[i])).toBeLessThanOrEqual(Math.max(Math.abs(values[i]) * 2 ** -11, 2 ** -25));
    });
  });
});

describe("reading stored weights", () => {
  const file = (tensors: StoredTensor[]) => widenStorage("encoder.int8.safetensors", encodeSafetensors(tensors));
  const [values, scales] = encodeStorage("int8", [matrix(64, 2)]);

  it.each<[string, StoredTensor[], RegExp]>([
    ["bytes without scales", [values], /holds U8 \[2, 2, 32\], which this version cannot read \(at w\)/],
    [
      "scales of another shape",
      [values, {...scales, shape: [4]}],
      /holds U8 \[2, 2, 32\] with scales F16 \[4\], which .*: use a newer version/
    ],
    ["signed blocks", [{...values, type: "I8"}, scales], /holds I8 \[2, 2, 32\] with scales/]
  ])("refuses %s, naming tensor and shapes", (_, tensors, message) => {
    expect(() => file(tensors)).toThrow(message);
    expect(() => file(tensors)).toThrow(expect.objectContaining({details: expect.objectContaining({domain: "model"})}));
  });

  it("writes only the precisions that there are", () => {
    expect(() => encodeStorage("int2" as Precision, [])).toThrow(/int2 \(it writes fp32, fp16, int8, int4\)/);
  });
});

/** Two rows times a matrix, by a loop for each sum. */
function productOf(x: Float32Array, matrix: Float32Array, inputs: number, outputs: number): number[] {
  return Array.from({length: 2 * outputs}, (_, i) => {
    const [row, n] = [Math.floor(i / outputs), i % outputs];
    return Array.from({length: inputs}, (_, k) => x[row * inputs + k] * matrix[k * outputs + n]).reduce(
      (a, b) => a + b
    );
  });
}

/** x times the stored matrix, through onnxruntime's own kernel for blocks. */
async function multiplyByBlocks(
  x: Float32Array<ArrayBuffer>,
  inputs: number,
  outputs: number,
  tensors: Map<string, StoredTensor>,
  bits: 4 | 8
): Promise<Float32Array> {
  const length = bits === 8 ? 32 : 64;
  const graph = new OnnxBuilder();
  const a = graph.input("x", "float32", ["batch", inputs]);
  const b = graph.external("b", "uint8", [outputs, inputs / length, 32]);
  const scales = graph.external("scales", "float32", [outputs, inputs / length]);
  const attributes = {K: {int: inputs}, N: {int: outputs}, bits: {int: bits}, block_size: {int: length}};
  graph.fused("MatMulNBits", [a, b, scales], "y", attributes);
  graph.output("y", "float32", ["batch", outputs]);
  const wideScales = widenToFloat32(
    tensors.get(bits === 8 ? "w.scales" : "w.scales4")?.bytes ?? new Uint8Array(),
    "F16"
  ) as Float32Array;
  const ort = await loadOnnxruntime();
  const session = await ort.InferenceSession.create(graph.encode("blocks"), {
    externalData: [
      {path: "b", data: tensors.get("w")?.bytes ?? new Uint8Array()},
      {path: "scales", data: new Uint8Array(wideScales.buffer)}
    ]
  });
  const {y} = await session.run({x: new ort.Tensor("float32", x, [x.length / inputs, inputs])});
  await session.release();
  return y.data as Float32Array;
}
