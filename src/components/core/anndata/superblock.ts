/** Reads `length` bytes of a file from `offset`; fewer where the file ends. */
export type ReadBytes = (offset: number, length: number) => Uint8Array;

/** What the first block of an HDF5 file says of the rest. */
export interface Superblock {
  /** Where it stands: the size of the user block before it. Every address in the file counts from here. */
  start: number;
  /** Bytes of an address, and of a length, in this file (8 or 4). */
  offsetSize: number;
  lengthSize: number;
  /** Bytes that the whole file should have, the user block included. */
  endOfFile: number;
}

/**
 * The superblock at `start`, of any version; null if it is cut off. `endOfFile` is 0 where the sizes of its addresses mean
 * nothing to us: HDF5 itself then says what is wrong. A user block that was put in front later (h5jam) moves the addresses.
 * Source: HDF5 file format specification 3.0, II.A.
 */
export function superblockAt(readBytes: ReadBytes, start: number): Superblock | null {
  const bytes = readBytes(start, 96);
  if (bytes.length < 16) return null;
  const version = bytes[8];
  const [offsetSize, lengthSize] = version < 2 ? [bytes[13], bytes[14]] : [bytes[9], bytes[10]];
  if (![4, 8].includes(offsetSize) || ![4, 8].includes(lengthSize))
    return {start, offsetSize, lengthSize, endOfFile: 0};
  const at = version === 0 ? 24 : version === 1 ? 28 : 12;
  if (bytes.length < at + 3 * offsetSize) return null;
  const base = unsigned(bytes, at, offsetSize);
  return {start, offsetSize, lengthSize, endOfFile: unsigned(bytes, at + 2 * offsetSize, offsetSize) - base + start};
}

/** The little-endian unsigned integer of `size` bytes at `at`; exact to 2^53. */
export function unsigned(bytes: Uint8Array, at: number, size: number): number {
  let value = 0;
  for (let i = size - 1; i >= 0; --i) value = 256 * value + bytes[at + i];
  return value;
}
