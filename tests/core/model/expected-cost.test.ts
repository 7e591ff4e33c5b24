import {describe, expect, it} from "vitest";
import {uceBrainOutput} from "../../../src/components/core/model/architecture.js";
import {processorLayout} from "../../../src/components/core/processor/processor-layout.js";
import {activationSites} from "../../../src/components/core/processor/activation-sites.js";
import {productRate} from "../../../src/components/core/bench/product-rate.js";
import {
  expectedBlockMemory,
  expectedDeviceMemory,
  expectedMemory,
  expectedPace,
  mostOfProcessor,
  usualOperations
} from "../../../src/components/core/model/expected-cost.js";
import {originalArchitecture} from "../../bench/family-model.js";

const small = {layers: 4, width: 128, heads: 4, feedForward: 512, outputWidth: 128, tableRows: 19_698};
const published = {layers: 8, width: 512, heads: 16, feedForward: 2048, outputWidth: 512, tableRows: 19_698};

describe("what a model will cost", () => {
  it("is scaled from the model of the nearest size that ran here", () => {
    // docs/performance.md counts 65 GFLOP a cell of the published size.
    expect(usualOperations(published) / 65e9).toBeCloseTo(1, 1);
    const known = [
      {name: "small", ms: 120, shape: small},
      {name: "wide", ms: 900, shape: {...published, layers: 4}}
    ];
    const near = expectedPace(published, known, null)!;
    expect(near).toMatchObject({by: "model", from: "wide"});
    expect(near.ms / 900).toBeCloseTo(usualOperations(published) / usualOperations({...published, layers: 4}), 6);
    // 120 ms of the small model and 2.3 s of the published one were measured on one machine, by onnxruntime.
    expect(expectedPace(published, known.slice(0, 1), null)!.ms).toBeGreaterThan(1500);
    expect(expectedPace(published, known.slice(0, 1), null)!.ms).toBeLessThan(3500);
  });

  it("comes from a product of matrices where no model ran, and from nothing where nothing is known", () => {
    // docs/processor.md: 59 GFLOP/s in a product, and the small model in 74 ms on one thread.
    expect(expectedPace(small, [], {rate: 59e9, threads: 1})!.ms / 74).toBeCloseTo(1, 1);
    expect(expectedPace(small, [], {rate: 59e9, threads: 2})!.ms / 39).toBeCloseTo(1, 1);
    expect(expectedPace(small, [], {rate: 59e9, threads: 2})).toMatchObject({by: "product"});
    expect(expectedPace(small, [], null)).toBe(null);
  });

  it("counts weights once, what is read of them, and a sentence in each thread", () => {
    // 141 MB of weights in files of 96 MB at most.
    const one = expectedMemory(published) / 1e6;
    expect(one).toBeGreaterThan(141 + 96);
    expect(one).toBeLessThan(270);
    const model = {...originalArchitecture(8), ...published, output: uceBrainOutput(512)};
    const {bytes} = activationSites({model, blocks: false}, 1073);
    const sentence = expectedMemory(published, "fp32", 2) - expectedMemory(published);
    expect(sentence / bytes).toBeCloseTo(1, 1);
  });

  it("counts matrices in the blocks that they are multiplied in, where they are", () => {
    const model = {...originalArchitecture(8), ...published, output: uceBrainOutput(512)};
    const layout = processorLayout(model, {blocks: true});
    // Positions are counted with no model: they are a hundredth of it.
    const weights = layout.weightBytes + 4 * published.tableRows * published.width;
    const stored = 25e6 + 1.3e6 + published.tableRows * published.width;
    const sentence = activationSites({model, blocks: true}, 1073).bytes;
    expect(expectedBlockMemory(published, "int8", 2)! / (weights + stored + 2 * sentence)).toBeCloseTo(1, 1);
    expect(expectedBlockMemory(published, "int8")!).toBeLessThan(expectedMemory(published, "int8") / 1.5);
    expect(expectedBlockMemory(published, "fp16")).toBe(null);
    expect(expectedBlockMemory(small, "int8")).toBe(null);
    expect(expectedBlockMemory({...originalArchitecture(33), tableRows: 19_698}, "int4")).toBe(null);
  });

  it("tells of the original UCE what the processor and a graphics card have to hold", () => {
    const original = (layers: number) => ({...originalArchitecture(layers), tableRows: 19_698});
    // 33 layers hold 649 M numbers: too much for a browser's processor in float32, not in 4 bits.
    expect(expectedMemory(original(33))).toBeGreaterThan(mostOfProcessor);
    expect(expectedMemory(original(33), "int4") / 1e9).toBeCloseTo(1.1, 1);
    expect(expectedMemory(original(4)) / 1e9).toBeCloseTo(1, 0);
    expect(expectedDeviceMemory(original(33)) / 1e9).toBeCloseTo(2, 1);
    expect(usualOperations(original(33)) / 1.6e12).toBeCloseTo(1, 1);
    expect(usualOperations(original(4)) / 0.19e12).toBeCloseTo(0.8, 1);
  });
});

it("the rate of a product is counted by the clock that it is given", () => {
  let time = 0;
  const rate = productRate({budget: 10, now: () => (time += 5)});
  expect(rate).toBeCloseTo((2 * 2 * 192 ** 3 * 1000) / 15, -3);
});
