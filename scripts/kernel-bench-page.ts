// The page that scripts/make-kernel-bench.ts bundles: times the encoder's kernels and onnxruntime-web on a full-size model of random weights, and runs the
// embedded model's self-test with each arithmetic. POSTs a JSON object a line to /result; the last has the kind "done".
import {httpBundle} from "../src/components/adapters/http-bundle.js";
import type {OrtModule} from "../src/components/adapters/onnxruntime-web.js";
import {openWgslEncoder, WgslRunner} from "../src/components/adapters/wgsl-encoder.js";
import {bytesOf} from "../src/components/core/bytes-of.js";
import {encoderGraph} from "../src/components/core/convert/encoder-graph.js";
import {runSelfTest} from "../src/components/core/embed/self-test.js";
import {encoderWeights} from "../src/components/core/kernels/encoder-weights.js";
import type {Arithmetic} from "../src/components/core/kernels/kernel.js";
import type {Architecture} from "../src/components/core/model/bundle.js";
import {openBundle} from "../src/components/core/model/open-bundle.js";
import {sinusoids} from "../src/components/core/model/sinusoids.js";
import {createRandom} from "../src/components/core/random.js";
import {relativeError} from "../src/components/core/vectors/relative-error.js";
import {findGpu, type GpuFound} from "../src/components/runtime/browser/gpu-device.js";

const length = 1072;
const tableRows = 4000;
const batches = [1, 2, 4, 8, 16, 32, 64];
/** Cells that are compared with onnxruntime's float32. */
const compared = 24;
const model: Architecture = {
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
};

const tell = (result: Record<string, unknown>) =>
  fetch("/result", {method: "POST", body: JSON.stringify(result)}).then(() => {});

/** Weights as PyTorch starts them but for keys and queries, which are twice as large so that cells differ; noise in place of zeros and ones. */
function randomWeights(): Map<string, Float32Array<ArrayBuffer>> {
  const {normal} = createRandom(512);
  const pool = Float32Array.from({length: 1 << 20}, normal);
  let at = 0;
  const numbers = (size: number, scale: number, middle = 0) => {
    at = (at + 77_777) % pool.length;
    return Float32Array.from({length: size}, (_, i) => middle + scale * pool[(at + i) % pool.length]);
  };
  const {width: d, feedForward: f} = model;
  const weights = new Map([
    ["table", numbers(tableRows * d, 1)],
    ["positions", sinusoids(model.maxLength, d)]
  ]);
  const linear = (name: string, inputs: number, outputs: number, scale = 1) =>
    weights.set(`${name}.weight`, numbers(inputs * outputs, scale / Math.sqrt(3 * inputs)));
  const vector = (name: string, size: number, middle = 0) => weights.set(name, numbers(size, 0.1, middle));
  for (let layer = 0; layer < model.layers; ++layer) {
    const name = `layers.${layer}`;
    for (const part of ["query", "key"]) linear(`${name}.attention.${part}`, d, d, 2);
    for (const part of ["value", "output"]) linear(`${name}.attention.${part}`, d, d);
    linear(`${name}.linear1`, d, f);
    linear(`${name}.linear2`, f, d);
    vector(`${name}.attention.bias`, 3 * d);
    vector(`${name}.linear1.bias`, f);
    for (const part of ["attention.output", "linear2", "norm1", "norm2"]) vector(`${name}.${part}.bias`, d);
    for (const part of ["norm1", "norm2"]) vector(`${name}.${part}.weight`, d, 1);
  }
  linear("output.0", d, d);
  for (const part of ["bias", "norm.bias"]) vector(`output.0.${part}`, d);
  vector("output.0.norm.weight", d, 1);
  return weights;
}

/** Rows of the table for so many cells, each with genes of its own beside common ones. */
function randomRows(cells: number): Int32Array<ArrayBuffer> {
  const {next} = createRandom(7);
  return Int32Array.from({length: cells * length}, (_, i) => {
    if (i % length === 0) return 1;
    const own = Math.floor(i / length) * 97;
    return 2 + ((own + Math.floor(next() * 300)) % (tableRows - 2));
  });
}

type Run = (rows: Int32Array<ArrayBuffer>, batch: number) => Promise<Float32Array>;

