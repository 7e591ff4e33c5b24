import type {BenchBackend, BenchCheck, BenchNumbers, BenchRow, BenchWay, ColdPart} from "../bench/bench-run.js";
import {timeCalls} from "../bench/time-calls.js";
import type {Encoder} from "../embed/encoder.js";
import {runSelfTest} from "../embed/self-test.js";
import {isWorkbookError} from "../errors.js";
import type {Bundle} from "../model/bundle.js";
import {sha256} from "../sha256.js";
import type {QuestionContext, TaskOptions} from "./context.js";

/** What timing one way of running the model showed. */
export interface BenchWayAnswer {
  rows: BenchRow[];
  /** From the model's files to the second call, part after part. */
  cold: ColdPart[];
}

/** Tokens of a usual sentence: 1,024 genes and what stands around them. */
const usual = 1072;
const batches = [1, 4, 16] as const;
/** Milliseconds for which a batch is timed, sentences of the self-test, and milliseconds a call after which larger batches are left out. */
const [budget, tested, longestCall] = [1200, 8, 4000];

/**
 * Opens the model in one of `benchWays`' ways, runs the self-test, and times batches of made-up sentences of usual length. A way that
 * cannot be opened or fails its self-test is a row that says so. Rejects with the signal's reason when canceled.
 */
export async function benchWay(
  context: QuestionContext,
  {way}: {way: number},
  {signal, onProgress}: TaskOptions
): Promise<BenchWayAnswer> {
  const {model, precision} = context;
  const choice = (await context.encoderWays())[way];
  const total = batches.length + 2;
  onProgress?.(0, total);
  const cold = await readFiles(model, precision, signal);
  const start = performance.now();
  let encoder: Encoder;
  try {
    encoder = await choice.open(signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (!isWorkbookError(error)) throw error;
    return {rows: [failing(choice.label, error.details.fault)], cold};
  }
  try {
    cold.push({name: "open: widen and upload weights, compile; on a GPU, self-test", ms: since(start), bytes: null});
    const sentence = madeUp(model);
    const call = (batch: number) => encoder.embed(repeated(sentence, batch), batch, sentence.length, signal);
    const first = performance.now();
    await call(1);
    const firstMs = since(first);
    const next = performance.now();
    await call(1);
    cold.push(
      {name: "first sentence", ms: firstMs, bytes: null},
      {name: "second sentence", ms: since(next), bytes: null}
    );
    onProgress?.(1, total);
    const check = await selfTest(model, encoder, signal);
    onProgress?.(2, total);
    const rows: BenchRow[] = [];
    for (const [i, batch] of batches.entries()) {
      const last = rows.at(-1);
      // The next batch of a slow device would take long, and nothing is learned.
      if (last?.ms && last.ms.median * batch > longestCall) break;
      const ms = await timeCalls(() => call(batch), batch, {warm: 200, most: 9, budget, least: 2, signal});
      const opened = i === 0 ? {open: Math.round(first - start), first: firstMs} : null;
      rows.push({
        ...rowOf(encoder),
        batch,
        length: sentence.length,
        ms,
        cold: opened,
        check,
        memory: null,
        note: encoder.name
      });
      onProgress?.(3 + i, total);
    }
    return {rows, cold};
  } finally {
    await encoder.close();
  }
}

function since(start: number): number {
  return Math.round(10 * (performance.now() - start)) / 10;
}

/** The variant's files from the network or the browser's cache, then their checksums. */
async function readFiles(model: Bundle, precision: string, signal?: AbortSignal): Promise<ColdPart[]> {
  const files = model.manifest.variants.find((variant) => variant.precision === precision)!.files;
  const start = performance.now();
  const read = await Promise.all(files.map(({path}) => model.stored(path, signal)));
  const fetched = since(start);
  const hashing = performance.now();
  for (const bytes of read) await sha256(bytes);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return [
    {name: "the model's files, fetched or from the browser's cache", ms: fetched, bytes},
    {name: "their checksums", ms: since(hashing), bytes: null}
  ];
}

/** CLS and genes in the order of the model's list: what matters for time is how many there are. */
function madeUp({genes, manifest}: Bundle): Int32Array {
  const length = Math.min(usual, manifest.architecture.maxLength);
  return Int32Array.from({length}, (_, i) => (i === 0 ? manifest.sentence.cls : genes[(7 * i) % genes.length].token));
}

function repeated(sentence: Int32Array, times: number): Int32Array {
  const all = new Int32Array(times * sentence.length);
  for (let i = 0; i < times; ++i) all.set(sentence, i * sentence.length);
  return all;
}

async function selfTest(model: Bundle, encoder: Encoder, signal?: AbortSignal): Promise<BenchCheck | null> {
  const result = await runSelfTest(model, encoder, {most: tested, signal});
  if (result === null) return null;
  const {relativeError, limit, control, cells, passed} = result;
  const finite = (value: number) => (Number.isFinite(value) ? Number(value.toPrecision(3)) : null);
  return {error: finite(relativeError), limit, control: finite(control), cells, length: usual, passed};
}

const numbersOf: Record<Encoder["compute"], BenchNumbers> = {fp32: "float32", fp16: "float16", blocks: "blocks8"};

/** What an open encoder is, in a row's words. */
function rowOf({backend, compute, name}: Encoder): {
  way: BenchWay;
  backend: BenchBackend;
  numbers: BenchNumbers;
  threads: number | null;
  level: string | null;
} {
  const own = name.includes("our kernels") || (backend === "wasm" && !name.includes("onnxruntime"));
  const threads = /(\d+) threads?/.exec(name);
  return {
    way: own ? "kernels" : "onnxruntime",
    backend: backend === "webgpu" ? "webgpu" : backend === "cpu" ? "node-cpu" : "wasm",
    numbers: name.includes("matrix") ? "matrix" : numbersOf[compute],
    threads: threads === null ? null : Number(threads[1]),
    level: own ? null : "all"
  };
}

function failing(label: string, fault: string): BenchRow {
  const own = label.includes("our kernels") || label.includes("(wasm)");
  const numbers = label.includes("matrix") ? "matrix" : label.includes("float16") ? "float16" : "float32";
  return {
    way: own ? "kernels" : "onnxruntime",
    backend: label.includes("WebGPU") ? "webgpu" : "wasm",
    numbers,
    ...{
      batch: 1,
      length: usual,
      threads: null,
      level: own ? null : "all",
      ms: null,
      cold: null,
      check: null,
      memory: null
    },
    note: fault.slice(0, 400)
  };
}
