import type {Manifest} from "../core/model/bundle.js";
import {bestPrecision} from "../core/model/best-precision.js";
import type {MeasuredVariants} from "../core/model/measured-variants.js";
import {describeArchitecture} from "../core/model/describe-architecture.js";
import type {Precision} from "../core/types.js";
import {formatBytes, formatCount, formatNumber} from "../views/format.js";

/** What a storage precision is called. */
export const precisionNames: Readonly<Record<Precision, string>> = {
  fp32: "float32",
  fp16: "float16",
  int8: "8 bit",
  int4: "4 bit"
};

/** How the weights that this browser uses are stored, and how near to float32 that was measured to be. */
export function storedAs(manifest: Omit<Manifest, "trainedOn">): string {
  const precision = bestPrecision({manifest}, {prefer: "download"});
  if (precision === "fp32") return "float32, as the checkpoint has them";
  const {relativeError, recall15} = manifest.variants.find((one) => one.precision === precision)!;
  if (relativeError === null || recall15 === null) return `${precisionNames[precision]}, not measured`;
  const cells = manifest.measured === undefined ? "" : `, on ${manifest.measured.origin}`;
  return `${precisionNames[precision]}: relative error ${formatNumber(relativeError, 2)} to float32, ${formatNumber(100 * recall15)} % of the 15 nearest neighbors kept${cells}`;
}

/** What is known of smaller variants of a model that is kept in float32; null where there is nothing to say. */
export function smallerVariants(
  manifest: Omit<Manifest, "trainedOn">,
  {precisions, measured}: {precisions: readonly Precision[]; measured: MeasuredVariants | null}
): string | null {
  if (!precisions.includes("fp32") || bestPrecision({manifest}, {prefer: "download"}) !== "fp32") return null;
  if (measured !== null)
    return measured.variants
      .map(({precision, bytes, fault, cells}) =>
        fault === null
          ? `${precisionNames[precision]} (${formatBytes(bytes)}) is near enough, measured on ${formatCount(cells, "cell")}`
          : `not ${precisionNames[precision]}: ${fault}`
      )
      .join("; ");
  if (manifest.species.length > 1)
    return "not measured: of several species they are made with convert on a command line";
  return `not measured: ${(["fp16", "int8"] as const).map((precision) => `${precisionNames[precision]} (about ${formatBytes(smallerBytes(manifest, precision))})`).join(" and ")}`;
}

/** Bytes that a model takes in a storage precision, by arithmetic. */
export function smallerBytes(manifest: Omit<Manifest, "trainedOn">, precision: Precision): number {
  return describeArchitecture(manifest, precision).bytes;
}
