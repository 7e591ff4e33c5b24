import type {Codecs} from "./codecs.js";
import {unpackBloscLz} from "./blosclz.js";
import {unpackLz4} from "./lz4.js";

const headBytes = 16;
/** Smallest part of a block, in elements, that is packed byte by byte of its elements. */
const smallestSplit = 128;

/**
 * Unpacks what c-blosc 1 wrote: blocks, each of one or several streams of BloscLZ, LZ4, zlib or Zstandard, shuffled by bytes or bits. Throws an Error where it is damaged,
 * or was made with Snappy or by c-blosc 2.
 * Source: c-blosc 1.21, README_CHUNK_FORMAT.rst and blosc.c (blosc_d).
 */
export function unpackBlosc(chunk: Uint8Array, codecs: Codecs): Uint8Array<ArrayBuffer> {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.length);
  if (chunk.length < headBytes || view.getUint32(12, true) > chunk.length) throw new Error("Blosc: cut short");
  const [version, , flags, typeBytes] = chunk;
  if (version > 2) throw new Error(`Blosc: format ${version} is not read`);
  const total = view.getUint32(4, true);
  const blockBytes = view.getUint32(8, true);
  const out = new Uint8Array(total);
  if ((flags & 2) !== 0) {
    out.set(chunk.subarray(headBytes, headBytes + total));
    return out;
  }
  const format = flags >> 5;
  const neverSplit = (flags & 16) !== 0;
  const blocks = total === 0 ? 0 : Math.ceil(total / blockBytes);
  for (let i = 0; i < blocks; i++) {
    const block = out.subarray(i * blockBytes, Math.min(total, (i + 1) * blockBytes));
    const isRest = block.length < blockBytes;
    const splits = !neverSplit && !isRest && typeBytes <= 16 && blockBytes / typeBytes >= smallestSplit ? typeBytes : 1;
    readBlock(chunk, view, view.getInt32(headBytes + 4 * i, true), block, splits, format, codecs);
    if ((flags & 1) !== 0 && typeBytes > 1) unshuffleBytes(block, typeBytes);
    if ((flags & 4) !== 0) unshuffleBits(block, typeBytes);
  }
  return out;
}

function readBlock(
  chunk: Uint8Array,
  view: DataView,
  start: number,
  block: Uint8Array,
  splits: number,
  format: number,
  codecs: Codecs
): void {
  const part = block.length / splits;
  let at = start;
  for (let s = 0; s < splits; s++) {
    const packed = view.getInt32(at, true);
    at += 4;
    if (packed < 0 || at + packed > chunk.length) throw new Error("Blosc: cut short");
    const stream = chunk.subarray(at, at + packed);
    const target = block.subarray(s * part, (s + 1) * part);
    if (packed === part) target.set(stream);
    else if (unpackStream(stream, target, format, codecs) !== part) throw new Error("Blosc: a block of another length");
    at += packed;
  }
}

function unpackStream(stream: Uint8Array, target: Uint8Array, format: number, codecs: Codecs): number {
  if (format === 0) return unpackBloscLz(stream, target);
  if (format === 1) return unpackLz4(stream, target);
  if (format !== 3 && format !== 4)
    throw new Error(`Blosc: ${format === 2 ? "Snappy" : `codec ${format}`} is not read`);
  const bytes = format === 3 ? codecs.unzlib(stream) : codecs.unzstd(stream);
  target.set(bytes);
  return bytes.length;
}

/** Puts the bytes of elements together again that stand by their place in the element; what is no whole element stays. */
function unshuffleBytes(block: Uint8Array, size: number): void {
  const count = Math.floor(block.length / size);
  const from = block.slice();
  for (let byte = 0; byte < size; byte++) {
    for (let i = 0, at = byte * count, to = byte; i < count; i++, to += size) block[to] = from[at + i];
  }
}

/** The same of bits, of as many elements as are a multiple of eight. */
function unshuffleBits(block: Uint8Array, size: number): void {
  const count = Math.floor(block.length / size / 8) * 8;
  if (count === 0) return;
  const from = block.slice();
  block.fill(0, 0, count * size);
  const rowBytes = count / 8;
  for (let bit = 0; bit < size * 8; bit++) {
    const byte = bit >> 3;
    const mask = 1 << (bit & 7);
    for (let i = 0; i < count; i++) {
      if ((from[bit * rowBytes + (i >> 3)] >> (i & 7)) & 1) block[i * size + byte] |= mask;
    }
  }
}
