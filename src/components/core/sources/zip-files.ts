import {isWorkbookError, WorkbookError} from "../errors.js";
import {bytesInMemory, partOf, type ByteFile} from "./byte-file.js";
import type {Codecs} from "./codecs.js";
import {crc32} from "./crc32.js";
import {piecesOfFile, type FileSet} from "./file-set.js";
import {damagedPart} from "./source-errors.js";
import {readZipDirectory, type ZipEntry} from "./zip-directory.js";

/** Packed files of more bytes than this (1 GiB) are read in pieces only. */
const largestUnpacked = 1024 ** 3;

/**
 * The files of a zip archive, read from where they stand: those that are stored are parts of the archive, those that are deflated are unpacked
 * when they are opened, and checked. Of two entries of one name the later is read, as Python does. Throws a WorkbookError of domain
 * "file": "damaged", "encrypted".
 */
export function zipFiles(file: ByteFile, codecs: Codecs): FileSet {
  const entries = readZipDirectory(file);
  const partFor = (entry: ZipEntry): ByteFile => {
    const head = file.read(entry.headerAt, Math.min(entry.headerAt + 30, file.byteLength));
    const view = new DataView(head.buffer, head.byteOffset, head.length);
    if (head.length < 30 || view.getUint32(0, true) !== 0x04034b50) {
      throw damagedPart(file.name, entry.path, "a file is not where its directory says");
    }
    const start = entry.headerAt + 30 + view.getUint16(26, true) + view.getUint16(28, true);
    return partOf(file, entry.path, start, start + entry.packedBytes);
  };
  const checked = <T>(entry: ZipEntry, work: () => T): T => {
    if (entry.isEncrypted) throw encrypted(file.name, entry.path);
    if (entry.method !== 0 && entry.method !== 8) throw unknownMethod(file.name, entry);
    try {
      return work();
    } catch (error) {
      throw isWorkbookError(error) ? error : damagedPart(file.name, entry.path, "it cannot be unpacked", error);
    }
  };
  function* pieces(path: string): Generator<Uint8Array<ArrayBuffer>> {
    const entry = entries.get(path)!;
    const stored = piecesOfFile(checked(entry, () => partFor(entry)));
    const unpacked = entry.method === 0 ? stored : codecs.inflatePieces(stored)[Symbol.iterator]();
    let sum = 0;
    for (;;) {
      const next = checked(entry, () => unpacked.next());
      if (next.done === true) break;
      sum = crc32(next.value, sum);
      yield next.value;
    }
    if (sum !== entry.crc) throw damagedPart(file.name, path, "its checksum is another");
  }
  return {
    name: file.name,
    byteLength: file.byteLength,
    paths: [...entries.keys()].sort(),
    open(path) {
      const entry = entries.get(path);
      if (entry === undefined) return null;
      return checked(entry, () => {
        if (entry.method === 0) return partFor(entry);
        if (entry.bytes > largestUnpacked) throw tooLargePacked(file.name, entry);
        const packed = partFor(entry);
        const bytes = codecs.inflate(packed.read(0, packed.byteLength));
        if (crc32(bytes) !== entry.crc) throw damagedPart(file.name, path, "its checksum is another");
        return bytesInMemory(path, bytes);
      });
    },
    pieces,
    close: () => file.close()
  };
}

/** True of a file that begins as a zip archive does, an empty one too. */
export function isZip(file: ByteFile): boolean {
  if (file.byteLength < 4) return false;
  const [p, k, a, b] = file.read(0, 4);
  return p === 0x50 && k === 0x4b && ((a === 3 && b === 4) || (a === 5 && b === 6));
}

function encrypted(name: string, place: string): WorkbookError {
  const fault = `${name} is encrypted`;
  return new WorkbookError({domain: "file", code: "encrypted", place, fault, remedy: "unpack it with its password"});
}

function unknownMethod(name: string, {path, method}: ZipEntry): WorkbookError {
  return new WorkbookError({
    domain: "file",
    code: "unknown-compression",
    place: path,
    fault: `${name} is packed with method ${method} of zip, which cannot be undone here`,
    remedy: "unpack it into a folder, and open that"
  });
}

function tooLargePacked(name: string, {path, bytes}: ZipEntry): WorkbookError {
  return new WorkbookError({
    domain: "file",
    code: "too-large",
    place: path,
    fault: `${name} holds a packed file of ${bytes} bytes`,
    remedy: "unpack it into a folder, and open that"
  });
}
