import {WorkbookError} from "../errors.js";
import {sha256} from "../sha256.js";

/** A file of which pieces can be read: a File in the browser, a file handle in Node. */
export interface ByteSource {
  readonly byteLength: number;
  /** Bytes from `start` up to, not including, `end`. */
  slice(start: number, end: number): Promise<Uint8Array> | Uint8Array;
}

const blockBytes = 64 * 1024;
const blocks = 64;

/** Files up to this size (4 MiB) are hashed whole. */
export const wholeBytes = blocks * blockBytes;

/**
 * Identity of a file: its size and the SHA-256 of sampled blocks, as `SIZE-HEX`, without name or date. Up to 4 MiB the
 * whole file is hashed; beyond, 64 blocks of 64 KiB at equal distances from the first byte to the last, so that 5 GB
 * cost reading 4 MiB. Two files of one size that differ only between the blocks are not told apart: what trusts stored results
 * of a file that may be edited in place hashes more (runtime/node-source.ts).
 * Throws a WorkbookError of domain "file" if fewer bytes come than asked for, or hashing is not available.
 */
export async function fileIdentity(source: ByteSource, signal?: AbortSignal): Promise<string> {
  const {byteLength} = source;
  const sampled = new Uint8Array(Math.min(byteLength, wholeBytes));
  const pieces = byteLength <= wholeBytes ? [[0, byteLength] as const] : blockRanges(byteLength);
  let at = 0;
  for (const [start, end] of pieces) {
    signal?.throwIfAborted();
    const piece = await source.slice(start, end);
    if (piece.length !== end - start) throw shortRead(piece.length, end - start, start);
    sampled.set(piece, at);
    at += piece.length;
  }
  return `${byteLength}-${await sha256(sampled)}`;
}

function blockRanges(byteLength: number): [start: number, end: number][] {
  return Array.from({length: blocks}, (_, i) => {
    const start = Math.floor((i * (byteLength - blockBytes)) / (blocks - 1));
    return [start, start + blockBytes];
  });
}

function shortRead(found: number, expected: number, start: number): WorkbookError {
  return new WorkbookError({
    domain: "file",
    code: "short-read",
    fault: `${found} bytes came where ${expected} were asked for, at byte ${start}`,
    remedy: "open the file again: it changed or became unreadable"
  });
}
