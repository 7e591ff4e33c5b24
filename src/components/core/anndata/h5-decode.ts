import {decodeFloats} from "./float-format.js";
import type {FloatFormat} from "./float-format.js";
import type {H5Compound, H5Dtype, H5NumericArray, H5Value} from "./h5-reader.js";

/** Layout in memory of one element, as HDF5's library hands it over (little-endian throughout). */
export interface H5Layout {
  dtype: H5Dtype;
  /** Bytes an element takes, arrays included. */
  size: number;
  /** Text of any length: the element is a 4-byte pointer, resolved with `textAt`. */
  variableText?: boolean;
  /** Fixed-length text padded with spaces. */
  spacePadded?: boolean;
  /** Numbers that are laid out in another way than machines do (bfloat16). */
  float?: FloatFormat;
  /** Which numbers stand for what, among booleans that may be missing (as R writes logicals); else 0 is false. */
  flags?: BooleanFlags;
  members?: {name: string; offset: number; layout: H5Layout}[];
}

/** Numbers that stand for true and, where values may be missing, for a missing one; every other is false. */
export interface BooleanFlags {
  yes: number;
  missing: number | null;
}

const decoder = new TextDecoder();
/** Bytes of text that are decoded at once; engines end strings at 2^29 characters or so. */
const longestText = 2 ** 26;

/**
 * Decodes `count` elements of `layout` at the start of `bytes` (which is taken over: numbers are not copied again).
 * `textAt` gives the text that a pointer of variable-length text leads to. null for a type that cannot be decoded.
 */
export function decodeElements(
  bytes: Uint8Array<ArrayBuffer>,
  layout: H5Layout,
  count: number,
  textAt: (pointer: number) => string
): H5NumericArray | string[] | H5Compound | null {
  const {dtype, members} = layout;
  if (dtype.kind === "compound" && members !== undefined && dtype.dims === undefined) {
    const columns: H5Compound["columns"] = new Map();
    for (const {name, offset, layout: member} of members) {
      const column = gather(bytes, layout.size, offset, member.size, count);
      const values = decodeElements(column, member, count, textAt);
      if (values !== null && !("kind" in values)) columns.set(name, values);
    }
    return {kind: "compound", columns};
  }
  const items = count * (dtype.dims ?? []).reduce((product, n) => product * n, 1);
  switch (dtype.kind) {
    case "string":
      return layout.variableText === true
        ? Array.from(new Uint32Array(bytes.buffer, bytes.byteOffset, items), textAt)
        : fixedText(bytes, dtype.size, items, layout.spacePadded === true);
    case "boolean":
      return layout.flags === undefined
        ? booleans(bytes, dtype.size, items)
        : flagged(numbers(bytes, {...dtype, kind: "int"}, items), layout.flags);
    case "float":
      return layout.float === undefined ? numbers(bytes, dtype, items) : decodeFloats(bytes, layout.float, items);
    case "int":
    case "uint":
      return numbers(bytes, dtype, items);
    default:
      return null;
  }
}

/** The first of `values`, as a scalar dataset or attribute is handed on. */
export function scalarOf(values: H5NumericArray | string[] | H5Compound | null, dtype: H5Dtype): H5Value {
  if (values === null || "kind" in values) return values;
  const value = values[0] ?? null;
  return dtype.kind === "boolean" ? (value === -1 ? null : value === 1) : value;
}

/** `count` pieces of `width` bytes, one every `stride` bytes from `offset`, side by side. */
function gather(
  bytes: Uint8Array,
  stride: number,
  offset: number,
  width: number,
  count: number
): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(count * width);
  for (let i = 0; i < count; i++) {
    const from = i * stride + offset;
    for (let j = 0; j < width; j++) out[i * width + j] = bytes[from + j];
  }
  return out;
}

function fixedText(bytes: Uint8Array, width: number, count: number, spacePadded: boolean): string[] {
  const out = new Array<string>(count);
  // What names cost is a call of the decoder for each; in ASCII a character is a byte, so one call does for all.
  const ascii = bytes.length <= longestText && bytes.every((byte) => byte < 128) ? decoder.decode(bytes) : null;
  for (let i = 0; i < count; i++) {
    const start = i * width;
    let end = start;
    while (end < start + width && bytes[end] !== 0) end++;
    if (spacePadded) while (end > start && bytes[end - 1] === 32) end--;
    out[i] = ascii === null ? decoder.decode(bytes.subarray(start, end)) : ascii.slice(start, end);
  }
  return out;
}

function booleans(bytes: Uint8Array, size: number, count: number): Uint8Array {
  const out = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < size; j++) if (bytes[i * size + j] !== 0) out[i] = 1;
  }
  return out;
}

/** 1, 0, and -1 for a missing one. */
function flagged(values: H5NumericArray | null, {yes, missing}: BooleanFlags): Int8Array | null {
  if (values === null) return null;
  const sign = (value: number) => (value === yes ? 1 : value === missing ? -1 : 0);
  return Int8Array.from(values as ArrayLike<number | bigint>, (value) => sign(Number(value)));
}

function numbers(bytes: Uint8Array<ArrayBuffer>, {kind, size}: H5Dtype, count: number): H5NumericArray | null {
  const {buffer, byteOffset} = bytes;
  if (kind === "float") {
    if (size === 2) return Float32Array.from(new Uint16Array(buffer, byteOffset, count), halfToNumber);
    if (size === 4) return new Float32Array(buffer, byteOffset, count);
    return size === 8 ? new Float64Array(buffer, byteOffset, count) : null;
  }
  const constructor = integerArrays[`${kind}${size}`];
  return constructor === undefined ? null : new constructor(buffer, byteOffset, count);
}

const integerArrays: Record<string, new (buffer: ArrayBuffer, offset: number, count: number) => H5NumericArray> = {
  int1: Int8Array,
  int2: Int16Array,
  int4: Int32Array,
  int8: BigInt64Array,
  uint1: Uint8Array,
  uint2: Uint16Array,
  uint4: Uint32Array,
  uint8: BigUint64Array
};

/** IEEE 754 binary16. */
function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
