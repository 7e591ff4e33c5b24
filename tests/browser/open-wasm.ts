import {openWebEncoder} from "../../src/components/adapters/onnxruntime-web.js";
import type {OrtModule} from "../../src/components/adapters/onnxruntime-web.js";
import type {Encoder} from "../../src/components/core/embed/encoder.js";
import type {Bundle} from "../../src/components/core/model/bundle.js";
import type {Precision} from "../../src/components/core/types.js";

/** Opens a variant in wasm, with the build of onnxruntime-web at /ort/. */
export async function openWasm(bundle: Bundle, precision: Precision, signal?: AbortSignal): Promise<Encoder> {
  const ort = (await import(new URL("/ort/ort.wasm.min.mjs", location.href).href)) as OrtModule;
  ort.env.wasm.wasmPaths = new URL("/ort/", location.href).href;
  ort.env.wasm.numThreads = 1;
  return openWebEncoder(bundle, {ort, backend: "wasm", name: "wasm", precision, signal});
}
