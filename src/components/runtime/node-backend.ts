import {cpus} from "node:os";
import {openNodeEncoder} from "../adapters/onnxruntime-node.js";
import {openWebEncoder} from "../adapters/onnxruntime-web.js";
import type {Encoder} from "../core/embed/encoder.js";
import {bestPrecision} from "../core/model/best-precision.js";
import type {Bundle} from "../core/model/bundle.js";
import type {Precision} from "../core/types.js";

/** How to open the model in Node. */
export interface NodeBackendOptions {
  /** "cpu" (onnxruntime-node, the default) or "wasm" (onnxruntime-web, as browsers without a GPU run it). */
  backend?: string;
  /** Storage precision to read; by default the most precise that the bundle has. */
  precision?: Precision;
  /** Threads of the arithmetic; left out: as many as there are cores. */
  threads?: number;
  signal?: AbortSignal;
}

/** Opens the model on a backend of Node's. Throws a WorkbookError of domain "model" or "encoder". */
export async function openBackend(
  bundle: Bundle,
  {backend = "cpu", precision: wanted, threads, signal}: NodeBackendOptions
): Promise<Encoder> {
  const precision = bestPrecision(bundle, {wanted});
  if (backend !== "wasm") return openNodeEncoder(bundle, {precision, threads, signal});
  // The package's build for Node: the others fetch their module's address to start a thread, and Node fetches no files.
  const ort = await import("onnxruntime-web");
  const count = threads ?? cpus().length;
  ort.env.wasm.numThreads = count;
  ort.env.logLevel = "error";
  const name = `Node wasm, ${count} ${count === 1 ? "thread" : "threads"}`;
  return openWebEncoder(bundle, {ort, backend: "wasm", name, precision, signal});
}
