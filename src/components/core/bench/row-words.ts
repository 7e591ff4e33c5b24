import type {BenchBackend, BenchNumbers, BenchRow, BenchWay} from "./bench-run.js";

/** Ways in words. */
export const wayWords: Readonly<Record<BenchWay, string>> = {
  kernels: "our kernels",
  onnxruntime: "onnxruntime",
  seed: "the seed's way",
  pytorch: "PyTorch"
};

/** Backends in words. */
export const backendWords: Readonly<Record<BenchBackend, string>> = {
  webgpu: "WebGPU",
  wasm: "browser wasm",
  "node-cpu": "Node CPU",
  "node-wasm": "Node wasm",
  cuda: "CUDA",
  "torch-cpu": "CPU"
};

/** Numbers in words. */
export const numberWords: Readonly<Record<BenchNumbers, string>> = {
  float32: "float32",
  tf32: "TF32",
  float16: "float16",
  matrix: "float16 on matrix units",
  blocks8: "8-bit blocks",
  dynamic8: "dynamic 8-bit"
};

/** What a row is, without its batch and length ("WebGPU, our kernels, float16"; "Node CPU, the seed's way, float32, 4 threads"). */
export function rowWords({way, backend, numbers, threads, level}: BenchRow): string {
  const parts = [backendWords[backend], wayWords[way], numberWords[numbers]];
  if (threads !== null) parts.push(`${threads} ${threads === 1 ? "thread" : "threads"}`);
  if (level !== null && level !== "all")
    parts.push(way === "pytorch" ? level : level === "disabled" ? "unoptimized" : `graph ${level}`);
  return parts.join(", ");
}
