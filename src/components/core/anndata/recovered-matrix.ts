import type {CsrBlock} from "../types.js";
import {countScales, recoverCounts, type CountScale} from "./recover-counts.js";

/** A matrix whose values are counts recovered from another one of the file. */
export interface RecoveredFrom {
  /** Name of the matrix that the file holds ("X"). */
  of: string;
  /** What is undone. */
  scale: CountScale;
}

const prefix = "recovered";
const scaleNames = new Map<number | null, string>([
  [Math.E, "ln"],
  [2, "log2"],
  [10, "log10"],
  [null, "scale"]
]);

/** Name of the counts recovered from matrix `of` by undoing `scale`: "recovered:ln:X". The scale is in the name, so that the name alone says what is read. */
export function recoveredName({of, scale}: RecoveredFrom): string {
  return `${prefix}:${scaleNames.get(scale.base)}:${of}`;
}

/** What a name of `recoveredName` means; null for any other name. */
export function recoveredFrom(name: string): RecoveredFrom | null {
  const [, key, of] = /^recovered:(ln|log2|log10|scale):(.+)$/s.exec(name) ?? [];
  const scale = countScales.find(({base}) => scaleNames.get(base) === key);
  return scale === undefined ? null : {of, scale};
}

/**
 * A block of transformed values as counts (`recoverCounts`). A cell whose counts cannot be recovered becomes NaN throughout, so
 * that it gets no result; it is never embedded as it is.
 */
export function recoveredBlock(block: CsrBlock, {scale}: RecoveredFrom): CsrBlock {
  const values = new Float64Array(block.values.length).fill(NaN);
  recoverCounts(block, scale).forEach(({recovered, counts}, i) => {
    if (recovered) values.set(counts, block.indptr[i]);
  });
  return {...block, values};
}
