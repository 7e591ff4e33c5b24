import type {CsrBlock} from "../types.js";

/** Counts that are stored as fractions are off by less than this: noise of float arithmetic, not values of their own. */
export const largestNoise = 1e-3;

/** The whole number that `value` stands for if it is within `largestNoise` of one; otherwise `value`, NaN and infinite ones too. */
export function roundedCount(value: number): number {
  const whole = Math.round(value);
  return Math.abs(value - whole) <= largestNoise ? whole + 0 : value;
}

/** A block of counts stored with noise, as whole numbers; what becomes zero is left out. Values further off stay as they are. */
export function roundedBlock(block: CsrBlock): CsrBlock {
  if (block.values.every((value) => Number.isInteger(value))) return block;
  const indptr = new Int32Array(block.indptr.length);
  const indices = new Int32Array(block.indices.length);
  const values = block.values.slice();
  let kept = 0;
  for (let i = 0; i < block.rows.length; i++) {
    for (let k = block.indptr[i]; k < block.indptr[i + 1]; k++) {
      const value = roundedCount(block.values[k]);
      if (value === 0) continue;
      indices[kept] = block.indices[k];
      values[kept++] = value;
    }
    indptr[i + 1] = kept;
  }
  return {...block, indptr, indices: indices.slice(0, kept), values: values.slice(0, kept)};
}
