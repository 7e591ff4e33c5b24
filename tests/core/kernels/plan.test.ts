import {describe, expect, it} from "vitest";
import {canCompute} from "../../../src/components/core/kernels/can-compute.js";
import {encoderBuffers, mostSentences} from "../../../src/components/core/kernels/encoder-buffers.js";
import {encoderSteps, type Step} from "../../../src/components/core/kernels/encoder-plan.js";
import {weightPlaces} from "../../../src/components/core/kernels/weight-places.js";
import {uceBrainOutput, wholeArchitecture} from "../../../src/components/core/model/architecture.js";
import {rowStep, type Arithmetic} from "../../../src/components/core/kernels/kernel.js";
import {originalArchitecture} from "../../bench/family-model.js";
import type {Architecture} from "../../../src/components/core/model/bundle.js";

const published: Architecture = wholeArchitecture({
  layers: 8,
  width: 512,
  heads: 16,
  feedForward: 2048,
  outputWidth: 512,
  maxLength: 2048,
  positions: "sinusoidal",
  activation: "gelu",
  layerNormEpsilon: 1e-5,
  expression: null
});
const small: Architecture = {
  ...published,
  layers: 2,
  width: 64,
  heads: 4,
  feedForward: 128,
  outputWidth: 64,
  output: uceBrainOutput(64),
  maxLength: 72
};
/** The original UCE, `width` wide. */
const originalOf = (width: number): Architecture => ({
  ...published,
  family: "uce",
  layers: 2,
  width,
  heads: width / 64,
  feedForward: 4 * width,
  outputWidth: width,
  maxLength: 96,
  activation: "relu",
  output: [
    {width: 0.8 * width, finish: "norm-gelu"},
    {width, finish: "norm-gelu"},
    {width, finish: "norm-gelu"},
    {width, finish: "none"}
  ]
});
const original = originalOf(320);
const all: Arithmetic[] = ["fp32", "fp16", "matrix"];
const cases = [published, small, original].flatMap((model) =>
  all.flatMap((arithmetic) => [true, false].map((many) => [model, arithmetic, many] as const))
);

/** Names of the buffers that a model's weights go to. */
const weightNames = (model: Architecture) =>
  [...weightPlaces(model, 10).values()].flatMap(({places}) => places.map(({buffer}) => buffer));

const named = (steps: readonly Step[]) =>
  new Set(steps.flatMap(({bindings}) => bindings.filter((name) => name !== null)));

