import {WorkbookError} from "../errors.js";
import type {Precision} from "../types.js";
import type {Bundle, BundleVariant} from "./bundle.js";
import {isFaithful} from "./variant-limits.js";

/**
 * What matters when a variant is chosen: "precision" takes the one nearest to the checkpoint (Node: the files are there
 * already), "download" the smallest that was measured and met the limits (a browser: it is what a person waits for).
 */
export type PrecisionPreference = "precision" | "download";

const byPrecision: readonly Precision[] = ["fp32", "fp16", "int8", "int4"];

/**
 * The storage precision to open: `wanted` if it is given and there, else the best of the bundle's variants by `prefer`.
 * For "download", variants whose measured error or recall misses the limits (or that were never measured, fp32 apart)
 * are passed over while another is there, and 4 bits while 8 or 16 bits are fit. Throws a WorkbookError of domain "model" (no-such-variant) where `wanted` is
 * not in the bundle.
 */
export function bestPrecision(
  bundle: Pick<Bundle, "manifest">,
  {wanted, prefer = "precision"}: {wanted?: Precision; prefer?: PrecisionPreference} = {}
): Precision {
  const {variants, name} = bundle.manifest;
  const there = byPrecision.filter((precision) => variants.some((variant) => variant.precision === precision));
  if (wanted !== undefined) {
    if (there.includes(wanted)) return wanted;
    throw new WorkbookError({
      domain: "model",
      code: "no-such-variant",
      fault: `model ${name} has no ${wanted} variant (it has ${there.join(", ")})`,
      remedy: "choose one of the variants that it has"
    });
  }
  if (prefer === "precision") return there[0];
  const passing = variants.filter(isFaithful);
  const size = ({files}: BundleVariant) => files.reduce((sum, {bytes}) => sum + bytes, 0);
  // 4 bits are for models that nothing nearer makes small.
  const nearer = passing.filter(({precision}) => precision === "fp16" || precision === "int8");
  const fit = nearer.length > 0 ? nearer : passing;
  const [smallest] = [...(fit.length > 0 ? fit : variants)].sort((a, b) => size(a) - size(b));
  return smallest.precision;
}
