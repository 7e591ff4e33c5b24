import {describe, expect, it} from "vitest";
import type {GraphTensor} from "../../../src/components/core/convert/graph-tensors.js";
import {encodeHalves} from "../../../src/components/core/model/half.js";
import {encodeStorage} from "../../../src/components/core/convert/storage.js";
import {widenStorage} from "../../../src/components/core/model/widen-storage.js";
import {widenToFloat32} from "../../../src/components/core/model/widen.js";
import {encodeSafetensors} from "../../../src/components/core/convert/write-safetensors.js";
import type {StoredTensor} from "../../../src/components/core/convert/write-safetensors.js";
import type {Precision} from "../../../src/components/core/types.js";
import {matrix, multiplyByBlocks, normals, productOf, stored} from "./stored.js";

const widened = (halves: Uint16Array) => widenToFloat32(new Uint8Array(halves.buffer), "F16") as Float32Array;

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
