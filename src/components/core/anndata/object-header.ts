import {unsigned} from "./superblock.js";
import type {ReadBytes, Superblock} from "./superblock.js";

/** One message of an object header: what it is about (the format's number) and its bytes. */
export interface HeaderMessage {
  type: number;
  /** True where `body` says where the message is kept in place of holding it. */
  shared: boolean;
  body: Uint8Array;
}

/** Numbers of the messages that we look at. */
export const messageTypes = {dataspace: 1, datatype: 3, externalFiles: 7, layout: 8, continuation: 16} as const;

/** The most that a header may hold before we take it for damaged. */
const mostMessages = 100_000;

/**
 * Messages of the object header at `address` (as an object reference gives it, counted from the superblock), those of its
 * continuation blocks too; null where the bytes there are no object header. Versions 1 and 2.
 * Source: HDF5 file format specification 3.0, IV.A.
 */
export function readObjectHeader(
  readBytes: ReadBytes,
  superblock: Superblock,
  address: number
): HeaderMessage[] | null {
  const {start, offsetSize, lengthSize} = superblock;
  const prefix = readBytes(start + address, 64);
  const found = prefix.length < 16 ? null : firstBlock(prefix);
  if (found === null || !Number.isSafeInteger(found.length)) return null;
  const {version, creationOrder} = found;
  const blocks = [{at: start + address + found.offset, length: found.length, skip: 0}];
  const messages: HeaderMessage[] = [];
  for (const block of blocks) {
    const bytes = readBytes(block.at, block.length);
    if (bytes.length < block.length) return null;
    for (const message of messagesOf(bytes, version, creationOrder, block.skip)) {
      messages.push(message);
      if (messages.length > mostMessages) return null;
      if (message.type !== messageTypes.continuation || message.body.length < offsetSize + lengthSize) continue;
      const at = start + unsigned(message.body, 0, offsetSize);
      const length = unsigned(message.body, offsetSize, lengthSize);
      // Of version 2, a signature stands before the messages and a checksum after them.
      blocks.push(version === 1 ? {at, length, skip: 0} : {at, length: length - 4, skip: 4});
    }
  }
  return messages;
}

interface FirstBlock {
  version: 1 | 2;
  offset: number;
  length: number;
  creationOrder: boolean;
}

function firstBlock(prefix: Uint8Array): FirstBlock | null {
  if (prefix[0] === 1) return {version: 1, offset: 16, length: unsigned(prefix, 8, 4), creationOrder: false};
  if (String.fromCharCode(...prefix.subarray(0, 4)) !== "OHDR" || prefix[4] !== 2) return null;
  const flags = prefix[5];
  const at = 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
  const sizeBytes = 1 << (flags & 3);
  const length = unsigned(prefix, at, sizeBytes);
  return {version: 2, offset: at + sizeBytes, length, creationOrder: (flags & 4) !== 0};
}

function* messagesOf(
  bytes: Uint8Array,
  version: 1 | 2,
  creationOrder: boolean,
  skip: number
): Generator<HeaderMessage> {
  const head = version === 1 ? 8 : creationOrder ? 6 : 4;
  for (let at = skip; at + head <= bytes.length;) {
    const type = version === 1 ? unsigned(bytes, at, 2) : bytes[at];
    const size = unsigned(bytes, at + (version === 1 ? 2 : 1), 2);
    const flags = bytes[at + (version === 1 ? 4 : 3)];
    yield {type, shared: (flags & 2) !== 0, body: bytes.subarray(at + head, at + head + size)};
    at += head + size;
  }
}
