import type {OpenVariant} from "../../core/convert/measurement.js";
import {runSelfTest} from "../../core/embed/self-test.js";
import {quickTest} from "../../core/embed/trusted-only.js";
import {canCompute} from "../../core/kernels/can-compute.js";
import type {Bundle} from "../../core/model/bundle.js";
import {canProcess} from "../../core/processor/can-process.js";
import {findGpu} from "./gpu-device.js";
import {openOnnxruntime, openOwn} from "./open-processor.js";
import {openWgslEncoder} from "./open-wgsl-encoder.js";

/**
 * Where the variants of a model are measured, the first that passes the self-test with the model's float32 variant: our own kernels in float32 on a real GPU, our own
 * functions on the processor; else onnxruntime there. Arithmetic is float32 for every variant, so that what differs is their storage alone.
 */
export async function variantOpener(model: Bundle, signal?: AbortSignal): Promise<OpenVariant> {
  const {architecture} = model.manifest;
  const {gpu} = await findGpu();
  const isFit = gpu !== null && !gpu.software && gpu.arithmetics.includes("fp32");
  const name = `WebGPU, ${gpu?.name}, our kernels in float32`;
  const openGpu: OpenVariant = async (bundle, precision, cancel) => {
    const device = (await gpu!.open({subgroups: false})) as unknown as GPUDevice;
    return openWgslEncoder(bundle, {name, precision, arithmetic: "fp32", device, signal: cancel});
  };
  if (isFit && canCompute(architecture, "fp32") && (await passes(openGpu, model, {signal}))) return openGpu;
  if (canProcess(architecture) && (await passes(openOwn, model, {...quickTest, signal}))) return openOwn;
  return openOnnxruntime;
}

async function passes(
  open: OpenVariant,
  model: Bundle,
  test: {most?: number; shortest?: boolean; signal?: AbortSignal}
): Promise<boolean> {
  try {
    const encoder = await open(model, "fp32", test.signal);
    const result = await runSelfTest(model, encoder, test).finally(() => encoder.close());
    return result === null || result.passed;
  } catch {
    test.signal?.throwIfAborted();
    return false;
  }
}
