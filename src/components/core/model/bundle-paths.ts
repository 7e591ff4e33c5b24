import type {Precision} from "../types.js";

/** The two computations of a bundle. */
export type BundlePart = "encoder" | "expression";

/**
 * How a graph computes. "fp32" and "fp16": plain products in that type, weights widened to it on load. "fp32-int4": 4-bit storage as it lies, in blocks that
 * the kernel of the product widens.
 */
export type ComputePrecision = "fp32" | "fp16" | "fp32-int4";

/** Names of a bundle's files (docs/formats.md): graphs go by compute precision, numbers by storage precision. */
export const bundlePaths = {
  manifest: "manifest.json",
  genes: "genes.arrow",
  /** A self-test of float32's vectors, and for 4 bits, which are too far from those, one of its own. */
  selfTest: (storage: Precision) => (storage === "int4" ? "selftest.int4.arrow" : "selftest.arrow"),
  graph: (part: BundlePart, compute: ComputePrecision) => `${part}.${compute}.onnx`,
  weights: (part: BundlePart, storage: Precision) => `${part}.${storage}.safetensors`,
  table: (storage: Precision) => `table.${storage}.safetensors`,
  expressionTable: (storage: Precision) => `expression-table.${storage}.safetensors`
} as const;
