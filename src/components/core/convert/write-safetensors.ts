import {safetensorsTypes} from "../model/safetensors-header.js";
import type {SafetensorsType} from "../model/safetensors-header.js";

/** A tensor as it is stored: `bytes` are its elements, little-endian, row-major. */
export interface StoredTensor {
  name: string;
  type: SafetensorsType;
  shape: readonly number[];
  bytes: Uint8Array;
}

/**
 * A safetensors file of `tensors`, widest elements first, else in the given order. The data begin at a multiple of 64
 * bytes and each tensor at a multiple of its element size, so that typed arrays can view them in place. The same
 * tensors give the same bytes.
 */
export function encodeSafetensors(tensors: readonly StoredTensor[]): Uint8Array<ArrayBuffer> {
  const ordered = [...tensors].sort((a, b) => alignment(b) - alignment(a));
  const header: Record<string, {dtype: string; shape: readonly number[]; data_offsets: [number, number]}> = {};
  let offset = 0;
  for (const {name, type, shape, bytes} of ordered) {
    header[name] = {dtype: type, shape, data_offsets: [offset, (offset += bytes.byteLength)]};
  }
  let text = JSON.stringify(header);
  text += " ".repeat((64 - ((8 + new TextEncoder().encode(text).byteLength) % 64)) % 64);
  const encoded = new TextEncoder().encode(text);
  const file = new Uint8Array(8 + encoded.byteLength + offset);
  new DataView(file.buffer).setBigUint64(0, BigInt(encoded.byteLength), true);
  file.set(encoded, 8);
  let position = 8 + encoded.byteLength;
  for (const {bytes} of ordered) {
    file.set(bytes, position);
    position += bytes.byteLength;
  }
  return file;
}

/** Bytes per element: in descending order of it, every tensor is aligned without gaps (which are not allowed). */
function alignment({type}: StoredTensor): number {
  return safetensorsTypes[type];
}
