import {httpBundle} from "../../src/components/adapters/http-bundle.js";
import {openWebEncoder} from "../../src/components/adapters/onnxruntime-web.js";
import type {OrtModule} from "../../src/components/adapters/onnxruntime-web.js";
import {openWasmEncoder} from "../../src/components/adapters/wasm-encoder.js";
import type {Encoder} from "../../src/components/core/embed/encoder.js";
import {embedTokens} from "../../src/components/core/embed/embed-tokens.js";
import {writeRandomBundle} from "../../scripts/random-bundle.js";
import {uceBrainOutput} from "../../src/components/core/model/architecture.js";
import {bundlePaths} from "../../src/components/core/model/bundle-paths.js";
import type {Bundle} from "../../src/components/core/model/bundle.js";
import {openBundle} from "../../src/components/core/model/open-bundle.js";
import {decodeSelfTest} from "../../src/components/core/model/self-test-table.js";
import {runSelfTest} from "../../src/components/core/embed/self-test.js";
import type {SelfTestResult} from "../../src/components/core/embed/self-test.js";
import {dotsPay} from "../../src/components/core/processor/dots-pay.js";
import {hasBlocks} from "../../src/components/core/processor/has-blocks.js";
import {ownThread} from "../../src/components/core/threads/own-thread.js";
import type {Precision} from "../../src/components/core/types.js";
import {relativeError} from "../../src/components/core/vectors/relative-error.js";
import {openTrustedWasm} from "../../src/components/runtime/open-trusted-wasm.js";
import {findGpu} from "../../src/components/runtime/browser/gpu-device.js";

/** One variant's self-test in this browser. */
export interface VariantResult extends SelfTestResult {
  precision: Precision;
}

/** What computes: our own functions on the processor, in the page's own thread; onnxruntime's wasm; its WebGPU. */
export type VariantBackend = "own" | "wasm" | "webgpu";

/** Products in 8-bit blocks beside float32's, of the same stored weights. */
export interface BlocksResult {
  /** What a thread decides by. */
  pay: boolean;
  possible: boolean;
  relativeError: number;
  /** The arithmetic that a model 256 wide is opened with. */
  chosen: Encoder["compute"];
}

declare global {
  interface Window {
    compareBlocks(): Promise<BlocksResult>;
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
  if (backend === "wasm") return (bundle, precision) => openWebEncoder(bundle, {ort, backend, name: "wasm", precision});
  const {gpu} = await findGpu();
  if (gpu === null) throw new Error("this browser finds no WebGPU");
  // One device, which closing an encoder leaves: on it each kernel is compiled once, which takes an imitated GPU a second.
  const device = await gpu.open();
  device.destroy = () => {};
  return (bundle, precision) => openWebEncoder(bundle, {ort, backend, name: gpu.name, precision, device});
}

/** Embeds the int8 variant's self-test sentences in both ways. */
window.compareBlocks = async () => {
  const bundle = await openBundle(httpBundle(new URL("/bundle/", location.href)));
  const {sentences, width} = decodeSelfTest(await bundle.file(bundlePaths.selfTest("int8")));
  const [floats, blocks] = await Promise.all(
    [false, true].map(async (blocks) => {
      const options = {name: "own", precision: "int8", threads: 1, startThread: ownThread, blocks} as const;
      const encoder = await openWasmEncoder(bundle, options);
      const vectors = await embedTokens(encoder, sentences, {});
      await encoder.close();
      return vectors;
    })
  );
  return {
    pay: dotsPay(),
    possible: hasBlocks(bundle.manifest.architecture, "int8"),
    relativeError: relativeError(blocks, floats, sentences.length, width),
    chosen: await chosenForWide(bundle)
  };
};

/** The arithmetic that is chosen for a model 256 wide in 8-bit blocks: random weights, with genes and sentences of another. */
async function chosenForWide({genes, manifest}: Bundle): Promise<Encoder["compute"]> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const workspace = {
    name: "memory",
    read: async (path: string) => files.get(path)!,
    write: async (path: string, bytes: Uint8Array<ArrayBuffer>) => void files.set(path, bytes)
  };
  const architecture = {
    ...manifest.architecture,
    ...{layers: 1, width: 256, heads: 8, feedForward: 256, outputWidth: 256, expression: null},
    ...{positions: "sinusoidal" as const, output: uceBrainOutput(256)}
  };
  const {sentence} = manifest;
  await writeRandomBundle({name: "wide", architecture, sentence, genes, precision: "int8"}, workspace);
  const options = {name: "own", precision: "int8", threads: 1, startThread: ownThread} as const;
  const encoder = await openTrustedWasm(await openBundle(workspace), options);
  await encoder.close();
  return encoder.compute;
}

/** Runs the self-test of every variant of the bundle at /bundle/. */
window.testVariants = async (backend) => {
  const open = await openerOf(backend);
  const bundle = await openBundle(httpBundle(new URL("/bundle/", location.href)));
  const results: VariantResult[] = [];
  for (const {precision} of bundle.manifest.variants) {
    // 4 bits have a self-test of their own (wgsl-page.ts).
    if (precision === "int4") continue;
    const encoder = await open(bundle, precision);
    const result = await runSelfTest(bundle, encoder);
    await encoder.close();
    if (result === null) throw new Error("the bundle has no self-test");
    results.push({...result, precision});
  }
  return results;
};
