import {readFileSync} from "node:fs";

/** A file of little-endian float32 numbers. */
export function floatsOf(path: string): Float32Array<ArrayBuffer> {
  const bytes = Uint8Array.from(readFileSync(path));
  return new Float32Array(bytes.buffer);
}
