import {httpBundle} from "../../src/components/adapters/http-bundle.js";
import {openWebEncoder} from "../../src/components/adapters/onnxruntime-web.js";
import type {OrtModule} from "../../src/components/adapters/onnxruntime-web.js";
import {openWasmEncoder} from "../../src/components/adapters/wasm-encoder.js";
import type {Encoder} from "../../src/components/core/embed/encoder.js";
import type {Bundle} from "../../src/components/core/model/bundle.js";
import {openBundle} from "../../src/components/core/model/open-bundle.js";
import {runSelfTest} from "../../src/components/core/embed/self-test.js";
import type {SelfTestResult} from "../../src/components/core/embed/self-test.js";
import {ownThread} from "../../src/components/core/threads/own-thread.js";
import type {Precision} from "../../src/components/core/types.js";
import {findGpu} from "../../src/components/runtime/browser/gpu-device.js";

/** One variant's self-test in this browser. */
export interface VariantResult extends SelfTestResult {
  precision: Precision;
}

/** What computes: our own functions on the processor, in the page's own thread; onnxruntime's wasm; its WebGPU. */
export type VariantBackend = "own" | "wasm" | "webgpu";

declare global {
  interface Window {
    testVariants(backend: VariantBackend): Promise<VariantResult[]>;
  }
}

/** Opens variants of a bundle with our own functions, or with a build of onnxruntime-web at /ort/. */
async function openerOf(backend: VariantBackend): Promise<(bundle: Bundle, precision: Precision) => Promise<Encoder>> {
  if (backend === "own") {
    const options = {name: "own", threads: 1, startThread: ownThread};
    return (bundle, precision) => openWasmEncoder(bundle, {...options, precision});
  }
  const file = backend === "webgpu" ? "ort.webgpu" : "ort.wasm";
  const ort = (await import(new URL(`/ort/${file}.min.mjs`, location.href).href)) as OrtModule;
  ort.env.wasm.wasmPaths = new URL("/ort/", location.href).href;
  ort.env.wasm.numThreads = 1;
  const gpu = backend === "webgpu" ? (await findGpu()).gpu : null;
  if (backend === "webgpu" && gpu === null) throw new Error("this browser finds no WebGPU");
  return async (bundle, precision) =>
    openWebEncoder(bundle, {ort, backend, name: gpu?.name ?? "wasm", precision, device: await gpu?.open()});
}

/** Runs the self-test of every variant of the bundle at /bundle/. */
window.testVariants = async (backend) => {
  const open = await openerOf(backend);
  const bundle = await openBundle(httpBundle(new URL("/bundle/", location.href)));
  const results: VariantResult[] = [];
  for (const {precision} of bundle.manifest.variants) {
    const encoder = await open(bundle, precision);
    const result = await runSelfTest(bundle, encoder);
    await encoder.close();
    if (result === null) throw new Error("the bundle has no self-test");
    results.push({...result, precision});
  }
  return results;
};
