import {openWebEncoder, type LosableDevice} from "../../adapters/onnxruntime-web.js";
import type {EncoderChoice, FallbackListener} from "../../core/embed/resilient-encoder.js";
import type {Bundle} from "../../core/model/bundle.js";
import {findGpu, type GpuFound} from "./gpu-device.js";
import {loadOrt, ortBuild} from "./ort-runtime.js";
import type {BackendChoice} from "./protocol.js";

let device: LosableDevice | null = null;

/**
 * The ways to run the model here, best first: a real GPU if there is one (a software one only when "webgpu" is asked
 * for), then wasm. Says in words why a GPU is not used.
 */
export async function encoderChoices(bundle: Bundle, backend: BackendChoice, onFallback: FallbackListener): Promise<EncoderChoice[]> {
  const wasm: EncoderChoice = {label: "the processor (wasm)", open: (signal) => openWasm(bundle, signal)};
  if (backend === "wasm") return [wasm];
  const {gpu, reason} = await findGpu();
  if (gpu !== null && (!gpu.software || backend === "webgpu")) {
    return [{label: `WebGPU (${gpu.name})`, open: (signal) => openGpu(bundle, gpu, signal)}, wasm];
  }
  const why = gpu === null ? reason : `the only WebGPU here (${gpu.name}) is imitated on the processor`;
  onFallback({code: "no-gpu", message: `${why}: the model runs on the processor (wasm), which is slower`});
  return [wasm];
}

/** Destroys the GPU device in use, as a driver's reset would; for tests. */
export function loseDevice(): void {
  device?.destroy();
}

async function openGpu(bundle: Bundle, gpu: GpuFound, signal?: AbortSignal) {
  const {ort} = await loadOrt(ortBuild("webgpu"));
  device = await gpu.open();
  return openWebEncoder(bundle, {ort, backend: "webgpu", name: `WebGPU, ${gpu.name}`, precision: "fp32", device, signal});
}

async function openWasm(bundle: Bundle, signal?: AbortSignal) {
  const {ort, threads} = await loadOrt("wasm");
  const name = `wasm, ${threads} ${threads === 1 ? "thread" : "threads"}`;
  return openWebEncoder(bundle, {ort, backend: "wasm", name, precision: "fp32", signal});
}
