/** How the bits of a floating-point number are divided; positions count from the lowest bit. */
export interface FloatFormat {
  /** Bytes. */
  size: number;
  sign: number;
  exponentAt: number;
  exponentBits: number;
  fractionAt: number;
  fractionBits: number;
  bias: number;
}

/** IEEE 754 binary16, binary32 and binary64. */
export const standardFloats: readonly FloatFormat[] = [
  {size: 2, sign: 15, exponentAt: 10, exponentBits: 5, fractionAt: 0, fractionBits: 10, bias: 15},
  {size: 4, sign: 31, exponentAt: 23, exponentBits: 8, fractionAt: 0, fractionBits: 23, bias: 127},
  {size: 8, sign: 63, exponentAt: 52, exponentBits: 11, fractionAt: 0, fractionBits: 52, bias: 1023}
];

/** bfloat16 by its name; any other by its size and the bits of its exponent and fraction. */
export function floatLabel(format: FloatFormat): string {
  const {size, exponentBits, fractionBits} = format;
  if (isBfloat16(format)) return "bfloat16";
  return `float${8 * size} of ${exponentBits} exponent and ${fractionBits} fraction bits`;
}

/**
 * True if every number of `format` is one of float64 and is what IEEE 754's rules make of its bits. Of 8-bit floats some
 * kinds have no infinities and no file says so: none is taken.
 */
export function isReadableFloat({size, exponentBits, fractionBits, bias}: FloatFormat): boolean {
  if (size < 2 || size > 4) return false;
  return exponentBits >= 2 && exponentBits <= 11 && fractionBits >= 1 && fractionBits <= 52 && bias <= 1023;
}

/** The `count` numbers of `format` at the start of `bytes` (little-endian). */
export function decodeFloats(
  bytes: Uint8Array<ArrayBuffer>,
  format: FloatFormat,
  count: number
): Float32Array | Float64Array {
  const {size} = format;
  if (isBfloat16(format)) {
    // The upper half of a float32.
    const halves = new Uint16Array(bytes.buffer, bytes.byteOffset, count);
    return new Float32Array(Uint32Array.from(halves, (half) => half << 16).buffer);
  }
  const out = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let bits = 0;
    for (let j = size - 1; j >= 0; j--) bits = 256 * bits + bytes[i * size + j];
    out[i] = toNumber(bits, format);
  }
  return out;
}

function isBfloat16({size, sign, exponentAt, exponentBits, fractionAt, fractionBits, bias}: FloatFormat): boolean {
  const layout = [size, sign, exponentAt, exponentBits, fractionAt, fractionBits, bias];
  return [2, 15, 7, 8, 0, 7, 127].every((value, i) => value === layout[i]);
}

function toNumber(bits: number, {sign, exponentAt, exponentBits, fractionAt, fractionBits, bias}: FloatFormat): number {
  const field = (at: number, width: number) => Math.floor(bits / 2 ** at) % 2 ** width;
  const factor = field(sign, 1) === 1 ? -1 : 1;
  const exponent = field(exponentAt, exponentBits);
  const fraction = field(fractionAt, fractionBits) / 2 ** fractionBits;
  if (exponent === 2 ** exponentBits - 1) return fraction === 0 ? factor * Infinity : NaN;
  if (exponent === 0) return factor * fraction * 2 ** (1 - bias);
  return factor * (1 + fraction) * 2 ** (exponent - bias);
}
