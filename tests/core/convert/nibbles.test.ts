import {describe, expect, it} from "vitest";
import type {GraphTensor} from "../../../src/components/core/convert/graph-tensors.js";
import {encodeStorage} from "../../../src/components/core/convert/storage.js";
import {encodeSafetensors, type StoredTensor} from "../../../src/components/core/convert/write-safetensors.js";
import {writeWeights} from "../../../src/components/core/convert/write-weights.js";
import {storedAs, storedBytes} from "../../../src/components/core/model/stored-as.js";
import {weightFiles} from "../../../src/components/core/model/weight-files.js";
import {joined} from "../../../src/components/core/model/wide-tensors.js";
import {widenStorage} from "../../../src/components/core/model/widen-storage.js";
import {widenToFloat32} from "../../../src/components/core/model/widen.js";
import type {Precision} from "../../../src/components/core/types.js";
import {roundBlocks} from "../../../scripts/round-blocks.js";
import {matrix, multiplyByBlocks, normals, productOf, stored} from "./stored.js";

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

  it("with its scale with the least error is what measure-storage.ts calls so", () => {
    const tensor = matrix(128, 20);
    const {wide} = stored("int4", tensor);
    const others = (["largest", "signed"] as const).map((way) => roundBlocks(tensor, 64, way));
    const error = (values: Float32Array) => values.reduce((sum, value, i) => sum + (value - tensor.values[i]) ** 2, 0);
    // The script's scales are not rounded to float16.
    expect(error(wide) / error(roundBlocks(tensor, 64, "signed-least"))).toBeCloseTo(1, 2);
    for (const other of others) expect(error(wide)).toBeLessThan(error(other));
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
    ["the first layer's attention at 8 bits", {name: "layers.0.attention.key.weight"}, ["w.scales"]],
    ["what follows the last layer at 8", {name: "output.1.weight"}, ["w.scales"]],
    ["the first layer's feed-forward at 4", {name: "layers.0.linear1.weight"}, ["w.scales4"]],
    ["a later attention at 4", {name: "layers.1.attention.key.weight"}, ["w.scales4"]],
    ["the table at 8 bits", {kind: "table", name: "table"}, ["w.scales"]],
    ["the table of the expression head at 4", {kind: "expressionTable", name: "table", shape: [8, 64]}, ["w.scales4"]],
    ["vectors in float16", {kind: "vector", shape: [64 * 8]}, []],
    ["inputs that are no multiple of 64 at 8 bits", {shape: [32, 16]}, ["w.scales"]]
  ])("keeps %s", (_, change, scales) => {
    const tensor = {...matrix(64, 8), ...change} as GraphTensor;
    const made = encodeStorage("int4", [tensor]);
    const {name} = tensor;
    expect(made.map((one) => one.name.replace(name, "w"))).toEqual(["w", ...scales]);
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
