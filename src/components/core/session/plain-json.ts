import {fromBase64, toBase64} from "../cells/base64.js";

/** Typed arrays that answers hold, by name. */
const arrays = {Float32Array, Float64Array, Int32Array, Uint8Array, Uint32Array, Int8Array, Uint16Array} as const;
type ArrayName = keyof typeof arrays;

/**
 * Plain data as JSON, exactly: typed arrays as base64 of their bytes, and numbers that JSON lacks (NaN, infinities, -0) by name. `undefined` members
 * are dropped.
 */
export function toPlainJson(value: unknown): string {
  return JSON.stringify(marked(value));
}

/** The data of such a text. Throws a SyntaxError for text that is no JSON, and as `fromBase64` does. */
export function fromPlainJson(text: string): unknown {
  return JSON.parse(text, (_, value: unknown) => {
    if (typeof value !== "object" || value === null) return value;
    const {$number: number, $array: name, $bytes: bytes} = value as Record<string, unknown>;
    if (typeof number === "string") return Number(number);
    if (typeof name !== "string" || typeof bytes !== "string" || !(name in arrays)) return value;
    return new arrays[name as ArrayName](fromBase64(bytes).buffer);
  });
}

function marked(value: unknown): unknown {
  if (typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0)))
    return {$number: Object.is(value, -0) ? "-0" : String(value)};
  if (ArrayBuffer.isView(value)) {
    const {buffer, byteOffset, byteLength} = value;
    return {$array: value.constructor.name, $bytes: toBase64(new Uint8Array(buffer, byteOffset, byteLength))};
  }
  if (Array.isArray(value)) return value.map(marked);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, marked(member)]));
}
