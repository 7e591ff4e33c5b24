import {httpBundle} from "../../src/components/adapters/http-bundle.js";
import {openWebEncoder} from "../../src/components/adapters/onnxruntime-web.js";
import type {OrtModule} from "../../src/components/adapters/onnxruntime-web.js";
import {openBundle} from "../../src/components/core/model/open-bundle.js";
import {runSelfTest} from "../../src/components/core/embed/self-test.js";
import type {SelfTestResult} from "../../src/components/core/embed/self-test.js";
import type {Precision} from "../../src/components/core/types.js";
import {findGpu} from "../../src/components/runtime/browser/gpu-device.js";

/** One variant's self-test in this browser. */
export interface VariantResult extends SelfTestResult {
  precision: Precision;
}

declare global {
  interface Window {
    testVariants(backend: "wasm" | "webgpu"): Promise<VariantResult[]>;
  }
}

/** Runs the self-test of every variant of the bundle at /bundle/, with the builds of onnxruntime-web at /ort/. */
window.testVariants = async (backend) => {
  const file = backend === "webgpu" ? "ort.webgpu" : "ort.wasm";
  const ort = (await import(new URL(`/ort/${file}.min.mjs`, location.href).href)) as OrtModule;
  ort.env.wasm.wasmPaths = new URL("/ort/", location.href).href;
  ort.env.wasm.numThreads = 1;
  const bundle = await openBundle(httpBundle(new URL("/bundle/", location.href)));
  const results: VariantResult[] = [];
  for (const {precision} of bundle.manifest.variants) {
    const gpu = backend === "webgpu" ? (await findGpu()).gpu : null;
    if (backend === "webgpu" && gpu === null) throw new Error("this browser finds no WebGPU");
    const device = await gpu?.open();
    const encoder = await openWebEncoder(bundle, {ort, backend, name: gpu?.name ?? "wasm", precision, device});
    const result = await runSelfTest(bundle, encoder);
    await encoder.close();
    if (result === null) throw new Error("the bundle has no self-test");
    results.push({...result, precision});
  }
  return results;
};
