import type {SafetensorsType} from "./safetensors-header.js";

/**
 * Little-endian floating-point bytes (F64, F32, F16, BF16) as float32; exact for F32, F16 and BF16. A view of the bytes
 * where they are aligned float32 already, else a copy. Undefined for a type that is not floating point.
 */
export function widenToFloat32(bytes: Uint8Array, type: SafetensorsType): Float32Array | undefined {
  if (type === "F32") {
    const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
    return new Float32Array(aligned.buffer, aligned.byteOffset, bytes.byteLength / 4);
  }
  if (type === "F64") {
    const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
    return Float32Array.from(new Float64Array(aligned.buffer, aligned.byteOffset, bytes.byteLength / 8));
  }
  if (type !== "F16" && type !== "BF16") return undefined;
  const aligned = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  const halves = new Uint16Array(aligned.buffer, aligned.byteOffset, bytes.byteLength / 2);
  const wide = new Float32Array(halves.length);
  const bits = new Uint32Array(wide.buffer);
  if (type === "BF16") for (let i = 0; i < halves.length; ++i) bits[i] = halves[i] << 16;
  else for (let i = 0; i < halves.length; ++i) bits[i] = widenHalf(halves[i]);
  return wide;
}

/** Bits of the float32 that equals the float16 with these bits. */
function widenHalf(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >> 10) & 0x1f;
  let fraction = half & 0x3ff;
  if (exponent === 0x1f) return sign | 0x7f800000 | (fraction << 13);
  if (exponent > 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  if (fraction === 0) return sign;
  let shifted = 113;
  while ((fraction & 0x400) === 0) {
    fraction <<= 1;
    --shifted;
  }
  return sign | (shifted << 23) | ((fraction & 0x3ff) << 13);
}
