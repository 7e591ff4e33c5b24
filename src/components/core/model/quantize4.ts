import {encodeHalves} from "./half.js";
import type {Quantized} from "./quantize.js";
import {widenToFloat32} from "./widen.js";

/** Values of a 4-bit block that share one scale, along the input dimension of a matrix. */
export const nibbleLength = 64;

/** Largest magnitude of a block that is kept whole, by what share of it is tried: cutting the largest off can bring all others nearer. */
const shares = [1, 0.95, 0.9, 0.85, 0.8];

/** How the numbers of a matrix lie that is made into blocks. */
export interface BlockLayout {
  /** Numbers of a column, which blocks are cut from; a multiple of 64. */
  inputs: number;
  /** Columns. */
  outputs: number;
  /** True for rows of `inputs` numbers, as tables have them; false for a matrix of inputs x outputs. */
  byRows?: boolean;
}

/**
 * A matrix in 4-bit blocks of 64: value q [n, b, j] stands for (q - 8) x scale[n, b] and is row 64 b + j, column n of the matrix. Two values a byte, the first in
 * its low half (docs/formats.md, "Storage"). The scale is the float16 of either sign, among ten, with the least sum of squared errors: from -8 to 7 there is one step more
 * to one side than to the other, and the sign gives it to the side that needs it.
 */
export function quantizeNibbles(
  matrix: Float32Array,
  {inputs, outputs, byRows = false}: BlockLayout,
  name: string
): Quantized<Uint8Array<ArrayBuffer>> {
  const blocks = inputs / nibbleLength;
  const values = new Uint8Array((inputs * outputs) / 2);
  const scales = new Uint16Array(outputs * blocks);
  const [stepIn, stepOut] = byRows ? [1, inputs] : [outputs, 1];
  const block = new Float64Array(nibbleLength);
  for (let n = 0; n < outputs; ++n) {
    for (let b = 0; b < blocks; ++b) {
      const first = n * stepOut + b * nibbleLength * stepIn;
      for (let j = 0; j < nibbleLength; ++j) block[j] = matrix[first + j * stepIn];
      const at = n * blocks + b;
      const {bits, step} = bestScale(block, name);
      scales[at] = bits;
      for (let j = 0; j < nibbleLength; j += 2) {
        values[(at * nibbleLength + j) / 2] = nibble(block[j], step) | (nibble(block[j + 1], step) << 4);
      }
    }
  }
  return {values, scales};
}

/** The matrix (float32, row-major, laid out as it was) that 4-bit blocks stand for. */
export function widenNibbles(
  values: Uint8Array,
  scales: Float32Array,
  {inputs, outputs, byRows = false}: BlockLayout
): Float32Array<ArrayBuffer> {
  const matrix = new Float32Array(inputs * outputs);
  const [stepIn, stepOut] = byRows ? [1, inputs] : [outputs, 1];
  const blocks = inputs / nibbleLength;
  for (let n = 0; n < outputs; ++n) {
    for (let k = 0; k < inputs; k += 2) {
      const scale = scales[n * blocks + Math.floor(k / nibbleLength)];
      const two = values[(n * inputs + k) / 2];
      matrix[n * stepOut + k * stepIn] = ((two & 15) - 8) * scale;
      matrix[n * stepOut + (k + 1) * stepIn] = ((two >> 4) - 8) * scale;
    }
  }
  return matrix;
}

/** The scale, as float16 bits and as a number, that brings a block's numbers nearest to what is stored. */
function bestScale(block: Float64Array, name: string): {bits: number; step: number} {
  let extreme = 0;
  for (const value of block) if (Math.abs(value) > Math.abs(extreme)) extreme = value;
  const signed = extreme === 0 ? [0] : shares.flatMap((share) => [(share * extreme) / -8, (share * extreme) / 8]);
  const bits = encodeHalves(signed, name);
  const steps = widenToFloat32(new Uint8Array(bits.buffer), "F16") as Float32Array;
  let [best, least] = [0, Infinity];
  for (let i = 0; i < steps.length; ++i) {
    const step = steps[i];
    let sum = 0;
    for (let j = 0; j < block.length && sum < least; ++j) {
      const apart = (nibble(block[j], step) - 8) * step - block[j];
      sum += apart * apart;
    }
    if (sum < least) [best, least] = [i, sum];
  }
  return {bits: bits[best], step: steps[best]};
}

function nibble(value: number, step: number): number {
  return step === 0 ? 8 : Math.max(0, Math.min(15, Math.round(value / step) + 8));
}
