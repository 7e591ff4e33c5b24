import type {Precision} from "../types.js";

/** The two computations of a bundle. */
export type BundlePart = "encoder" | "expression";

/**
 * How a graph computes. "fp32" and "fp16": plain products in that type, weights widened to it on load. (8-bit storage
 * can also be handed to a kernel as it is: such graphs will be called "fp32-int8" and "fp16-int8".)
 */
export type ComputePrecision = "fp32" | "fp16";

/** Names of a bundle's files (docs/formats.md): graphs go by compute precision, numbers by storage precision. */
export const bundlePaths = {
  manifest: "manifest.json",
  genes: "genes.arrow",
  selfTest: "selftest.arrow",
  graph: (part: BundlePart, compute: ComputePrecision) => `${part}.${compute}.onnx`,
  weights: (part: BundlePart, storage: Precision) => `${part}.${storage}.safetensors`,
  table: (storage: Precision) => `table.${storage}.safetensors`,
  expressionTable: (storage: Precision) => `expression-table.${storage}.safetensors`
} as const;