/** Median and least milliseconds a cell of nine calls, after the device was kept busy for 0.7 s. */
async function time(run: Run, batch: number): Promise<{ms: number; least: number}> {
  const rows = randomRows(batch);
  const begin = performance.now();
  while (performance.now() - begin < 700) await run(rows, batch);
  const times: number[] = [];
  for (let i = 0; i < 9; ++i) {
    const start = performance.now();
    await run(rows, batch);
    times.push((performance.now() - start) / batch);
  }
  times.sort((a, b) => a - b);
  return {ms: Number(times[4].toFixed(3)), least: Number(times[0].toFixed(3))};
}

async function openOrt(
  gpu: GpuFound,
  weights: ReadonlyMap<string, Float32Array>
): Promise<{run: Run; close: () => void}> {
  const ort = (await import(new URL("/ort/ort.jspi.min.mjs", location.href).href)) as OrtModule;
  ort.env.wasm.wasmPaths = new URL("/ort/", location.href).href;
  ort.env.wasm.numThreads = 1;
  const device = await gpu.open();
  const session = await ort.InferenceSession.create(encoderGraph({...model, tableRows}), {
    executionProviders: [{name: "webgpu", device} as never],
    externalData: Array.from(weights, ([path, values]) => ({path, data: bytesOf(values)})),
    logSeverityLevel: 3
  });
  const run: Run = async (rows, batch) => {
    const input = new ort.Tensor("int32", rows, [batch, length]);
    const {embedding} = await session.run({rows: input});
    const vectors = (await embedding.getData(true)) as Float32Array;
    input.dispose();
    return vectors;
  };
  return {run, close: () => device.destroy()};
}

/** Runs `run` on the compared cells, eight a call. */
async function vectorsOf(run: Run): Promise<Float32Array> {
  const rows = randomRows(compared);
  const vectors = new Float32Array(compared * model.outputWidth);
  for (let from = 0; from < compared; from += 8) {
    vectors.set(await run(rows.slice(from * length, (from + 8) * length), 8), from * model.outputWidth);
  }
  return vectors;
}

async function measure(gpu: GpuFound): Promise<void> {
  const weights = randomWeights();
  const ort = await openOrt(gpu, weights);
  const right = await vectorsOf(ort.run);
  const shifted = Float32Array.from(right, (_, i) => right[(i + model.outputWidth) % right.length]);
  const error = (vectors: Float32Array) => relativeError(vectors, right, compared, model.outputWidth);
  for (const batch of [1, 8, 16])
    await tell({kind: "time", way: "onnxruntime fp32", batch, ...(await time(ort.run, batch))});
  ort.close();
  for (const arithmetic of gpu.arithmetics) {
    for (const batch of batches) {
      const device = (await gpu.open()) as unknown as GPUDevice;
      const start = performance.now();
      const runner = await WgslRunner.open(device, model, arithmetic, encoderWeights(weights, model), batch);
      const run: Run = (rows, cells) => runner.embed(rows, cells, length);
      await run(randomRows(batch), batch);
      const opened = Math.round(performance.now() - start);
      const found = batch === 8 ? {error: error(await vectorsOf(run)), control: error(shifted)} : {};
      const {ms, least} = await time(run, batch);
      const stream = batch < 64 ? {stream: (await time(run, 64)).ms} : {};
      await tell({kind: "time", way: arithmetic, batch, ms, least, ...stream, opened, ...found});
      device.destroy();
    }
  }
}

/** The self-test of the embedded, trained model. */
async function selfTests(gpu: GpuFound): Promise<void> {
  const bundle = await openBundle(httpBundle(new URL("/model/", location.href)));
  for (const {precision} of bundle.manifest.variants) {
    for (const arithmetic of gpu.arithmetics as Arithmetic[]) {
      const device = (await gpu.open()) as unknown as GPUDevice;
      const encoder = await openWgslEncoder(bundle, {name: gpu.name, precision, arithmetic, device});
      await tell({kind: "self-test", precision, arithmetic, ...(await runSelfTest(bundle, encoder))});
      await encoder.close();
    }
  }
}

const {gpu, reason} = await findGpu();
try {
  if (gpu === null) throw new Error(reason);
  const {arithmetics, name} = gpu;
  await tell({
    kind: "machine",
    gpu: name,
    arithmetics,
    browser: navigator.userAgent,
    date: new Date().toISOString(),
    length
  });
  await selfTests(gpu);
  await measure(gpu);
} catch (error) {
  await tell({kind: "failed", message: String((error as Error).stack ?? error).slice(0, 800)});
}
await tell({kind: "done"});