describe("the plan of an encoder's kernels", () => {
  it.each(cases)("binds each weight, and nothing that nobody makes (%#)", (model, arithmetic, many) => {
    const weights = weightNames(model);
    const buffers = encoderBuffers(model, arithmetic, {cells: 2, padded: 128});
    const used = named(encoderSteps(model, arithmetic, many));
    expect(weights.filter((name) => !used.has(name))).toEqual([]);
    expect([...buffers.keys()].filter((name) => !used.has(name))).toEqual([]);
    const known = new Set([...weights, ...buffers.keys(), "call", "rows", "unit"]);
    expect([...used].filter((name) => !known.has(name))).toEqual([]);
  });

  it.each(cases)(
    "declares the bindings that it gives, and covers all rows and columns (%#)",
    (model, arithmetic, many) => {
      for (const {kernel, bindings} of encoderSteps(model, arithmetic, many)) {
        const declared = [...kernel.code.matchAll(/@binding\((\d+)\)/g)]
          .map(([, at]) => Number(at))
          .sort((a, b) => a - b);
        expect(declared).toEqual(bindings.flatMap((name, i) => (name === null ? [] : [i])));
        const groups = kernel.groups({cells: 3, length: 70, padded: 128});
        expect(groups.every((count) => Number.isInteger(count) && count >= 1)).toBe(true);
        expect(kernel.code).not.toMatch(/undefined|NaN|\d\.\d+u\b/);
      }
    }
  );

  it.each(cases)(
    "adds as many parts of a split product as there are, within its buffer (%#)",
    (model, arithmetic, many) => {
      const call = {cells: 1, length: 70, padded: 128};
      const steps = encoderSteps(model, arithmetic, many);
      const parts = steps.flatMap(({kernel, bindings}, i) => {
        if (!bindings.includes("product") || bindings.includes("stream")) return [];
        const made = kernel.groups(call)[2];
        const added = steps[i + 1].kernel.code.match(/product\[/g)?.length;
        expect(added).toBe(made);
        return [made];
      });
      expect(parts).toHaveLength(2 * (model.layers - 1));
      expect(Math.max(...parts)).toBe(many ? 1 : 4);
      const bytes = encoderBuffers(model, arithmetic, call).get("product");
      expect(bytes).toBeGreaterThanOrEqual(4 * model.width * 128 * Math.max(...parts));
    }
  );

  it.each([
    [true, 17],
    [false, 18]
  ])("has one kernel for all layers of a kind, and 16 bytes' multiples in workgroup memory: many %s", (many, kinds) => {
    const steps = encoderSteps(published, "matrix", many);
    expect(steps).toHaveLength(1 + 7 * 7 + 10);
    expect(new Set(steps.map(({kernel}) => kernel.code)).size).toBe(kinds);
    for (const {code} of steps.map(({kernel}) => kernel)) {
      if (!code.includes("chromium_experimental_subgroup_matrix")) continue;
      for (const [, type, inner, outer] of code.matchAll(
        /var<workgroup> \w+: array<(?:array<)?(f16|f32), (\d+)>(?:, (\d+)>)?/g
      )) {
        expect((Number(inner) * (type === "f16" ? 2 : 4)) % 16, code.slice(0, 200)).toBe(0);
        expect(outer === undefined || Number(outer) >= 1).toBe(true);
      }
      expect(code).not.toMatch(/var<workgroup> \w+: (u32|f32|f16)/);
    }
  });
});

describe("weights for the kernels", () => {
  const d = small.width;
  const places = weightPlaces(small, 10);
  const of = (name: string) => places.get(name)!.places;

  it("go side by side as queries, keys and values, and apart in the last layer", () => {
    const part = (buffer: string, columns: number, first: number) => [
      {buffer, size: d * columns, columns, first, from: 0, to: d * d}
    ];
    expect(of("layers.0.attention.query.weight")).toEqual(part("layers.0.qkv.weight", 3 * d, 0));
    expect(of("layers.0.attention.value.weight")).toEqual(part("layers.0.qkv.weight", 3 * d, 2 * d));
    expect(of("layers.1.attention.query.weight")).toEqual(part("layers.1.query.weight", d, 0));
    expect(of("layers.1.attention.value.weight")).toEqual(part("layers.1.kv.weight", 2 * d, d));
    expect(of("layers.1.attention.bias")).toMatchObject([
      {buffer: "layers.1.query.bias", from: 0, to: d},
      {buffer: "layers.1.kv.bias", from: d, to: 3 * d}
    ]);
    expect(places.get("layers.0.norm1.weight")).toMatchObject({matrix: false, size: d});
  });

  it.each([published, small, original])("fill each buffer, none of them twice (%#)", (model) => {
    const filled = new Map<string, number>();
    const sizes = new Map<string, number>();
    for (const {places, size} of weightPlaces(model, 10).values()) {
      expect(places.reduce((sum, {from, to}) => sum + to - from, 0)).toBe(size);
      for (const {buffer, from, to, size: whole} of places) {
        filled.set(buffer, (filled.get(buffer) ?? 0) + to - from);
        sizes.set(buffer, whole);
      }
    }
    expect(filled).toEqual(sizes);
  });
});

describe("buffers", () => {
  it("hold whole tiles of rows, and tell how many sentences fit", () => {
    const buffers = encoderBuffers(published, "fp32", {cells: 1, padded: 17 * rowStep});
    expect(buffers.get("stream")).toBe(4 * 1152 * 512);
    expect(buffers.get("hidden")).toBe(4 * 1152 * 2048);
    const most = mostSentences(published, "fp32", 1088, 2 ** 27);
    expect(encoderBuffers(published, "fp32", {cells: most, padded: 1088}).get("hidden")).toBeLessThanOrEqual(2 ** 27);
    expect(encoderBuffers(published, "fp32", {cells: most + 1, padded: 1088}).get("hidden")).toBeGreaterThan(2 ** 27);
    expect(mostSentences(published, "fp32", 1088, 1000)).toBe(0);
  });

  it.each(all)(
    "of the original UCE's 33 layers are within what every adapter binds and has of workgroup memory, in %s",
    (arithmetic) => {
      const whole = originalArchitecture(33);
      const sizes = [...weightPlaces(whole, 19_698).values()].flatMap(({places}) => places.map(({size}) => 4 * size));
      expect(Math.max(...sizes)).toBeLessThanOrEqual(2 ** 27);
      expect(mostSentences(whole, arithmetic, 1088, 2 ** 27)).toBeGreaterThanOrEqual(5);
      const two = originalArchitecture(2);
      for (const many of [true, false]) {
        for (const {kernel} of encoderSteps(two, arithmetic, many)) {
          const most = kernel.code.includes("chromium_experimental_subgroup_matrix") ? 2 ** 15 : 2 ** 14;
          expect(workgroupBytes(kernel.code), kernel.code.slice(0, 300)).toBeLessThanOrEqual(most);
        }
      }
    }
  );
});

/** Bytes of a kernel's workgroup variables, by their declarations. */
function workgroupBytes(code: string): number {
  const bytesOf: Record<string, number> = {f32: 4, u32: 4, f16: 2};
  const sizes = [...code.matchAll(/var<workgroup> \w+: ([^;]+);/g)].map(([, type]) => {
    const counts = [...type.matchAll(/, (\d+)>/g)].map(([, count]) => Number(count));
    const wide = type.includes("vec4") ? 4 : 1;
    return counts.reduce((product, count) => product * count, wide * bytesOf[/f32|u32|f16/.exec(type)![0]]);
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}

describe("models that the kernels can compute", () => {
  it("are those whose widths the tiles divide", () => {
    expect(all.map((arithmetic) => canCompute(published, arithmetic))).toEqual([true, true, true]);
    expect(all.map((arithmetic) => canCompute(originalOf(1280), arithmetic))).toEqual([true, true, true]);
    const output = [{width: 1000, finish: "none" as const}, ...original.output];
    expect(canCompute({...original, output}, "fp32")).toBe(false);
    expect(canCompute({...published, width: 480, heads: 15}, "fp32")).toBe(false);
    expect(canCompute({...published, heads: 4}, "matrix")).toBe(false);
    expect(canCompute({...published, heads: 4}, "fp32")).toBe(true);
  });
});
