import type {OrtModule} from "../../adapters/onnxruntime-web.js";
import {processorThreads} from "./processor-threads.js";
import {oneThread} from "./protocol.js";

/** Builds of onnxruntime-web: WebGPU with JSPI, WebGPU with Asyncify, WebAssembly only. */
export type OrtBuild = "jspi" | "asyncify" | "wasm";

/** The build for a backend: JSPI is smaller and is used where the browser can suspend WebAssembly. */
export function ortBuild(backend: "webgpu" | "wasm"): OrtBuild {
  if (backend === "wasm") return "wasm";
  return "Suspending" in WebAssembly ? "jspi" : "asyncify";
}

/** Milliseconds that threads have to start. Firefox forgets one now and then on a busy machine, and onnxruntime would wait for good. */
const threadPatience = 10_000;

/**
 * Loads one build; the others are not fetched. Names are literals because Framework rewrites them to the site's own
 * addresses. Threads need cross-origin isolation and would fail silently without it, so their number is set here.
 */
export async function loadOrt(build: OrtBuild): Promise<{ort: OrtModule; threads: number}> {
  const ort = await importBuild(build);
  const mayThread = build === "wasm" && crossOriginIsolated && self.name !== oneThread;
  const threads = mayThread ? Math.min(4, processorThreads()) : 1;
  ort.env.wasm.wasmPaths = {wasm: wasmAddress(build)};
  ort.env.wasm.numThreads = threads;
  if (threads > 1) ort.env.wasm.initTimeout = threadPatience;
  ort.env.logLevel = "error";
  return {ort, threads};
}

async function importBuild(build: OrtBuild): Promise<OrtModule> {
  switch (build) {
    case "jspi":
      return await import("onnxruntime-web/jspi");
    case "asyncify":
      return await import("onnxruntime-web/webgpu");
    case "wasm":
      return await import("onnxruntime-web/wasm");
  }
}

function wasmAddress(build: OrtBuild): string {
  switch (build) {
    case "jspi":
      return import.meta.resolve("onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm");
    case "asyncify":
      return import.meta.resolve("onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm");
    case "wasm":
      return import.meta.resolve("onnxruntime-web/ort-wasm-simd-threaded.wasm");
  }
}
