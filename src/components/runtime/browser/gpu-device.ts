import type {LosableDevice} from "../../adapters/onnxruntime-web.js";

/** The part of WebGPU that is used here; the standard's GPUAdapter and GPU have it. */
interface Adapter {
  readonly features: Iterable<string>;
  readonly limits: Record<string, number>;
  readonly info: {vendor: string; architecture: string; device: string; description: string; isFallbackAdapter?: boolean};
  readonly isFallbackAdapter?: boolean;
  requestDevice(options: {requiredFeatures: string[]; requiredLimits: Record<string, number>}): Promise<LosableDevice>;
}

interface Gpu {
  requestAdapter(options: {powerPreference: "high-performance"}): Promise<Adapter | null>;
}

/** A WebGPU adapter that was found. */
export interface GpuFound {
  /** For people ("Apple M4", "NVIDIA Hopper"). */
  name: string;
  /** True for one that only imitates a GPU on the processor; slower than wasm, so never chosen by itself. */
  software: boolean;
  /** A new device with all of the adapter's features and its largest buffers. */
  open(): Promise<LosableDevice>;
}

const patience = [0, 300, 900];

/**
 * Looks for a WebGPU adapter; null and a reason in words where there is none. Asks again for about a second: right after a
 * browser's start the first answer can be null although there is a GPU.
 */
export async function findGpu(): Promise<{gpu: GpuFound | null; reason: string}> {
  const {gpu} = navigator as {gpu?: Gpu};
  if (gpu === undefined) return {gpu: null, reason: "this browser has no WebGPU"};
  for (const wait of patience) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    const adapter = await gpu.requestAdapter({powerPreference: "high-performance"}).catch(() => null);
    if (adapter !== null) return {gpu: describe(adapter), reason: ""};
  }
  return {gpu: null, reason: "this browser finds no GPU that WebGPU can use"};
}

/** Whether the adapter's features are those that onnxruntime can use; others could change nothing but risk. */
const useful = /^(shader-f16|subgroups|subgroups-f16|timestamp-query|chromium-experimental-subgroup-matrix)$/;

function describe(adapter: Adapter): GpuFound {
  const {info} = adapter;
  const words = info.description || [info.vendor, info.architecture || info.device].filter(Boolean).join(" ") || "GPU";
  return {
    name: words.replace(/\s+/g, " ").slice(0, 60),
    software: info.isFallbackAdapter ?? adapter.isFallbackAdapter ?? /swiftshader|llvmpipe|lavapipe/i.test(words),
    open() {
      const requiredLimits: Record<string, number> = {};
      for (const name of ["maxBufferSize", "maxStorageBufferBindingSize", "maxComputeWorkgroupStorageSize", "maxComputeInvocationsPerWorkgroup", "maxComputeWorkgroupSizeX", "maxComputeWorkgroupSizeY", "maxComputeWorkgroupSizeZ", "maxComputeWorkgroupsPerDimension", "maxStorageBuffersPerShaderStage"]) {
        if (adapter.limits[name] !== undefined) requiredLimits[name] = adapter.limits[name];
      }
      return adapter.requestDevice({requiredFeatures: [...adapter.features].filter((name) => useful.test(name)), requiredLimits});
    }
  };
}
