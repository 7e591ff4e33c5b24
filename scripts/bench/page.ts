// The page that the suite opens in Chromium: reads /plan.json and the model, runs the jobs, and POSTs what it found to /result, a JSON object a time.
import {WgslRunner} from "../../src/components/adapters/wgsl-runner.js";
import type {Arithmetic} from "../../src/components/core/kernels/kernel.js";
import type {BenchNumbers} from "../../src/components/core/bench/bench-run.js";
import {findGpu, type GpuFound} from "../../src/components/runtime/browser/gpu-device.js";
import {processorThread} from "../../src/components/runtime/browser/processor-thread.js";
import type {BrowserPlan, Job, LongJob, OpenModel, Told} from "./job.js";
import {readModel, sentenceRows, type BenchModel} from "./model.js";
import {openOrt, type Ort} from "./open-ort.js";
import {openOwn} from "./open-own.js";
import {runJob} from "./run-job.js";
import {weightParts} from "./weight-parts.js";

/** Sentences that our kernels compute in one part. */
const part = 64;
const arithmeticOf: Partial<Record<BenchNumbers, Arithmetic>> = {float32: "fp32", float16: "fp16", matrix: "matrix"};

const tell = async (told: Told): Promise<void> => {
  await fetch("/result", {method: "POST", body: JSON.stringify(told)});
};
const get = async (path: string): Promise<Response> => {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path} was answered with ${response.status}`);
  return response;
};

let asked: Promise<GpuFound> | undefined;

function gpuOf(): Promise<GpuFound> {
  asked ??= findGpu().then(async ({gpu, reason}) => {
    if (gpu === null) throw new Error(reason);
    await tell({kind: "gpu", name: gpu.name, arithmetics: gpu.arithmetics, browser: navigator.userAgent});
    return gpu;
  });
  return asked;
}

async function openKernels(model: BenchModel, job: Job): Promise<OpenModel> {
  const gpu = await gpuOf();
  const arithmetic = arithmeticOf[job.numbers]!;
  if (!gpu.arithmetics.includes(arithmetic)) throw new Error(`${gpu.name} does not offer what ${arithmetic} needs`);
  const device = (await gpu.open()) as unknown as GPUDevice;
  const runner = await WgslRunner.open(
    device,
    {model: model.architecture, tableRows: model.tableRows, arithmetic},
    weightParts(model),
    part
  );
  return {run: (rows, batch, length) => runner.embed(rows, batch, length), close: async () => device.destroy()};
}

async function openWeb(model: BenchModel, job: Job): Promise<OpenModel> {
  const build = job.backend === "wasm" ? "ort.wasm.min.mjs" : "ort.jspi.min.mjs";
  const ort = (await import(new URL(`/ort/${build}`, location.href).href)) as Ort & {
    env: {wasm: {wasmPaths: string; numThreads: number}; logLevel: string};
  };
  ort.env.wasm.wasmPaths = new URL("/ort/", location.href).href;
  ort.env.wasm.numThreads = job.threads ?? 1;
  ort.env.logLevel = "error";
  if (job.backend === "wasm") return openOrt(ort, model, job, "wasm");
  const device = await (await gpuOf()).open();
  const open = await openOrt(ort, model, job, {name: "webgpu", device});
  return {run: open.run, close: async () => device.destroy()};
}

function open(model: BenchModel, job: Job): Promise<OpenModel> {
  if (job.way !== "kernels") return openWeb(model, job);
  return job.backend === "wasm" ? openOwn(model, job, processorThread) : openKernels(model, job);
}

async function runLong(model: BenchModel, {job, cells, piece}: LongJob): Promise<void> {
  const [{batch, length}] = job.shapes;
  const opened = await open(model, job);
  const rows = sentenceRows(model, batch, length);
  const begin = performance.now();
  while (performance.now() - begin < 1000) await opened.run(rows, batch, length);
  for (let done = 0; done < cells; done += piece) {
    const start = performance.now();
    for (let at = 0; at < piece; at += batch) {
      const some = Math.min(batch, piece - at);
      await opened.run(rows.slice(0, some * length), some, length);
    }
    await tell({
      kind: "piece",
      what: `batches of ${batch}, ${length} tokens`,
      cells: piece,
      ms: (performance.now() - start) / piece
    });
  }
  await opened.close();
}

const plan = (await (await get(`/plan.json${location.search}`)).json()) as BrowserPlan;
const model = readModel(
  await (await get("/model/model.json")).text(),
  await (await get("/model/weights.bin")).arrayBuffer()
);
for (const job of plan.jobs) {
  await runJob(job, {
    model,
    open: (one) => open(model, one),
    expected: async (length, weights) =>
      new Float32Array(await (await get(`/model/expected-${length}-${weights}.bin`)).arrayBuffer()),
    memory: () => null,
    tell: (row) => tell({kind: "row", row})
  });
}
if (plan.long !== null) await runLong(model, plan.long).catch(() => {});
await tell({kind: "done"});
