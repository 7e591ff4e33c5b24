import type {VectorSpread} from "../core/space/vector-spread.js";
import {formatInteger, formatNumber} from "./format.js";

/** True if vectors of this mean pairwise cosine are called collapsed here: above 0.95. */
export function isCollapsed(meanCosine: number): boolean {
  return meanCosine > 0.95;
}

/** What lengths and mean cosine say, in two sentences: spread out, close together or collapsed; and how long the vectors are. */
export function verdictOf({norm, meanCosine, count}: VectorSpread): string {
  const mean = `The mean cosine of all pairs is ${formatNumber(meanCosine, 2)}`;
  const directions = isCollapsed(meanCosine)
    ? `${mean}: these vectors have collapsed. All cells point nearly the same way, and what a map shows of them is magnified noise.`
    : meanCosine > 0.8
      ? `${mean}: these vectors lie close together, though they have not collapsed.`
      : `${mean}: these vectors have not collapsed.`;
  const off = Math.max(Math.abs(norm.min - 1), Math.abs(norm.max - 1));
  const lengths =
    off < 1e-3
      ? `All ${formatInteger(count)} lengths are 1 to within ${off < 1e-6 ? "a millionth" : formatNumber(Number(off.toPrecision(1)))}, as they should be.`
      : `Lengths run from ${formatNumber(norm.min)} to ${formatNumber(norm.max)} where each should be 1.`;
  return `${directions} ${lengths}`;
}
