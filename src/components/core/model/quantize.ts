import {encodeHalves} from "./half.js";
import {widenToFloat32} from "./widen.js";

/** Values of a block that share one scale, along the input dimension of a matrix. */
export const blockLength = 32;

/** 8-bit numbers and the float16 scales (as bits) that they are multiplied by. */
export interface Quantized<T extends Uint8Array | Int8Array> {
  values: T;
  scales: Uint16Array<ArrayBuffer>;
}

/**
 * A matrix of `inputs` x `outputs` (row-major; inputs a multiple of 32) in 8-bit blocks: value [n, b, j] stands for
 * (value - 128) x scale[n, b] and is row 32 b + j, column n of the matrix (docs/formats.md, "Storage"). A block's scale
 * is the float16 next to its largest magnitude / 127 that cuts no value off by more than half a step.
 */
export function quantizeBlocks(
  matrix: Float32Array,
  inputs: number,
  outputs: number,
  name: string
): Quantized<Uint8Array<ArrayBuffer>> {
  const blocks = inputs / blockLength;
  const values = new Uint8Array(inputs * outputs);
  const most = new Float64Array(outputs * blocks);
  for (let k = 0; k < inputs; ++k) {
    const block = Math.floor(k / blockLength);
    for (let n = 0; n < outputs; ++n) {
      const at = n * blocks + block;
      most[at] = Math.max(most[at], Math.abs(matrix[k * outputs + n]));
    }
  }
  const scales = scalesFor(most, name);
  const steps = widenScales(scales);
  for (let k = 0; k < inputs; ++k) {
    const block = Math.floor(k / blockLength);
    for (let n = 0; n < outputs; ++n) {
      values[n * inputs + k] = 128 + quantized(matrix[k * outputs + n], steps[n * blocks + block]);
    }
  }
  return {values, scales};
}

/** The matrix (inputs x outputs, float32, row-major) that 8-bit blocks stand for. */
export function widenBlocks(
  values: Uint8Array,
  scales: Float32Array,
  inputs: number,
  outputs: number
): Float32Array<ArrayBuffer> {
  const blocks = inputs / blockLength;
  const matrix = new Float32Array(inputs * outputs);
  for (let n = 0; n < outputs; ++n) {
    for (let k = 0; k < inputs; ++k) {
      const scale = scales[n * blocks + Math.floor(k / blockLength)];
      matrix[k * outputs + n] = (values[n * inputs + k] - 128) * scale;
    }
  }
  return matrix;
}

/** A table of `rows` x `width` as signed bytes with one float16 scale a row: value x scale. */
export function quantizeRows(
  table: Float32Array,
  rows: number,
  width: number,
  name: string
): Quantized<Int8Array<ArrayBuffer>> {
  const most = new Float64Array(rows);
  for (let row = 0; row < rows; ++row) {
    for (let i = row * width; i < (row + 1) * width; ++i) most[row] = Math.max(most[row], Math.abs(table[i]));
  }
  const scales = scalesFor(most, name);
  const steps = widenScales(scales);
  const values = new Int8Array(rows * width);
  for (let row = 0; row < rows; ++row) {
    for (let i = row * width; i < (row + 1) * width; ++i) values[i] = quantized(table[i], steps[row]);
  }
  return {values, scales};
}

/** The table (float32) that signed bytes with a scale a row stand for. */
export function widenRows(values: Int8Array, scales: Float32Array, width: number): Float32Array<ArrayBuffer> {
  const table = new Float32Array(values.length);
  for (let row = 0; row < scales.length; ++row) {
    for (let i = row * width; i < (row + 1) * width; ++i) table[i] = values[i] * scales[row];
  }
  return table;
}

/** Float16 scales for these largest magnitudes, none of which is more than half a step beyond 127. */
function scalesFor(most: Float64Array, name: string): Uint16Array<ArrayBuffer> {
  const scales = encodeHalves(
    most.map((largest) => largest / 127),
    name
  );
  const steps = widenScales(scales);
  // Positive float16 numbers ascend with their bits; among subnormal ones the nearest can be far too small.
  for (let i = 0; i < scales.length; ++i) if (steps[i] * 127.5 < most[i]) ++scales[i];
  return scales;
}

function widenScales(scales: Uint16Array): Float32Array {
  return widenToFloat32(new Uint8Array(scales.buffer, scales.byteOffset, scales.byteLength), "F16") as Float32Array;
}

function quantized(value: number, step: number): number {
  return step === 0 ? 0 : Math.max(-127, Math.min(127, Math.round(value / step)));
}
