import {WorkbookError} from "../errors.js";
import {lookAlike} from "./look-alikes.js";
import {superblockAt} from "./superblock.js";
import type {ReadBytes, Superblock} from "./superblock.js";

/** How many bytes from the start of a file tell what it is, if it is not HDF5. */
const headBytes = 4096;
const hdf5Signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * Finds the superblock of a file of `byteLength` bytes, also behind a user block (as every .h5mu has one), and checks that
 * the file is whole, as far as the superblock tells. `readBytes` reads a part of the file. Throws a WorkbookError of domain
 * "file" with code "empty", "not-hdf5", "truncated" or one of the look-alikes' ("lfs-pointer", "gzip-compressed", ...).
 * Source: HDF5 file format specification 3.0, II.A (superblock).
 */
export function checkSignature(readBytes: ReadBytes, byteLength: number, name: string): Superblock {
  if (byteLength === 0) throw fileError("empty", `${name} is empty (0 bytes)`, "download or copy it again");
  const start = findSuperblock(readBytes, byteLength);
  if (start === null) {
    const head = readBytes(0, Math.min(headBytes, byteLength));
    if (byteLength < 8 && startsWith(new Uint8Array(hdf5Signature), head)) throw truncated(name, byteLength, null);
    throw lookAlike(head, name);
  }
  const found = superblockAt(readBytes, start);
  if (found === null || found.endOfFile > byteLength) throw truncated(name, byteLength, found?.endOfFile ?? null);
  return found;
}

/** Offset of the superblock: 0, 512, 1024, ... (a user block may stand before it); null if there is none. */
function findSuperblock(readBytes: ReadBytes, byteLength: number): number | null {
  for (let offset = 0; offset + 8 <= byteLength; offset = offset === 0 ? 512 : offset * 2) {
    if (startsWith(readBytes(offset, 8), hdf5Signature)) return offset;
  }
  return null;
}

function truncated(name: string, byteLength: number, expected: number | null): WorkbookError {
  const fault =
    expected === null
      ? `${name} is truncated: it ends after ${byteLength} bytes, inside its first block`
      : `${name} is truncated: it has ${byteLength} bytes of ${expected}`;
  return fileError("truncated", fault, "download or copy it again; an interrupted transfer leaves such files");
}

function startsWith(bytes: Uint8Array, magic: ArrayLike<number>): boolean {
  return bytes.length >= magic.length && Array.from(magic).every((byte, i) => bytes[i] === byte);
}

function fileError(code: string, fault: string, remedy: string): WorkbookError {
  return new WorkbookError({domain: "file", code, fault, remedy});
}
