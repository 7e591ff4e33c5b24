import {decodeElements} from "../anndata/h5-decode.js";
import type {H5NumericArray} from "../anndata/h5-reader.js";
import type {Codecs} from "./codecs.js";
import {crc32c} from "./crc32.js";
import {unpackBlosc} from "./blosc.js";
import {unpackLz4} from "./lz4.js";
import type {ZarrCodec, ZarrPipeline} from "./zarr-array.js";

/** The elements of a chunk in C order, as many as its shape has. */
export type ChunkValues = H5NumericArray | string[];

/**
 * The elements of a chunk from its bytes; null for a type that is not read. Throws an Error where the bytes are damaged.
 * Source: Zarr v2 and v3 specifications; numcodecs' vlen-utf8 (a count, then length and UTF-8 of each).
 */
export function decodeChunk(
  bytes: Uint8Array<ArrayBuffer>,
  pipeline: ZarrPipeline,
  codecs: Codecs
): ChunkValues | null {
  const {chunks, type, isBig, axes, packing} = pipeline;
  const count = chunks.reduce((product, n) => product * n, 1);
  let content = bytes;
  for (const codec of [...packing].reverse()) content = undoCodec(content, codec, codecs);
  const values = type.text === "vlen" ? freeText(content, count) : elements(content, pipeline, count, isBig);
  return values === null || axes === null ? values : inOrder(values, chunks, axes);
}

/** `bytes` without what `codec` did to them. Throws an Error where they are damaged. */
export function undoCodec(bytes: Uint8Array<ArrayBuffer>, codec: ZarrCodec, codecs: Codecs): Uint8Array<ArrayBuffer> {
  switch (codec) {
    case "blosc":
      return unpackBlosc(bytes, codecs);
    case "zstd":
      return codecs.unzstd(bytes);
    case "gzip":
      return codecs.gunzip(bytes);
    case "zlib":
      return codecs.unzlib(bytes);
    case "lz4": {
      // numcodecs writes the size before the block.
      const out = new Uint8Array(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true));
      if (unpackLz4(bytes.subarray(4), out) !== out.length) throw new Error("LZ4: another length");
      return out;
    }
    case "crc32c": {
      const end = bytes.length - 4;
      const sum = new DataView(bytes.buffer, bytes.byteOffset + end, 4).getUint32(0, true);
      if (crc32c(bytes.subarray(0, end)) !== sum) throw new Error("its checksum is another");
      return bytes.subarray(0, end);
    }
  }
}

function elements(
  content: Uint8Array<ArrayBuffer>,
  {type}: ZarrPipeline,
  count: number,
  isBig: boolean
): ChunkValues | null {
  const {layout, text, unit} = type;
  if (layout.dtype.kind === "other") return null;
  if (content.length < count * layout.size) throw new Error("a chunk is cut short");
  // Numbers must stand at a multiple of their size in memory, and are turned in place.
  const own = isBig || content.byteOffset % 8 !== 0 ? content.slice() : content;
  if (isBig && unit > 1) turn(own, unit);
  if (text === "utf32") return wideText(own, layout.size, count);
  return decodeElements(own, layout, count, () => "") as ChunkValues | null;
}

/** Turns numbers of `size` bytes from big-endian, in place. */
function turn(bytes: Uint8Array, size: number): void {
  for (let at = 0; at + size <= bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}

/** Text of four bytes a character, filled with zeros. */
function wideText(bytes: Uint8Array<ArrayBuffer>, size: number, count: number): string[] {
  const points = new Uint32Array(bytes.buffer, bytes.byteOffset, (count * size) / 4);
  return Array.from({length: count}, (_, i) => {
    const own = points.subarray((i * size) / 4, ((i + 1) * size) / 4);
    const end = own.indexOf(0);
    return String.fromCodePoint(...(end < 0 ? own : own.subarray(0, end)));
  });
}

function freeText(bytes: Uint8Array, count: number): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const decoder = new TextDecoder();
  const found = view.getUint32(0, true);
  const out = new Array<string>(count).fill("");
  let at = 4;
  for (let i = 0; i < Math.min(found, count); i++) {
    const length = view.getUint32(at, true);
    if (at + 4 + length > bytes.length) throw new Error("a text is cut short");
    out[i] = decoder.decode(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return out;
}

/** Values that are stored with their axes in the order `axes`, in C order of the chunk's `shape`. */
function inOrder(values: ChunkValues, shape: number[], axes: number[]): ChunkValues {
  const out = values.slice() as ChunkValues;
  const strides = new Array<number>(shape.length);
  for (let i = axes.length - 1, stride = 1; i >= 0; i--) {
    strides[axes[i]] = stride;
    stride *= shape[axes[i]];
  }
  const place = new Array<number>(shape.length).fill(0);
  for (let to = 0; to < out.length; to++) {
    out[to] = values[place.reduce((sum, n, axis) => sum + n * strides[axis], 0)];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++place[axis] < shape[axis]) break;
      place[axis] = 0;
    }
  }
  return out;
}
