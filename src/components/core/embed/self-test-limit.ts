import type {Encoder} from "./encoder.js";
import type {BundleVariant} from "../model/bundle.js";
import {variantLimits} from "../model/variant-limits.js";

/** Relative error that arithmetic alone may add on a CPU, on a GPU, and in float16. */
const arithmetic = {cpu: 1e-3, gpu: 5e-3, half: 2e-2} as const;

/**
 * Largest relative error with which an open variant passes the bundle's self-test. The embeddings there are float32's, so
 * a right device is off by what its storage alone does, which the converter measured on these very sentences
 * (`selfTestError`), and by its arithmetic: 1e-3 on a CPU, 5e-3 on a GPU, 2e-2 in float16. The triangle inequality adds the
 * two; the first counts twice, because a slow device runs some of the sentences only. 4-bit weights have a self-test of their own vectors, where storage adds nothing. A manifest
 * without that figure allows as much of the error on real cells, or of the precision's limit.
 */
export function selfTestLimit(
  {backend, compute}: Pick<Encoder, "backend" | "compute">,
  {precision, relativeError, selfTestError}: BundleVariant
): number {
  const calculation = compute === "fp16" ? arithmetic.half : backend === "webgpu" ? arithmetic.gpu : arithmetic.cpu;
  if (precision === "fp32" || precision === "int4") return calculation;
  return calculation + 2 * (selfTestError ?? relativeError ?? variantLimits[precision].relativeError);
}
