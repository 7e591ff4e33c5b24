import {openWebLayers} from "../../adapters/onnxruntime-web.js";
import type {LayerProbe} from "../../core/embed/layer-probe.js";
import {bestPrecision} from "../../core/model/best-precision.js";
import type {Bundle} from "../../core/model/bundle.js";
import type {BackendChoice} from "../../core/stages/chain.js";
import {findGpu} from "./gpu-device.js";
import {loadOrt, ortBuild} from "./ort-runtime.js";

/**
 * The model with its layers' outputs, on a real GPU where the choice of backend allows one (an imitated one only when "webgpu" is
 * asked for), else in wasm. Rejects with a WorkbookError.
 */
export async function openLayers(bundle: Bundle, backend: BackendChoice, signal?: AbortSignal): Promise<LayerProbe> {
  const precision = bestPrecision(bundle, {prefer: "download"});
  const {gpu} = backend === "wasm" || backend === "cpu" ? {gpu: null} : await findGpu();
  if (gpu !== null && (!gpu.software || backend === "webgpu")) {
    const {ort} = await loadOrt(ortBuild("webgpu"));
    const device = await gpu.open();
    return openWebLayers(bundle, {ort, backend: "webgpu", name: `WebGPU, ${gpu.name}`, precision, device, signal});
  }
  const {ort, threads} = await loadOrt("wasm");
  const name = `wasm, ${threads} ${threads === 1 ? "thread" : "threads"}`;
  return openWebLayers(bundle, {ort, backend: "wasm", name, precision, signal});
}
