import {openWebEncoder} from "../../adapters/onnxruntime-web.js";
import {openWasmEncoder, type WasmEncoderOptions} from "../../adapters/wasm-encoder.js";
import type {Encoder} from "../../core/embed/encoder.js";
import type {EncoderChoice} from "../../core/embed/resilient-encoder.js";
import {bestPrecision} from "../../core/model/best-precision.js";
import type {Bundle} from "../../core/model/bundle.js";
import {canProcess} from "../../core/processor/can-process.js";
import type {Precision} from "../../core/types.js";
import {openTrustedWasm} from "../open-trusted-wasm.js";
import {loadOrt} from "./ort-runtime.js";
import {processorThread} from "./processor-thread.js";
import {processorThreads} from "./processor-threads.js";

/**
 * The ways to run a model on the processor, best first: functions of our own, if they can compute it and pass the model's self-test, then onnxruntime's,
 * whose file is not fetched before.
 */
export function processorChoices(bundle: Bundle): EncoderChoice[] {
  const precisionNow = () => bestPrecision(bundle, {prefer: "download"});
  const onnxruntime: EncoderChoice = {
    label: "the processor (onnxruntime's wasm)",
    open: (signal) => openOnnxruntime(bundle, precisionNow(), signal)
  };
  if (!canProcess(bundle.manifest.architecture)) return [onnxruntime];
  const open = async (signal?: AbortSignal): Promise<Encoder> =>
    openTrustedWasm(bundle, ownOptions(precisionNow(), signal));
  return [{label: "the processor (wasm)", open}, onnxruntime];
}

/** Opens a storage precision of a model with our own functions in float32, untried. Throws as `openWasmEncoder`. */
export function openOwn(bundle: Bundle, precision: Precision, signal?: AbortSignal): Promise<Encoder> {
  return openWasmEncoder(bundle, ownOptions(precision, signal));
}

function ownOptions(precision: Precision, signal: AbortSignal | undefined): WasmEncoderOptions {
  return {name: "wasm", precision, threads: processorThreads(), startThread: processorThread, signal};
}

/** Opens a storage precision of a model with onnxruntime's wasm. Throws as `openWebEncoder`. */
export async function openOnnxruntime(bundle: Bundle, precision: Precision, signal?: AbortSignal): Promise<Encoder> {
  const {ort, threads} = await loadOrt("wasm");
  const name = `wasm, onnxruntime, ${threads} ${threads === 1 ? "thread" : "threads"}`;
  return openWebEncoder(bundle, {ort, backend: "wasm", name, precision, signal});
}
