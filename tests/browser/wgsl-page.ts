import {httpBundle} from "../../src/components/adapters/http-bundle.js";
import {openWgslEncoder} from "../../src/components/runtime/browser/open-wgsl-encoder.js";
import {gpuCandidates} from "../../src/components/adapters/wgsl-neighbors.js";
import {embedTokens} from "../../src/components/core/embed/embed-tokens.js";
import {runSelfTest, type SelfTestResult} from "../../src/components/core/embed/self-test.js";
import {isWorkbookError} from "../../src/components/core/errors.js";
import {openBundle} from "../../src/components/core/model/open-bundle.js";
import type {Precision} from "../../src/components/core/types.js";
import {createRandom} from "../../src/components/core/random.js";
import {nearestNeighbors} from "../../src/components/core/vectors/neighbors.js";
import {findGpu} from "../../src/components/runtime/browser/gpu-device.js";

/** What our own kernels did in this browser. */
export interface WgslResult {
  selfTest: SelfTestResult;
  /** The same with 8-bit weights, and with 4-bit ones, which have a self-test of their own. */
  bytes: SelfTestResult;
  nibbles: SelfTestResult;
  /** Vectors of the sentences given, one after the other. */
  vectors: number[];
  /** Codes and faults of what was refused: an unknown token, an aborted call, a buffer refused by the device, a lost device, a closed encoder. */
  refusals: string[];
}

declare global {
  interface Window {
    testNeighbors(): Promise<{right: number[]; found: number[]; fallbacks: number; refusal: string}>;
    testWgsl(sentences: number[][]): Promise<WgslResult>;
    testOriginal(sentences: number[][]): Promise<number[]>;
  }
}

/** A device on which a pipeline is made once, whichever encoder asks for it: an imitated GPU takes seconds for each, and next to none for the cells of a test. */
async function openDevice(): Promise<{name: string; device: GPUDevice}> {
  const {gpu} = await findGpu();
  if (gpu === null) throw new Error("this browser finds no WebGPU");
  const device = (await gpu.open()) as unknown as GPUDevice;
  const make = device.createShaderModule.bind(device);
  const compile = device.createComputePipelineAsync.bind(device);
  const modules = new Map<string, GPUShaderModule>();
  const pipelines = new Map<GPUShaderModule, Promise<GPUComputePipeline>>();
  device.createShaderModule = (wish) => {
    const known = modules.get(wish.code) ?? make(wish);
    modules.set(wish.code, known);
    return known;
  };
  device.createComputePipelineAsync = (wish) => {
    const {module} = wish.compute;
    const known = pipelines.get(module) ?? compile(wish);
    pipelines.set(module, known);
    return known;
  };
  return {name: gpu.name, device};
}

/** Neighbors of 200 cells of width 37, one in three a copy of another, on the processor and with candidates from the GPU; and of more than its buffers hold. */
window.testNeighbors = async () => {
  const {device} = await openDevice();
  const {normal} = createRandom(3);
  const [count, width] = [200, 37];
  const cells = Float32Array.from({length: count * width}, normal);
  for (let cell = 0; cell < count; cell += 3) cells.copyWithin(cell * width, 0, width);
  const find = gpuCandidates(device);
  let fallbacks = 0;
  const candidates: typeof find = async (...call) => {
    const found = await find(...call);
    fallbacks = found.floor.filter((floor) => floor > 1 - found.error).length;
    return found;
  };
  const found = await nearestNeighbors(cells, width, 15, {candidates});
  const right = await nearestNeighbors(cells, width, 15);
  const limits = {maxStorageBufferBindingSize: 1000, maxBufferSize: 1000};
  const small = Object.create(device, {limits: {value: limits}}) as GPUDevice;
  const refusal = await gpuCandidates(small)(cells, width, 15, () => Promise.resolve()).then(() => "none", String);
  device.destroy();
  return {right: [...right.indices], found: [...found.indices], fallbacks, refusal};
};

/** Vectors of a small model of the original UCE's family in 4 bits, at /original/. */
window.testOriginal = async (sentences) => {
  const bundle = await openBundle(httpBundle(new URL("/original/", location.href)));
  const {name, device} = await openDevice();
  const encoder = await openWgslEncoder(bundle, {name, precision: "int4", arithmetic: "fp32", device});
  const tokens = sentences.map((sentence) => Int32Array.from(sentence));
  return [...(await embedTokens(encoder, tokens).finally(() => encoder.close()))];
};

/** Opens the bundle at /bundle/ with our own kernels in float32, and tries what can go wrong. */
window.testWgsl = async (sentences) => {
  const bundle = await openBundle(httpBundle(new URL("/bundle/", location.href)));
  const {name, device} = await openDevice();
  const open = (precision: Precision) => openWgslEncoder(bundle, {name, precision, arithmetic: "fp32", device});
  const [encoder, small, smallest] = [await open("fp32"), await open("int8"), await open("int4")];
  const selfTest = await runSelfTest(bundle, encoder);
  const bytes = await runSelfTest(bundle, small);
  const nibbles = await runSelfTest(bundle, smallest);
  if (selfTest === null || bytes === null || nibbles === null) throw new Error("the bundle has no self-test");
  const tokens = sentences.map((sentence) => Int32Array.from(sentence));
  const vectors = [...(await embedTokens(encoder, tokens))];
  // Calls of different lengths under way at once, more than are taken: each has its own vectors.
  const some = [...tokens.slice(0, 8), ...tokens.slice(0, 8)];
  const atOnce = await Promise.all(some.map((of) => encoder.embed(of, 1, of.length)));
  const {width} = encoder;
  atOnce.forEach((vector, i) => {
    const from = (i % 8) * width;
    if (vector.some((value, k) => value !== vectors[from + k])) throw new Error("calls at once are not those alone");
  });
  const refusals: string[] = [];
  const refuse = async (...call: Parameters<typeof encoder.embed>) => {
    await encoder.embed(...call).then(
      () => refusals.push("none"),
      (error: unknown) =>
        refusals.push(isWorkbookError(error) ? `${error.code}: ${error.details.fault}` : String(error))
    );
  };
  const [first] = tokens;
  await refuse(Int32Array.of(4242), 1, 1);
  await refuse(first, 1, first.length, AbortSignal.abort());
  device.createBuffer({size: 2 ** 40, usage: 128});
  await refuse(first, 1, first.length);
  const after = await encoder.embed(first, 1, first.length);
  if (after.some((value, i) => value !== vectors[i])) throw new Error("a refused buffer changed what came after it");
  device.destroy();
  await refuse(first, 1, first.length);
  await encoder.close();
  await refuse(first, 1, first.length);
  return {selfTest, bytes, nibbles, vectors, refusals};
};
