import type {Precision} from "../types.js";
import type {BundleVariant} from "./bundle.js";

/** Largest relative error and least 15-NN recall of a variant that is fit for use (docs/model.md, "Fidelity"). */
export interface VariantLimits {
  relativeError: number;
  recall15: number;
}

/** Limits a storage precision has to meet on at least 500 real cells, unless a conversion is told otherwise. */
export const variantLimits: Readonly<Record<Precision, VariantLimits>> = {
  fp32: {relativeError: 1e-3, recall15: 0.97},
  fp16: {relativeError: 0.01, recall15: 0.97},
  int8: {relativeError: 0.07, recall15: 0.97},
  int4: {relativeError: 0.2, recall15: 0.9}
};

/** True if a variant is float32, or was measured and met the limits of its precision. */
export function isFaithful({precision, relativeError, recall15}: BundleVariant): boolean {
  if (precision === "fp32") return true;
  const limits = variantLimits[precision];
  if (relativeError === null || recall15 === null) return false;
  return relativeError <= limits.relativeError && recall15 >= limits.recall15;
}
