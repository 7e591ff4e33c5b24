/**
 * Relative error that float32 arithmetic alone may add to values that are computed from the same stored numbers (docs/model.md,
 * "Fidelity"): 1e-4 on a processor, where 2e-6 was measured, 5e-3 on a GPU, whose products may be rounded sooner.
 */
export function arithmeticTolerance(backend: string): number {
  return backend === "webgpu" ? 5e-3 : 1e-4;
}
