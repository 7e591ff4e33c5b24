import {describe, expect, it} from "vitest";
import type {Architecture} from "../../../src/components/core/model/bundle.js";
import {quantizeBlocks, blockLength} from "../../../src/components/core/model/quantize.js";
import {quantizeNibbles, nibbleLength} from "../../../src/components/core/model/quantize4.js";
import type {WeightPart} from "../../../src/components/core/model/read-weights.js";
import type {WeightBlocks} from "../../../src/components/core/model/stored-weights.js";
import {widenBlocks} from "../../../src/components/core/model/quantize.js";
import {widenNibbles} from "../../../src/components/core/model/quantize4.js";
import {widenToFloat32} from "../../../src/components/core/model/widen.js";
import {dotsPay} from "../../../src/components/core/processor/dots-pay.js";
import {hasBlocks} from "../../../src/components/core/processor/has-blocks.js";
import {processorLayout} from "../../../src/components/core/processor/processor-layout.js";
import {createRandom} from "../../../src/components/core/random.js";
import {relativeError} from "../../../src/components/core/vectors/relative-error.js";
import {openProcessor, runSentence} from "./open-processor.js";
import {modelOf, partsOf, plainVector, randomWeights} from "./reference.js";

/** Random weights with their matrices in blocks, and what those stand for. */
function inBlocks(model: Architecture, bits: 4 | 8): {parts: WeightPart[]; wide: Map<string, Float32Array>} {
  const weights = randomWeights(model);
  const wide = new Map<string, Float32Array>(weights);
  const parts = partsOf(weights).filter(({name}) => !processorLayout(model).matrices.has(name));
  for (const [name, {inputs, outputs}] of processorLayout(model).matrices) {
    const matrix = weights.get(name)!;
    const {values, scales} =
      bits === 8 ? quantizeBlocks(matrix, inputs, outputs, name) : quantizeNibbles(matrix, {inputs, outputs}, name);
    const stored = new Uint8Array(scales.buffer);
    const length = bits === 8 ? blockLength : nibbleLength;
    const blocks: WeightBlocks = {bits, length, inputs, outputs, values, scales: stored};
    const factors = widenToFloat32(stored, "F16")!;
    const widen = () =>
      bits === 8 ? widenBlocks(values, factors, inputs, outputs) : widenNibbles(values, factors, {inputs, outputs});
    wide.set(name, widen());
    parts.push({name, shape: [inputs, outputs], from: 0, blocks, widen});
  }
  return {parts, wide};
}

describe("matrices in blocks of few bits", () => {
  it.each([
    ["8 bits", 8, {}],
    [
      "8 bits, heads of 12 and a wide output",
      8,
      {
        width: 96,
        heads: 8,
        feedForward: 160,
        output: [
          {width: 64, finish: "norm-gelu"},
          {width: 40, finish: "none"}
        ]
      }
    ],
    ["4 bits", 4, {width: 64, feedForward: 192, activation: "relu", output: [{width: 64, finish: "norm"}]}]
  ] as [string, 4 | 8, Partial<Architecture>][])(
    "give what float64 makes of them, but for 14 bits of each factor: %s",
    async (_, bits, changes) => {
      const model = modelOf({...changes, layers: 2, maxLength: 110});
      const {parts, wide} = inBlocks(model, bits);
      const processor = await openProcessor(model, parts, {blocks: true});
      const inputs = [1, 9, 101].map((length) =>
        Float32Array.from({length: length * model.width}, createRandom(length).normal)
      );
      const ours = inputs.flatMap((input) => [...runSentence(processor, input).vector]);
      const right = inputs.flatMap((input) => [...plainVector(model, wide, input)]);
      const error = relativeError(ours, right, inputs.length, model.outputWidth);
      expect(error).toBeLessThan(1e-3);
      expect(error).toBeGreaterThan(1e-6);
    }
  );

  it("make NaN of NaN and of infinity, and take rows of zeros and of any size", async () => {
    const model = modelOf({layers: 1});
    const {parts, wide} = inBlocks(model, 8);
    const processor = await openProcessor(model, parts, {blocks: true});
    const input = Float32Array.from({length: 12 * model.width}, createRandom(3).normal);
    for (const wrong of [NaN, Infinity, -Infinity]) {
      const spoilt = input.slice();
      spoilt[40] = wrong;
      expect([...runSentence(processor, spoilt).vector].every(Number.isNaN)).toBe(true);
    }
    for (const size of [0, 1e-20, 1e6]) {
      const scaled = input.map((value) => size * value);
      const {vector} = runSentence(processor, scaled);
      plainVector(model, wide, scaled).forEach((value, i) => expect(Math.abs(vector[i] - value)).toBeLessThan(1e-3));
    }
  });

  it("give the same bytes in a region of shared memory", async () => {
    const model = modelOf({layers: 1});
    const {parts} = inBlocks(model, 8);
    const input = Float32Array.from({length: 12 * model.width}, createRandom(3).normal);
    const [own, shared] = await Promise.all(
      [{}, {shared: true, at: 192}].map(async (where) => {
        return runSentence(await openProcessor(model, parts, {blocks: true, ...where}), input).vector;
      })
    );
    expect(shared).toEqual(own);
  });

  it("are for storage that holds every matrix so", () => {
    const model = modelOf({width: 64, feedForward: 128, output: [{width: 64, finish: "norm"}]});
    expect(hasBlocks(model, "int8")).toBe(true);
    expect(hasBlocks(model, "int4")).toBe(true);
    expect(hasBlocks(model, "fp16")).toBe(false);
    expect(hasBlocks(model, "fp32")).toBe(false);
    // 40 inputs are no whole blocks: such a matrix is stored in 16 bits.
    expect(hasBlocks({...model, feedForward: 40}, "int8")).toBe(false);
    expect(hasBlocks({...model, output: [{width: 40, finish: "norm"}, ...model.output]}, "int8")).toBe(false);
  });

  it("take a quarter of float32's memory and a little", () => {
    const model = modelOf({width: 256, feedForward: 1024, output: [{width: 256, finish: "norm"}]});
    const matrices = ({blocks}: {blocks: boolean}) =>
      processorLayout(model, {blocks}).weightBytes - processorLayout(model).addresses.get("positions")!;
    expect(matrices({blocks: true}) / matrices({blocks: false})).toBeLessThan(0.35);
  });

  it("are used only where products of bytes are right: not by this Node, which lacks them or counts a sum twice", () => {
    if (process.version.startsWith("v20.")) expect(dotsPay()).toBe(false);
    expect(typeof dotsPay()).toBe("boolean");
  });
});
