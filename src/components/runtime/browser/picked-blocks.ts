import {blockCache} from "../../core/remote/block-cache.js";
import type {ByteFile} from "../../core/sources/byte-file.js";
import {fileChanged} from "../../core/stages/usage-errors.js";

/** Of workers only, so that the types of pages lack it. */
declare const FileReaderSync: new () => {readAsArrayBuffer(blob: Blob): ArrayBuffer};

/** Blocks of 64 KiB, 16 MiB of them, and up to 1 MiB ahead: reading a packed matrix wants hundreds of small pieces, each a way to the browser's process and back. */
const blocks = {blockBytes: 1 << 16, mostKept: 1 << 24, mostAhead: 1 << 20};
/** Milliseconds for which a file that was looked at counts as unchanged. */
const trustedFor = 100;

/**
 * Reads pieces of a picked file in a worker, at once. Throws the WorkbookError "file-changed" if the file is not as it was when it was picked.
 */
export function pieceReader(file: Blob, name: string): (start: number, end: number) => Uint8Array<ArrayBuffer> {
  const reader = new FileReaderSync();
  const {size} = file;
  return (start, end) => {
    try {
      const piece = new Uint8Array(reader.readAsArrayBuffer(file.slice(start, end)));
      // A browser may also answer with fewer bytes, of a file that was cut off.
      if (file.size === size && piece.byteLength === end - start) return piece;
    } catch (cause) {
      throw fileChanged(name, cause);
    }
    throw fileChanged(name, null);
  };
}

/**
 * A picked file of which blocks are kept, for whoever reads it in small pieces. Where the last look at the file itself is a tenth of a second ago it is looked
 * at before kept blocks are believed, so that a file which changed or went is noticed as without them. Throws as `pieceReader` does.
 */
export function pickedBlocks(file: Blob, name: string): ByteFile {
  const piece = pieceReader(file, name);
  let seen = -Infinity;
  const look = (start: number, end: number) => {
    const bytes = piece(start, end);
    seen = performance.now();
    return bytes;
  };
  const kept = blockCache({name, byteLength: file.size, read: look, close: () => {}}, blocks);
  return {
    ...kept,
    read(start, end) {
      if (performance.now() - seen > trustedFor) look(0, Math.min(1, file.size));
      return kept.read(start, end);
    }
  };
}
