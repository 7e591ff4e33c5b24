import type {Encoder} from "../embed/encoder.js";

/**
 * Relative error that float32 arithmetic alone may add to values that are computed from the same stored numbers (docs/model.md,
 * "Fidelity"): 1e-4 on a processor, where 2e-6 was measured, 1e-3 with products of 8-bit blocks there, where 3e-4 was, 5e-3 on a GPU, whose products may be rounded sooner.
 */
export function arithmeticTolerance(backend: string, compute: Encoder["compute"] = "fp32"): number {
  if (compute === "blocks") return 1e-3;
  return backend === "webgpu" ? 5e-3 : 1e-4;
}
