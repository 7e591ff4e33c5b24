import {cpus} from "node:os";
import {nodeThread} from "../adapters/node-thread.js";
import {openNodeEncoder} from "../adapters/onnxruntime-node.js";
import {openWebEncoder} from "../adapters/onnxruntime-web.js";
import type {Encoder} from "../core/embed/encoder.js";
import {openResilientEncoder, type FallbackListener} from "../core/embed/resilient-encoder.js";
import {bestPrecision} from "../core/model/best-precision.js";
import type {Bundle} from "../core/model/bundle.js";
import {canProcess} from "../core/processor/can-process.js";
import type {Precision} from "../core/types.js";
import {openTrustedWasm} from "./open-trusted-wasm.js";
import {threadProgram} from "./thread-program.js";

/** How to open the model in Node. */
export interface NodeBackendOptions {
  /** "cpu" (onnxruntime-node, the default) or "wasm" (as browsers without a GPU run it: our own functions, else onnxruntime-web). */
  backend?: string;
  /** Storage precision to read; by default the most precise that the bundle has. */
  precision?: Precision;
  /** Threads of the arithmetic; left out: as many as there are cores. */
  threads?: number;
  /** Told when wasm goes on in another way than it began. */
  onFallback?: FallbackListener;
  signal?: AbortSignal;
}

/** Opens the model on a backend of Node's. Throws a WorkbookError of domain "model" or "encoder". */
export async function openBackend(
  bundle: Bundle,
  {backend = "cpu", precision: wanted, threads = cpus().length, onFallback = () => {}, signal}: NodeBackendOptions
): Promise<Encoder> {
  const precision = bestPrecision(bundle, {wanted});
  if (backend !== "wasm") return openNodeEncoder(bundle, {precision, threads, signal});
  const own = (stop?: AbortSignal): Promise<Encoder> => {
    const startThread = () => nodeThread(threadProgram);
    return openTrustedWasm(bundle, {name: "Node wasm", precision, threads, startThread, signal: stop});
  };
  const choices = [
    {label: "our own functions", open: own},
    {label: "onnxruntime's wasm", open: (stop?: AbortSignal) => openOnnxruntime(bundle, precision, threads, stop)}
  ];
  const possible = canProcess(bundle.manifest.architecture) ? choices : choices.slice(1);
  return openResilientEncoder(possible, onFallback, signal);
}

async function openOnnxruntime(
  bundle: Bundle,
  precision: Precision,
  threads: number,
  signal?: AbortSignal
): Promise<Encoder> {
  // The package's build for Node: the others fetch their module's address to start a thread, and Node fetches no files.
  const ort = await import("onnxruntime-web");
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = "error";
  const name = `Node wasm, onnxruntime, ${threads} ${threads === 1 ? "thread" : "threads"}`;
  return openWebEncoder(bundle, {ort, backend: "wasm", name, precision, signal});
}
