import {describe, expect, it} from "vitest";
import {canCompute} from "../../../src/components/core/kernels/can-compute.js";
import {encoderBuffers, mostSentences} from "../../../src/components/core/kernels/encoder-buffers.js";
import {encoderSteps, type Step} from "../../../src/components/core/kernels/encoder-plan.js";
import {encoderWeights} from "../../../src/components/core/kernels/encoder-weights.js";
import {rowStep, type Arithmetic} from "../../../src/components/core/kernels/kernel.js";
import {outputBlocks, uceBrainOutput, wholeArchitecture} from "../../../src/components/core/model/architecture.js";
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

/** Tensors of a bundle of this shape: each number is its own place, so that a wrong order shows. */
function tensorsOf(model: Architecture): Map<string, Float32Array> {
  const {layers, width: d, feedForward: f, maxLength} = model;
  const tensors = new Map<string, Float32Array>();
  const add = (name: string, size: number, first = 0) =>
    tensors.set(
      name,
      Float32Array.from({length: size}, (_, i) => first + i)
    );
  add("table", 10 * d);
  add("positions", maxLength * d);
  for (let layer = 0; layer < layers; ++layer) {
    const at = `layers.${layer}.`;
    ["query", "key", "value", "output"].forEach((part, i) => add(`${at}attention.${part}.weight`, d * d, i * d * d));
    add(`${at}attention.bias`, 3 * d);
    add(`${at}attention.output.bias`, d);
    add(`${at}linear1.weight`, d * f);
    add(`${at}linear1.bias`, f);
    add(`${at}linear2.weight`, f * d);
    add(`${at}linear2.bias`, d);
    for (const norm of ["norm1", "norm2"]) for (const part of ["weight", "bias"]) add(`${at}${norm}.${part}`, d);
  }
  for (const {index, inputs, width, finish} of outputBlocks(model)) {
    add(`output.${index}.weight`, inputs * width);
    for (const name of finish === "none" ? ["bias"] : ["bias", "norm.weight", "norm.bias"])
      add(`output.${index}.${name}`, width);
  }
  return tensors;
}

const known = new Map<Architecture, string[]>();

/** Names of a model's weights; made once, since a model of the published size takes seconds. */
function weightNames(model: Architecture): string[] {
  const names = known.get(model) ?? [...encoderWeights(tensorsOf(model), model)].map(({name}) => name);
  known.set(model, names);
  return names;
}

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
      const bytes = encoderBuffers(model, arithmetic, call).get("product")!;
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
  it("puts queries, keys and values side by side, and takes the last layer's apart", () => {
    const d = small.width;
    const weights = new Map([...encoderWeights(tensorsOf(small), small)].map((weight) => [weight.name, weight]));
    const qkv = weights.get("layers.0.qkv.weight")!.values;
    expect([qkv[0], qkv[d], qkv[2 * d], qkv[3 * d]]).toEqual([0, d * d, 2 * d * d, d]);
    const kv = weights.get("layers.1.kv.weight")!.values;
    expect([kv[0], kv[d], kv[2 * d + 1]]).toEqual([d * d, 2 * d * d, d * d + d + 1]);
    expect(weights.get("layers.1.query.weight")!.values[d]).toBe(d);
    expect(weights.get("layers.1.kv.bias")!.values[0]).toBe(d);
    expect(weights.get("layers.0.norm1.weight")!.matrix).toBe(false);
  });

  it("names a weight that is missing", () => {
    const tensors = tensorsOf(small);
    tensors.delete("layers.1.linear2.weight");
    expect(() => [...encoderWeights(tensors, small)]).toThrow(/no layers\.1\.linear2\.weight/);
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
});

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
