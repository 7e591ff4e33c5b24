/**
 * Processor time of one sentence on one thread of WebAssembly: our own functions (core/processor), with relaxed SIMD and without, and onnxruntime's, in turns.
 *
 *     node --import tsx scripts/measure-processor.ts [--shape full|small|tiny] [--layers N] [--length 1072] [--repeats 5] [--kernels] [--only ours]
 *
 * "full" is the full-size model with two of its eight layers, "small" the shape of the model that comes with the workbook; weights are random. Prints the least ms of processor time and the largest
 * difference from onnxruntime's vector; with `--kernels` ms, calls and GFLOP/s of each function.
 */
import {parseArgs} from "node:util";
import * as ort from "onnxruntime-web";
import {encoderGraph} from "../src/components/core/convert/encoder-graph.js";
import {weightPlaces} from "../src/components/core/kernels/weight-places.js";
import {wholeArchitecture} from "../src/components/core/model/architecture.js";
import type {Architecture} from "../src/components/core/model/bundle.js";
import {activationSites} from "../src/components/core/processor/activation-sites.js";
import {embedSentence, type Processor} from "../src/components/core/processor/embed-sentence.js";
import {encoderModule} from "../src/components/core/processor/encoder-module.js";
import {packWeights} from "../src/components/core/processor/pack-weights.js";
import {processorLayout} from "../src/components/core/processor/processor-layout.js";
import {createRandom} from "../src/components/core/random.js";

type Run = () => Promise<Float32Array>;

const {values: options} = parseArgs({
  options: {
    shape: {type: "string", default: "full"},
    length: {type: "string", default: "1072"},
    layers: {type: "string"},
    repeats: {type: "string", default: "5"},
    kernels: {type: "boolean", default: false},
    only: {type: "string"}
  }
});
const shapes: Record<string, [layers: number, width: number, heads: number]> = {
  full: [2, 512, 16],
  small: [4, 128, 4],
  tiny: [2, 32, 4]
};
const [usual, width, heads] = shapes[options.shape];
const layers = Number(options.layers ?? usual);
const model = wholeArchitecture({
  ...{layers, width, heads, feedForward: 4 * width, outputWidth: width, maxLength: 2048},
  ...{positions: "stored", activation: "gelu", layerNormEpsilon: 1e-5, expression: null}
});
const length = Number(options.length);
const weights = randomWeights(model, length);
const ways: Record<string, Run> = {};
for (const fused of [false, true]) {
  const code = encoderModule(model, {fused, shared: false});
  if (WebAssembly.validate(code)) ways[fused ? "ours, relaxed SIMD" : "ours"] = await ours(code);
}
if (options.only !== "ours") ways.onnxruntime = await theirs();

const least: Record<string, number> = {};
const vectors: Record<string, Float32Array> = {};
for (let i = 0; i <= Number(options.repeats); ++i) {
  for (const [name, run] of Object.entries(ways)) {
    const begin = process.cpuUsage();
    vectors[name] = await run();
    const {user, system} = process.cpuUsage(begin);
    // The first call compiles.
    if (i > 0) least[name] = Math.min(least[name] ?? Infinity, (user + system) / 1000);
  }
}
for (const [name, ms] of Object.entries(least)) {
  const against = vectors.onnxruntime ?? vectors[name];
  const difference = Math.max(...against.map((value, i) => Math.abs(value - vectors[name][i])));
  console.log(JSON.stringify({shape: options.shape, layers, length, way: name, ms: Number(ms.toFixed(1)), difference}));
}

/** Random weights by the bundle's names; the table has a row for each token of the sentence. */
function randomWeights(of: Architecture, rows: number): Map<string, Float32Array<ArrayBuffer>> {
  const {normal} = createRandom(1);
  return new Map(
    Array.from(weightPlaces(of, rows), ([name, {matrix, size, outputs}]) => {
      const scale = matrix ? 1 / Math.sqrt(size / outputs) : name === "table" ? 1 : 0.1;
      const middle = /norm\d?\.weight$/.test(name) ? 1 : 0;
      return [name, Float32Array.from({length: size}, () => middle + scale * normal())];
    })
  );
}

async function ours(code: Uint8Array<ArrayBuffer>): Promise<Run> {
  const layout = processorLayout(model);
  const at = layout.weightBytes;
  const memory = new WebAssembly.Memory({
    initial: Math.ceil((at + activationSites(layout, length).bytes) / 65_536)
  });
  const parts = Array.from(weights, ([name, values]) => ({
    ...{name, shape: [values.length], from: 0, blocks: null},
    widen: () => values
  }));
  await packWeights(layout, parts, memory, () => {});
  const {instance} = await WebAssembly.instantiate(code, {env: {memory}});
  const processor: Processor = {layout, exports: instance.exports, memory, at};
  const run = async (used: Processor): Promise<Float32Array> => {
    const steps = embedSentence(used, weights.get("table")!);
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
    }
  };
  if (options.kernels) {
    for (let i = 0; i < 2; ++i) await run(processor);
    await printKernels(processor, run);
  }
  return () => run(processor);
}

/** Processor time of a sentence's calls by function; products with their rate. */
async function printKernels(processor: Processor, run: (used: Processor) => Promise<unknown>): Promise<void> {
  const spent = new Map<string, {ms: number; calls: number; operations: number}>();
  const exports = Object.fromEntries(
    Object.entries(processor.exports).map(([name, make]) => {
      const of = {ms: 0, calls: 0, operations: 0};
      spent.set(name, of);
      return [
        name,
        (...addresses: number[]) => {
          const begin = process.cpuUsage();
          (make as (...all: number[]) => void)(...addresses);
          const {user, system} = process.cpuUsage(begin);
          of.ms += (user + system) / 1000;
          of.calls += 1;
          of.operations += operationsOf(name, addresses);
        }
      ];
    })
  );
  await run({...processor, exports});
  for (const [name, {ms, calls, operations}] of spent) {
    if (calls === 0) continue;
    const rate = operations === 0 ? "" : `${(operations / ms / 1e6).toFixed(1)} GFLOP/s`;
    console.log(`${name.padEnd(16)} ${ms.toFixed(2).padStart(8)} ms ${String(calls).padStart(7)} calls  ${rate}`);
  }
}

/** Multiplications and additions of a product's call. */
function operationsOf(name: string, addresses: readonly number[]): number {
  const strides = /^(?:bias|sum|none)(\d+)to/.exec(name);
  if (strides !== null) {
    const [a, b, , endA, endB, , , depth] = addresses;
    const rows = (endA - a) / (4 * Number(strides[1]));
    return 2 * rows * Math.max(1, (endB - b) / (8 * depth)) * 8 * (depth / 4);
  }
  if (name !== "mix") return 0;
  const [values, , out, endValues, endOut] = addresses;
  return 2 * 8 * ((endOut - out) / 4) * ((endValues - values) / 16);
}

/** onnxruntime's session of the same graph, on one thread. */
async function theirs(): Promise<Run> {
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = "error";
  const session = await ort.InferenceSession.create(encoderGraph({...model, tableRows: length}), {
    executionProviders: ["wasm"],
    externalData: Array.from(weights, ([path, data]) => ({path, data: new Uint8Array(data.buffer)}))
  });
  const rows = Int32Array.from({length}, (_, i) => i);
  return async () => {
    const {embedding} = await session.run({rows: new ort.Tensor("int32", rows, [1, length])});
    return (await embedding.getData()) as Float32Array;
  };
}
