import {openWebEncoder, type LosableDevice} from "../../adapters/onnxruntime-web.js";
import {openWgslEncoder} from "../../adapters/wgsl-encoder.js";
import type {Encoder} from "../../core/embed/encoder.js";
import type {EncoderChoice, FallbackListener} from "../../core/embed/resilient-encoder.js";
import {WorkbookError} from "../../core/errors.js";
import {canCompute} from "../../core/kernels/can-compute.js";
import type {Arithmetic} from "../../core/kernels/kernel.js";
import {bestPrecision} from "../../core/model/best-precision.js";
import type {Bundle} from "../../core/model/bundle.js";
import {runSelfTest} from "../../core/embed/self-test.js";
import type {BackendChoice} from "../../core/stages/chain.js";
import {findGpu, type GpuFound} from "./gpu-device.js";
import {loadOrt, ortBuild} from "./ort-runtime.js";

/** Ways of using a GPU that passed the model's self-test in this worker. */
const trusted = new Set<string>();

/** On an imitated GPU, where a sentence of full length takes seconds: a few short ones. */
const quickTest = {maxLength: 150, most: 4};

/** What our own kernels compute with, in words. */
const arithmeticWords: Record<Arithmetic, string> = {
  fp32: "float32",
  fp16: "float16",
  matrix: "float16 on matrix units"
};

/**
 * The ways to run the model here, best first: a real GPU if there is one, with our own kernels in the fastest arithmetic
 * that it has, then with onnxruntime (which alone is used on a software GPU, and only when "webgpu" is asked for), the
 * same without subgroups, then wasm. onnxruntime is not fetched before it is tried. No GPU is trusted before it has passed the bundle's self-test. Says in
 * words why a GPU is not used.
 */
export async function encoderChoices(
  bundle: Bundle,
  backend: BackendChoice,
  onFallback: FallbackListener
): Promise<EncoderChoice[]> {
  const wasm: EncoderChoice = {label: "the processor (wasm)", open: (signal) => openWasm(bundle, signal)};
  if (backend === "wasm" || backend === "cpu") return [wasm];
  const {gpu, reason} = await findGpu();
  if (gpu !== null && (!gpu.software || backend === "webgpu")) {
    const label = `WebGPU (${gpu.name})`;
    const plain: EncoderChoice = {
      label: `${label} without subgroups`,
      open: (signal) => openGpu(bundle, gpu, false, signal)
    };
    const own = ownChoices(bundle, gpu);
    if (!gpu.subgroups) return [...own, {...plain, label}, wasm];
    return [...own, {label, open: (signal) => openGpu(bundle, gpu, true, signal)}, plain, wasm];
  }
  const why = gpu === null ? reason : `the only WebGPU here (${gpu.name}) is imitated on the processor`;
  onFallback({code: "no-gpu", message: `${why}: the model runs on the processor (wasm), which is slower`});
  return [wasm];
}

/** Our own kernels on a real GPU, in the fastest arithmetic first; none for a model that they cannot compute. */
export function ownChoices(bundle: Bundle, gpu: GpuFound): EncoderChoice[] {
  if (gpu.software) return [];
  return gpu.arithmetics
    .filter((arithmetic) => canCompute(bundle.manifest.architecture, arithmetic))
    .toReversed()
    .map((arithmetic) => ({
      label: `WebGPU (${gpu.name}) with our kernels in ${arithmeticWords[arithmetic]}`,
      open: (signal) => openOwn(bundle, gpu, arithmetic, signal)
    }));
}

async function openOwn(bundle: Bundle, gpu: GpuFound, arithmetic: Arithmetic, signal?: AbortSignal): Promise<Encoder> {
  const name = `WebGPU, ${gpu.name}, our kernels in ${arithmeticWords[arithmetic]}`;
  const device = (await openDevice(gpu, name, arithmetic === "matrix")) as unknown as GPUDevice;
  const precision = bestPrecision(bundle, {prefer: "download"});
  const encoder = await openWgslEncoder(bundle, {name, precision, arithmetic, device, signal});
  return trustedOnly(bundle, encoder, `${bundle.hash} ${gpu.name} ${arithmetic}`, false, signal);
}

async function openGpu(bundle: Bundle, gpu: GpuFound, subgroups: boolean, signal?: AbortSignal): Promise<Encoder> {
  const name = `WebGPU, ${gpu.name}`;
  const {ort} = await loadOrt(ortBuild("webgpu"));
  const device = await openDevice(gpu, name, subgroups);
  const precision = bestPrecision(bundle, {prefer: "download"});
  const encoder = await openWebEncoder(bundle, {ort, backend: "webgpu", name, precision, device, signal});
  await trustedOnly(bundle, encoder, `${bundle.hash} ${gpu.name} ${subgroups}`, gpu.software, signal);
  // A call on an imitated GPU takes seconds a sentence: smaller batches lose and delay less.
  return gpu.software ? {...encoder, limits: {...encoder.limits, preferredBatch: 1}} : encoder;
}

function openDevice(gpu: GpuFound, name: string, subgroups: boolean): Promise<LosableDevice> {
  return gpu.open({subgroups}).catch((cause: unknown) => {
    throw new WorkbookError(
      {domain: "encoder", code: "no-device", fault: `${name} gave no device`, remedy: "choose another backend"},
      {cause}
    );
  });
}

/** The encoder, if it passes the self-test; else it is closed, and what is wrong with it is thrown. */
async function trustedOnly(
  ...[bundle, encoder, way, software, signal]: [Bundle, Encoder, string, boolean, AbortSignal | undefined]
): Promise<Encoder> {
  try {
    await requireTrust(bundle, encoder, way, software, signal);
    return encoder;
  } catch (error) {
    await encoder.close();
    throw error;
  }
}

/** Throws "self-test-failed" if the encoder's vectors are not the model's; once passed, a way of use is trusted. */
async function requireTrust(
  bundle: Bundle,
  encoder: Encoder,
  way: string,
  software: boolean,
  signal?: AbortSignal
): Promise<void> {
  if (trusted.has(way)) return;
  const result = await runSelfTest(bundle, encoder, {...(software && quickTest), signal});
  if (result === null || result.passed) {
    trusted.add(way);
    return;
  }
  throw new WorkbookError({
    domain: "encoder",
    code: "self-test-failed",
    fault: `${encoder.name} computes wrong vectors (relative error ${result.relativeError.toPrecision(2)}, at most ${result.limit.toPrecision(2)} is right)`,
    remedy: "choose another backend"
  });
}

async function openWasm(bundle: Bundle, signal?: AbortSignal): Promise<Encoder> {
  const {ort, threads} = await loadOrt("wasm");
  const name = `wasm, ${threads} ${threads === 1 ? "thread" : "threads"}`;
  const precision = bestPrecision(bundle, {prefer: "download"});
  return openWebEncoder(bundle, {ort, backend: "wasm", name, precision, signal});
}
