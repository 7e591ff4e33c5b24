import {describe, expect, it} from "vitest";
import {bringWeights, type WeightSink} from "../../../src/components/core/kernels/bring-weights.js";
import {weightPlaces} from "../../../src/components/core/kernels/weight-places.js";
import type {Architecture} from "../../../src/components/core/model/bundle.js";
import type {WeightPart} from "../../../src/components/core/model/read-weights.js";
import {originalArchitecture} from "../../bench/family-model.js";

const model: Architecture = {
  ...originalArchitecture(2),
  ...{width: 64, heads: 1, feedForward: 128, outputWidth: 64, maxLength: 8, expression: null},
  output: [{width: 64, finish: "none"}]
};
const tableRows = 6;

/** Every weight, whole; the table in two parts. A weight's numbers are its number among all, and its places behind the comma. */
function parts(): WeightPart[] {
  const all = [...weightPlaces(model, tableRows)].map(([name, {matrix, size, outputs}], i): WeightPart => {
    const values = Float32Array.from({length: size}, (_, k) => i + k / size);
    return {name, shape: matrix ? [size / outputs, outputs] : [size], from: 0, blocks: null, widen: () => values};
  });
  const [table, ...others] = all;
  const values = table.widen();
  const cut = (from: number, to: number): WeightPart => ({
    ...table,
    ...{shape: [to - from], from, widen: () => values.slice(from, to)}
  });
  return [cut(0, 2 * 64), ...others, cut(2 * 64, tableRows * 64)];
}

/** A device in arrays: what a kernel for float32 matrices does is done by a loop. */
function arrays(): WeightSink & {buffers: Map<string, Float32Array>; settled: number} {
  const buffers = new Map<string, Float32Array>();
  const bufferOf = ({name, size}: {name: string; size: number}) =>
    buffers.get(name) ?? buffers.set(name, new Float32Array(size).fill(NaN)).get(name)!;
  return {
    buffers,
    settled: 0,
    write: (buffer, at, values) => bufferOf(buffer).set(values, at),
    async run(_, {shape: [inputs, outputs, columns, first], sources: [source], buffer, groups}) {
      expect(groups).toEqual([Math.ceil(outputs / 64), inputs, 1]);
      const from = new Float32Array(source.buffer, source.byteOffset, source.byteLength / 4);
      const to = bufferOf(buffer);
      for (let k = 0; k < inputs; ++k) to.set(from.subarray(k * outputs, (k + 1) * outputs), k * columns + first);
    },
    async settle() {
      this.settled += 1;
    }
  };
}

describe("weights on their way to a device", () => {
  it("fill every number of every buffer with their own", async () => {
    const sink = arrays();
    await bringWeights({model, tableRows, arithmetic: "fp32"}, parts(), sink);
    expect(sink.settled).toBe(1);
    const names = [...weightPlaces(model, tableRows).keys()];
    for (const values of sink.buffers.values()) expect(values.some(Number.isNaN)).toBe(false);
    const whole = (buffer: string) => new Set(Array.from(sink.buffers.get(buffer)!, Math.floor));
    expect(whole("table")).toEqual(new Set([names.indexOf("table")]));
    expect(sink.buffers.get("table")![2 * 64]).toBeCloseTo(1 / 3, 6);
    const qkv = sink.buffers.get("layers.0.qkv.weight")!;
    const of = (part: string) => names.indexOf(`layers.0.attention.${part}.weight`);
    expect([0, 64, 128, 192].map((at) => Math.floor(qkv[at]))).toEqual([
      of("query"),
      of("key"),
      of("value"),
      of("query")
    ]);
    expect(sink.buffers.get("layers.1.kv.bias")![0] % 1).toBeCloseTo(1 / 3, 4);
  });

  it.each(["layers.1.linear2.weight", "layers.0.attention.key.weight", "output.0.bias"])(
    "name %s that is missing",
    async (name) => {
      const some = parts().filter((part) => part.name !== name);
      await expect(bringWeights({model, tableRows, arithmetic: "fp32"}, some, arrays())).rejects.toThrow(
        `the model's files have no ${name}, or a part of it is missing`
      );
    }
  );

  it("tell that the end of a table is missing", async () => {
    const some = parts().slice(0, -1);
    await expect(bringWeights({model, tableRows, arithmetic: "fp32"}, some, arrays())).rejects.toThrow(
      /no table, or a part/
    );
  });
});
