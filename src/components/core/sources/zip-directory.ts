import type {ByteFile} from "./byte-file.js";
import {damagedPart} from "./source-errors.js";

/** A file in a zip archive. */
export interface ZipEntry {
  path: string;
  /** 0: stored, 8: deflated; others are not read. */
  method: number;
  isEncrypted: boolean;
  crc: number;
  packedBytes: number;
  bytes: number;
  /** Where its local header stands. */
  headerAt: number;
}

const endBytes = 22;
const longestComment = 0xffff;

/**
 * The files of a zip archive by path, without folders; of two entries of one path the later. Throws a WorkbookError of domain "file", code "damaged",
 * where the directory at its end is not whole.
 * Source: PKWARE's APPNOTE 6.3.10, 4.3.12 to 4.3.16, 4.5.3 (zip64).
 */
export function readZipDirectory(file: ByteFile): Map<string, ZipEntry> {
  const {at, bytes, count} = directoryPlace(file);
  if (at + bytes > file.byteLength) throw cutOff(file);
  const directory = file.read(at, at + bytes);
  const view = new DataView(directory.buffer, directory.byteOffset, directory.length);
  const decoder = new TextDecoder();
  const entries = new Map<string, ZipEntry>();
  let here = 0;
  for (let i = 0; i < count; i++) {
    if (here + 46 > bytes || view.getUint32(here, true) !== 0x02014b50) throw cutOff(file);
    const nameBytes = view.getUint16(here + 28, true);
    const extraBytes = view.getUint16(here + 30, true);
    const end = here + 46 + nameBytes + extraBytes;
    if (end > bytes) throw cutOff(file);
    const path = decoder.decode(directory.subarray(here + 46, here + 46 + nameBytes)).replaceAll("\\", "/");
    const sizes = zip64(view, here, here + 46 + nameBytes, end);
    if (!path.endsWith("/")) {
      entries.set(path, {
        path,
        method: view.getUint16(here + 10, true),
        isEncrypted: (view.getUint16(here + 8, true) & 1) === 1,
        crc: view.getUint32(here + 16, true),
        ...sizes
      });
    }
    here = end + view.getUint16(here + 32, true);
  }
  return entries;
}

/** Sizes and place of an entry: of zip64 those that do not fit stand in an extra field, in this order. */
function zip64(view: DataView, here: number, extraAt: number, end: number) {
  const found = [24, 20, 42].map((offset) => view.getUint32(here + offset, true));
  for (let at = extraAt; at + 4 <= end; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    let field = at + 4;
    for (let i = 0; i < 3; i++) {
      if (found[i] !== 0xffffffff || field + 8 > end) continue;
      found[i] = Number(view.getBigUint64(field, true));
      field += 8;
    }
  }
  const [bytes, packedBytes, headerAt] = found;
  return {bytes, packedBytes, headerAt};
}

function directoryPlace(file: ByteFile): {at: number; bytes: number; count: number} {
  const start = Math.max(0, file.byteLength - endBytes - longestComment);
  const tail = file.read(start, file.byteLength);
  const view = new DataView(tail.buffer, tail.byteOffset, tail.length);
  for (let i = tail.length - endBytes; i >= 0; i--) {
    if (view.getUint32(i, true) !== 0x06054b50) continue;
    const plain = {
      at: view.getUint32(i + 16, true),
      bytes: view.getUint32(i + 12, true),
      count: view.getUint16(i + 10, true)
    };
    const needs64 = plain.at === 0xffffffff || plain.bytes === 0xffffffff || plain.count === 0xffff;
    if (!needs64 || i < 20 || view.getUint32(i - 20, true) !== 0x07064b50) return plain;
    const endAt = Number(view.getBigUint64(i - 12, true));
    if (endAt + 56 > file.byteLength) throw cutOff(file);
    const end = file.read(endAt, endAt + 56);
    const wide = new DataView(end.buffer, end.byteOffset, end.length);
    const [count, bytes, at] = [32, 40, 48].map((offset) => Number(wide.getBigUint64(offset, true)));
    return {at, bytes, count};
  }
  throw cutOff(file);
}

const cutOff = ({name}: ByteFile) => damagedPart(name, name, "it is a zip archive without the directory at its end");
