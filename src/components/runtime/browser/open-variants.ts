import {openWebEncoder} from "../../adapters/onnxruntime-web.js";
import {openWgslEncoder} from "../../adapters/wgsl-encoder.js";
import type {OpenVariant} from "../../core/convert/measurement.js";
import {runSelfTest} from "../../core/embed/self-test.js";
import {canCompute} from "../../core/kernels/can-compute.js";
import type {Bundle} from "../../core/model/bundle.js";
import {findGpu} from "./gpu-device.js";
import {loadOrt} from "./ort-runtime.js";

/** Opens a variant on the processor. */
export const openWasm: OpenVariant = async (bundle, precision, signal) => {
  const {ort, threads} = await loadOrt("wasm");
  return openWebEncoder(bundle, {ort, backend: "wasm", name: `wasm, ${threads} threads`, precision, signal});
};

/**
 * Where the variants of a model are measured: our own kernels in float32 on a real GPU, if they pass the self-test with the model's float32 variant;
 * else the processor. Arithmetic is float32 for every variant, so that what differs is their storage alone.
 */
export async function variantOpener(model: Bundle, signal?: AbortSignal): Promise<OpenVariant> {
  const {gpu} = await findGpu();
  const isFit = gpu !== null && !gpu.software && gpu.arithmetics.includes("fp32");
  if (!isFit || !canCompute(model.manifest.architecture, "fp32")) return openWasm;
  const name = `WebGPU, ${gpu.name}, our kernels in float32`;
  const openGpu: OpenVariant = async (bundle, precision, cancel) => {
    const device = (await gpu.open({subgroups: false})) as unknown as GPUDevice;
    return openWgslEncoder(bundle, {name, precision, arithmetic: "fp32", device, signal: cancel});
  };
  try {
    const encoder = await openGpu(model, "fp32", signal);
    const result = await runSelfTest(model, encoder, {signal}).finally(() => encoder.close());
    return result === null || result.passed ? openGpu : openWasm;
  } catch {
    signal?.throwIfAborted();
    return openWasm;
  }
}
