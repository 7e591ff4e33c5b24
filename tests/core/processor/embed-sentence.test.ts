import {describe, expect, it} from "vitest";
import {createRandom} from "../../../src/components/core/random.js";
import type {Architecture} from "../../../src/components/core/model/bundle.js";
import {canProcess} from "../../../src/components/core/processor/can-process.js";
import type {Processor} from "../../../src/components/core/processor/embed-sentence.js";
import {encoderModule} from "../../../src/components/core/processor/encoder-module.js";
import {packWeights} from "../../../src/components/core/processor/pack-weights.js";
import {processorLayout} from "../../../src/components/core/processor/processor-layout.js";
import {openProcessor, runSentence} from "./open-processor.js";
import {modelOf, partsOf, plainVector, randomWeights} from "./reference.js";

const shapes: [string, Partial<Architecture>][] = [
  ["of one layer and one head", {layers: 1, heads: 1}],
  ["with heads of 4, and 8 wide", {width: 8, heads: 2, feedForward: 8, output: [{width: 8, finish: "norm"}]}],
  [
    "with heads of 12, and ReLU",
    {width: 24, heads: 2, feedForward: 40, activation: "relu", output: [{width: 24, finish: "norm"}]}
  ],
  [
    "with heads of 64 and the original UCE's output",
    {
      ...{width: 64, heads: 1, feedForward: 136, layers: 3},
      output: [
        {width: 48, finish: "norm-gelu"},
        {width: 72, finish: "norm-gelu"},
        {width: 40, finish: "none"}
      ]
    }
  ],
  ["with sums of more than one chunk", {layers: 1, feedForward: 1160}]
];

/** A processor with weights, cut into parts where a bundle may cut them. */
const open = (
  model: Architecture,
  weights: Map<string, Float32Array<ArrayBuffer>>,
  options?: Parameters<typeof openProcessor>[2]
) => openProcessor(model, partsOf(weights), options);

function run(processor: Processor, input: Float32Array): Float32Array {
  const {vector, yields} = runSentence(processor, input);
  expect(yields).toBe(processor.layout.model.layers - 1);
  return vector;
}

const rowsOf = ({width}: Architecture, length: number) =>
  Float32Array.from({length: length * width}, createRandom(length).normal);
const largestDifference = (ours: ArrayLike<number>, right: ArrayLike<number>) =>
  Math.max(...Array.from(right, (value, i) => Math.abs(ours[i] - value)));

describe("the encoder in WebAssembly", () => {
  it.each(shapes)("is the plain computation's: a model %s", async (_, changes) => {
    const model = modelOf(changes);
    expect(canProcess(model)).toBe(true);
    const weights = randomWeights(model);
    const processor = await open(model, weights);
    for (const length of [1, 2, 7, 8, 9, 33, 64]) {
      const input = rowsOf(model, length);
      const vector = run(processor, input);
      expect(vector).toHaveLength(model.outputWidth);
      expect(largestDifference(vector, plainVector(model, weights, input))).toBeLessThan(2e-6);
    }
  });

  it("is the same for sentences of more rows than a block, with fused instructions, and in a region of shared memory", async () => {
    const model = modelOf({maxLength: 430});
    const weights = randomWeights(model);
    const input = rowsOf(model, 401);
    const right = plainVector(model, weights, input);
    const vectors: Float32Array[] = [];
    for (const options of [{}, {at: 640}, {shared: true, at: 128}, {fused: true}]) {
      if (options.fused === true && !WebAssembly.validate(encoderModule(model, {fused: true, shared: false}))) continue;
      vectors.push(run(await open(model, weights, options), input));
    }
    for (const vector of vectors) expect(largestDifference(vector, right)).toBeLessThan(2e-6);
    expect(vectors[1]).toEqual(vectors[0]);
    expect(vectors[2]).toEqual(vectors[0]);
  });

  it("does not depend on what memory held before", async () => {
    const model = modelOf({});
    const processor = await open(model, randomWeights(model));
    const input = rowsOf(model, 13);
    const first = run(processor, input);
    new Float32Array(processor.memory.buffer, processor.at).fill(NaN);
    expect(run(processor, input)).toEqual(first);
    expect(run(processor, rowsOf(model, 64))).not.toEqual(first);
    expect(run(processor, input)).toEqual(first);
  });

  it("gives NaN for NaN, and ends", async () => {
    const model = modelOf({});
    const input = rowsOf(model, 13);
    input[5] = NaN;
    expect([...run(await open(model, randomWeights(model)), input)].every(Number.isNaN)).toBe(true);
  });

  it("takes scores and activations far out as float64 does", async () => {
    const model = modelOf({layers: 1});
    const weights = randomWeights(model);
    for (const name of ["attention.query.weight", "linear1.weight"])
      weights.set(
        `layers.0.${name}`,
        weights.get(`layers.0.${name}`)!.map((value) => 300 * value)
      );
    const input = rowsOf(model, 40);
    const vector = run(await open(model, weights), input);
    expect(largestDifference(vector, plainVector(model, weights, input))).toBeLessThan(2e-5);
  });

  it("refuses files that lack a weight or a part of one, and hands the table on", async () => {
    const model = modelOf({});
    const layout = processorLayout(model);
    const memory = new WebAssembly.Memory({initial: Math.ceil(layout.weightBytes / 65_536)});
    const parts = partsOf(randomWeights(model));
    const table = {...parts[0], name: "table"};
    const tables: unknown[] = [];
    const place = (kept: typeof parts) => packWeights(layout, kept, memory, (part) => void tables.push(part));
    await place([table, ...parts]);
    expect(tables).toEqual([table]);
    for (const name of ["layers.1.linear2.weight", "layers.0.attention.bias"]) {
      const last = parts.findLast((part) => part.name === name);
      await expect(place(parts.filter((part) => part !== last))).rejects.toThrow(`have no ${name}`);
    }
  });

  it("is not for widths that are no whole panels, or heads that are no whole vectors", () => {
    expect(canProcess(modelOf({width: 36, heads: 9}))).toBe(false);
    expect(canProcess(modelOf({heads: 16}))).toBe(false);
    expect(canProcess(modelOf({feedForward: 60}))).toBe(false);
    expect(canProcess(modelOf({output: [{width: 20, finish: "none"}]}))).toBe(false);
  });
});
