import {openWebEncoder, type LosableDevice} from "../../adapters/onnxruntime-web.js";
import {openWgslEncoder} from "./open-wgsl-encoder.js";
import type {Encoder} from "../../core/embed/encoder.js";
import type {EncoderChoice, FallbackListener} from "../../core/embed/resilient-encoder.js";
import {quickTest, trustedOnly} from "../../core/embed/trusted-only.js";
import {WorkbookError} from "../../core/errors.js";
import {canCompute} from "../../core/kernels/can-compute.js";
import type {Arithmetic} from "../../core/kernels/kernel.js";
import {bestPrecision} from "../../core/model/best-precision.js";
import type {Bundle} from "../../core/model/bundle.js";
import type {BackendChoice} from "../../core/stages/chain.js";
import {findGpu, type GpuFound} from "./gpu-device.js";
import {processorChoices} from "./open-processor.js";
import {loadOrt, ortBuild} from "./ort-runtime.js";

/** What our own kernels compute with, in words. */
const arithmeticWords: Record<Arithmetic, string> = {
  fp32: "float32",
  fp16: "float16",
  matrix: "float16 on matrix units"
};

/**
 * The ways to run the model here, best first: a real GPU if there is one, with our own kernels in the fastest arithmetic
 * that it has, then with onnxruntime (which alone is used on a software GPU, and only when "webgpu" is asked for), the
 * same without subgroups, then the processor's (`processorChoices`). onnxruntime is not fetched before it is tried. No GPU is trusted before it has passed the bundle's self-test. Says in
 * words why a GPU is not used.
 */
export async function encoderChoices(
  bundle: Bundle,
  backend: BackendChoice,
  onFallback: FallbackListener
): Promise<EncoderChoice[]> {
  const processor = processorChoices(bundle);
  if (backend === "wasm" || backend === "cpu") return processor;
  const {gpu, reason} = await findGpu();
  if (gpu !== null && (!gpu.software || backend === "webgpu")) {
    const label = `WebGPU (${gpu.name})`;
    const plain: EncoderChoice = {
      label: `${label} without subgroups`,
      open: (signal) => openGpu(bundle, gpu, false, signal)
    };
    const own = ownChoices(bundle, gpu);
    if (!gpu.subgroups) return [...own, {...plain, label}, ...processor];
    return [...own, {label, open: (signal) => openGpu(bundle, gpu, true, signal)}, plain, ...processor];
  }
  const why = gpu === null ? reason : `the only WebGPU here (${gpu.name}) is imitated on the processor`;
  onFallback({code: "no-gpu", message: `${why}: the model runs on the processor (wasm), which is slower`});
  return processor;
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
  return trustedOnly(bundle, encoder, `${gpu.name} ${arithmetic}`, {signal});
}

async function openGpu(bundle: Bundle, gpu: GpuFound, subgroups: boolean, signal?: AbortSignal): Promise<Encoder> {
  const name = `WebGPU, ${gpu.name}`;
  const {ort} = await loadOrt(ortBuild("webgpu"));
  const device = await openDevice(gpu, name, subgroups);
  const precision = bestPrecision(bundle, {prefer: "download"});
  const encoder = await openWebEncoder(bundle, {ort, backend: "webgpu", name, precision, device, signal});
  await trustedOnly(bundle, encoder, `${gpu.name} ${subgroups}`, {...(gpu.software && quickTest), signal});
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
