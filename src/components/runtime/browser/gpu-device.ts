import type {LosableDevice} from "../../adapters/onnxruntime-web.js";
import {lanes, side} from "../../core/kernels/fragments.js";
import type {Arithmetic} from "../../core/kernels/kernel.js";

/** The part of WebGPU that is used here; the standard's GPUAdapter and GPU have it. */
interface Adapter {
  readonly features: Iterable<string>;
  readonly limits: Record<string, number>;
  readonly info: {
    vendor: string;
    architecture: string;
    device: string;
    description: string;
    isFallbackAdapter?: boolean;
    subgroupMinSize?: number;
    subgroupMaxSize?: number;
    subgroupMatrixConfigs?: Iterable<{
      componentType: string;
      resultComponentType: string;
      M: number;
      N: number;
      K: number;
    }>;
  };
  readonly isFallbackAdapter?: boolean;
  requestDevice(options: {requiredFeatures: string[]; requiredLimits: Record<string, number>}): Promise<LosableDevice>;
}

interface Gpu {
  requestAdapter(options: {powerPreference: "high-performance"}): Promise<Adapter | null>;
}

/** A WebGPU adapter that was found. */
export interface GpuFound {
  /** Display name ("Apple M4", "NVIDIA Hopper"). */
  name: string;
  /** True for one that only imitates a GPU on the processor; slower than wasm, so never chosen by itself. */
  software: boolean;
  /** True if kernels would use subgroups, which some drivers get wrong: `open({subgroups: false})` goes without. */
  subgroups: boolean;
  /** Arithmetics that our own kernels can use here, the fastest last. */
  arithmetics: Arithmetic[];
  /** A new device with the features that onnxruntime can use and the adapter's largest buffers. */
  open(options?: {subgroups?: boolean}): Promise<LosableDevice>;
}

const patience = [0, 300, 900];

/**
 * Looks for a WebGPU adapter; null and a reason in words where there is none. Asks again for about a second: right after a
 * browser's start the first answer can be null although there is a GPU.
 */
export async function findGpu(): Promise<{gpu: GpuFound | null; reason: string}> {
  const {gpu} = navigator as {gpu?: Gpu};
  if (gpu === undefined) return {gpu: null, reason: "this browser has no WebGPU"};
  const adapter = await patientAdapter(gpu);
  if (adapter !== null) return {gpu: describe(gpu, adapter), reason: ""};
  return {gpu: null, reason: "this browser finds no GPU that WebGPU can use"};
}

async function patientAdapter(gpu: Gpu): Promise<Adapter | null> {
  for (const wait of patience) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    const adapter = await gpu.requestAdapter({powerPreference: "high-performance"}).catch(() => null);
    if (adapter !== null) return adapter;
  }
  return null;
}

/** The adapter's features that onnxruntime can use; others could change nothing but risk. */
const useful = ["shader-f16", "timestamp-query"];
const ofSubgroups = ["subgroups", "subgroups-f16", "chromium-experimental-subgroup-matrix"];

/** onnxruntime 1.30's attention is silently wrong where a subgroup has 4 lanes, as on SwiftShader (docs/decisions.md). */
const fewestLanes = 8;

const limits = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupSizeY",
  "maxComputeWorkgroupSizeZ",
  "maxComputeWorkgroupsPerDimension",
  "maxStorageBuffersPerShaderStage"
];

function describe(gpu: Gpu, adapter: Adapter): GpuFound {
  let unused: Adapter | null = adapter;
  const {info} = adapter;
  const words = info.description || [info.vendor, info.architecture || info.device].filter(Boolean).join(" ") || "GPU";
  const software = info.isFallbackAdapter ?? adapter.isFallbackAdapter ?? /swiftshader|llvmpipe|lavapipe/i.test(words);
  const features = [...adapter.features];
  const subgroups = features.includes("subgroups") && !software && (info.subgroupMinSize ?? fewestLanes) >= fewestLanes;
  return {
    name: words.replace(/\s+/g, " ").slice(0, 60),
    software,
    subgroups,
    arithmetics: arithmeticsOf(adapter, features, subgroups),
    async open(options) {
      // An adapter gives one device; after that it is used up.
      const giver = unused ?? (await patientAdapter(gpu));
      unused = null;
      if (giver === null) throw new Error("no adapter");
      const wanted = subgroups && options?.subgroups !== false ? [...useful, ...ofSubgroups] : useful;
      return giver.requestDevice({
        requiredFeatures: features.filter((name) => wanted.includes(name)),
        requiredLimits: Object.fromEntries(
          limits.filter((name) => adapter.limits[name] !== undefined).map((name) => [name, adapter.limits[name]])
        )
      });
    }
  };
}

/** float32 anywhere; float16 and matrix units where the adapter has what the kernels are written for (core/kernels). */
function arithmeticsOf({info}: Adapter, features: readonly string[], subgroups: boolean): Arithmetic[] {
  const found: Arithmetic[] = ["fp32"];
  if (!features.includes("shader-f16")) return found;
  found.push("fp16");
  const fits = Array.from(info.subgroupMatrixConfigs ?? []).some(
    ({componentType, resultComponentType, M, N, K}) =>
      componentType === "f16" && resultComponentType === "f32" && [M, N, K].every((size) => size === side)
  );
  const whole = info.subgroupMinSize === lanes && info.subgroupMaxSize === lanes;
  if (subgroups && fits && whole && features.includes("chromium-experimental-subgroup-matrix")) found.push("matrix");
  return found;
}
