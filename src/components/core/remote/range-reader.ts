/** Random access to a file's bytes: a file on disk, a File in the browser, HTTP ranges, or memory. */
export interface RangeReader {
  /** For messages ("model.safetensors"). */
  readonly name: string;
  readonly byteLength: number;
  /** Bytes `start` to `end` (exclusive), 0 <= start <= end <= byteLength; throws if they cannot be had. */
  slice(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
}

/** A RangeReader over bytes in memory; slices are copies. */
export function memoryReader(name: string, bytes: Uint8Array): RangeReader {
  return {
    name,
    byteLength: bytes.byteLength,
    slice: async (start, end, signal) => {
      signal?.throwIfAborted();
      return bytes.slice(start, end) as Uint8Array<ArrayBuffer>;
    }
  };
}
