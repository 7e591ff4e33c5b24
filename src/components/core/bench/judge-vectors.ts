import {relativeError} from "../vectors/relative-error.js";
import type {BenchBackend, BenchCheck, BenchNumbers} from "./bench-run.js";

/** Error that arithmetic may add: in float32 on a processor and on a GPU, and with float16 or TF32 products (as `selfTestLimit` has it). */
const arithmetic = {processor: 1e-3, gpu: 5e-3, narrow: 2e-2} as const;
/** Error that activations in 8 bit may add to it, as much as stored weights in 8 bit (docs/model.md, "Fidelity"). */
const eightBit = 0.07;

/**
 * Largest error with which vectors of these numbers on this backend pass. The reference is float32 of the same weights; of 8-bit blocks,
 * of what they stand for: a device is to compute the weights that it was given.
 */
export function benchLimit(numbers: BenchNumbers, backend: BenchBackend): number {
  const onGpu = backend === "webgpu" || backend === "cuda";
  if (numbers === "dynamic8") return eightBit;
  if (numbers === "float32") return onGpu ? arithmetic.gpu : arithmetic.processor;
  return onGpu ? arithmetic.narrow : arithmetic.processor;
}

/**
 * Compares vectors of `cells` sentences with float32's (both cells x width). Passes if the error is at most the limit and the same
 * comparison with the next cell's vector fails by far, as it must. Throws a WorkbookError where sizes differ.
 */
export function judgeVectors(
  ours: Float32Array,
  expected: Float32Array,
  {cells, length, limit}: {cells: number; length: number; limit: number}
): BenchCheck {
  const width = expected.length / cells;
  const error = relativeError(ours, expected, cells, width);
  const shifted = Float32Array.from(ours, (_, i) => ours[(i + width) % ours.length]);
  const control = relativeError(shifted, expected, cells, width);
  const passed = error <= limit && control > Math.max(0.5, 5 * limit);
  const short = (value: number) => (Number.isFinite(value) ? Number(value.toPrecision(3)) : null);
  return {error: short(error), limit, control: short(control), cells, length, passed};
}
