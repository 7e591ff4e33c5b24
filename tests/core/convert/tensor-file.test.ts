import {describe, expect, it} from "vitest";
import {memoryReader} from "../../../src/components/core/remote/range-reader.js";
import {openTensorFile} from "../../../src/components/core/convert/tensor-file.js";
import {
  parseSafetensorsHeader,
  safetensorsHeaderLength
} from "../../../src/components/core/model/safetensors-header.js";
import {encodeSafetensors} from "../../../src/components/core/convert/write-safetensors.js";
import type {StoredTensor} from "../../../src/components/core/convert/write-safetensors.js";
import {recordedReader} from "./recorded-reader.js";

const bytesOf = (array: Float32Array | Float64Array | Uint16Array | Int32Array): Uint8Array =>
  new Uint8Array(array.buffer);
const tensor = (name: string, type: StoredTensor["type"], shape: number[], bytes: Uint8Array): StoredTensor => ({
  name,
  type,
  shape,
  bytes
});
const file = encodeSafetensors([
  tensor("half", "F16", [3], bytesOf(Uint16Array.of(0x3c00, 0xc000, 0x0001))),
  tensor("weight", "F32", [3, 2], bytesOf(Float32Array.of(1, 2, 3, 4, 5, 6))),
  tensor("brain", "BF16", [2], bytesOf(Uint16Array.of(0x3f80, 0xc049))),
  tensor("ids", "I32", [1], bytesOf(Int32Array.of(7))),
  tensor("double", "F64", [1], bytesOf(Float64Array.of(0.1)))
]);
const places = (bytes: Uint8Array) => {
  const length = safetensorsHeaderLength(bytes, bytes.length, "file");
  return parseSafetensorsHeader(bytes.subarray(8, 8 + length), bytes.length, "file");
};
const open = (bytes: Uint8Array) => openTensorFile(memoryReader("model.safetensors", bytes));

function made(header: unknown, data = 0): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.byteLength + data);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.byteLength), true);
  bytes.set(text, 8);
  return bytes;
}

describe("a safetensors file", () => {
  it("gives back what was written, widened to float32", async () => {
    const opened = await open(file);
    expect(Array.from(await opened.read("weight", [3, 2]))).toEqual([1, 2, 3, 4, 5, 6]);
    expect(Array.from(await opened.readRows("weight", [3, 2], 1, 1))).toEqual([3, 4]);
    expect(Array.from(await opened.read("half", [3]))).toEqual([1, -2, 2 ** -24]);
    expect(Array.from(await opened.read("brain", [2]))).toEqual([1, -3.140625]);
    expect(Array.from(await opened.read("double", [1]))).toEqual([Math.fround(0.1)]);
  });

  it("widens every float16 exactly", async () => {
    const all = Uint16Array.from({length: 65536}, (_, bits) => bits);
    const values = await (
      await open(encodeSafetensors([tensor("x", "F16", [65536], bytesOf(all))]))
    ).readRows("x", [65536], 0, 65536);
    for (let bits = 0; bits < 65536; ++bits) {
      const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
      const expected =
        exponent === 31
          ? fraction
            ? NaN
            : Infinity
          : exponent === 0
            ? fraction * 2 ** -24
            : (1 + fraction / 1024) * 2 ** (exponent - 15);
      if (!Object.is(values[bits], sign * expected)) expect([bits, values[bits]]).toEqual([bits, sign * expected]);
    }
  });

  it("aligns data to 64 bytes and each tensor to its element", async () => {
    const tensors = places(file);
    const starts = Array.from(tensors.values(), ({start}) => start);
    expect(Math.min(...starts) % 64).toBe(0);
    for (const name of ["weight", "double"]) expect((tensors.get(name)?.start ?? 1) % 4).toBe(0);
    expect(encodeSafetensors([])).toHaveLength(64);
  });

  it("is opened and read by range: only the header and the rows asked for", async () => {
    const {reader, ranges} = recordedReader("big", file);
    const opened = await openTensorFile(reader);
    const weight = places(file).get("weight")!.start;
    await opened.readRows("weight", [3, 2], 2, 1);
    expect(ranges[0]).toEqual([0, 8]);
    expect(ranges[1][0]).toBe(8);
    expect(ranges.slice(2)).toEqual([[weight + 16, weight + 24]]);
  });

  it("names the nearest tensors where one is missing", async () => {
    await expect((await open(file)).read("wieght", [3, 2])).rejects.toThrow(
      /no tensor wieght \(nearest of its 5: weight,/
    );
  });

  it("gives both shapes where they differ", async () => {
    await expect((await open(file)).read("weight", [2, 3])).rejects.toThrow(
      /shape \[3, 2\] where config\.json asks for \[2, 3\] \(at weight\)/
    );
  });

  it("refuses integers where numbers are expected", async () => {
    await expect((await open(file)).read("ids", [1])).rejects.toThrow(/holds I32.*\(at ids\)/);
  });

  it.each([
    ["cut in its data", file.slice(0, -1), /cut short: it has \d+ bytes and needs \d+/],
    ["cut in its header", file.slice(0, 40), /cut short: it has 40 bytes and needs \d+/],
    ["empty", new Uint8Array(0), /not a safetensors file.*0 bytes/],
    [
      "an LFS pointer",
      new TextEncoder().encode("version https://git-lfs.github.com/spec/v1\noid sha256:0\n"),
      /not a safetensors.*git lfs pull/
    ],
    ["no JSON", made("{nonsense"), /header is not JSON/],
    ["a list", made("[1]"), /not a JSON object/],
    [
      "of an unknown type",
      made({x: {dtype: "Q4", shape: [1], data_offsets: [0, 1]}}, 1),
      /type "Q4" is not supported \(at x\)/
    ],
    [
      "contradicting itself",
      made({x: {dtype: "F32", shape: [2], data_offsets: [0, 4]}}, 4),
      /\[2\] of F32 takes 8 bytes but 4 are given/
    ],
    ["of negative shape", made({x: {dtype: "F32", shape: [-1], data_offsets: [0, 4]}}, 4), /shape \[-1\]/]
  ])("that is %s is refused in words", async (_, bytes, message) => {
    await expect(open(bytes)).rejects.toThrow(message);
    await expect(open(bytes)).rejects.toMatchObject({name: "WorkbookError", details: {domain: "checkpoint"}});
  });
});
