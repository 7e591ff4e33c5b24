import {openOpfs, openOpfsFile, writeOpfsFile} from "../../adapters/opfs.js";
import {isWorkbookError, WorkbookError} from "../../core/errors.js";
import {bytesInMemory, type ByteFile} from "../../core/sources/byte-file.js";
import type {RowsPlace, RowsWriter} from "../../core/sources/rows-place.js";

/** Largest matrix that is held in memory, where the browser stores nothing (1 GiB). */
const mostInMemory = 1024 ** 3;

/** Among the results, so that they are counted and cleared with them. */
const pathOf = (name: string): string => `results/rows-${name}/rows`;

/**
 * Where a browser keeps counts that were turned into rows: its storage, else the worker's memory. `open` gives the bytes of a stored
 * file. Making one rejects with a WorkbookError of domain "storage", code "storage-full", where neither has room.
 */
export function browserRows(open: (blob: Blob, name: string) => ByteFile): RowsPlace {
  return {
    async find(name) {
      const file = await openOpfsFile(pathOf(name));
      return file === null ? null : open(file, "rows");
    },
    async create(name, byteLength) {
      try {
        return await stored(name, byteLength, open);
      } catch (error) {
        if (!isWorkbookError(error)) throw error;
        return inMemory(byteLength);
      }
    }
  };
}

async function stored(
  name: string,
  byteLength: number,
  open: (blob: Blob, name: string) => ByteFile
): Promise<RowsWriter> {
  const path = pathOf(name);
  const {write, close} = await writeOpfsFile(path, byteLength);
  return {
    write,
    async finish() {
      close();
      const file = await openOpfsFile(path);
      if (file === null) throw noRoom(byteLength);
      return open(file, "rows");
    },
    async abandon() {
      close();
      await (await openOpfs()).remove(path);
    }
  };
}

function inMemory(byteLength: number): RowsWriter {
  if (byteLength > mostInMemory) throw noRoom(byteLength);
  const bytes = new Uint8Array(byteLength);
  return {
    write: (at, part) => bytes.set(part, at),
    finish: async () => bytesInMemory("rows", bytes),
    abandon: async () => {}
  };
}

function noRoom(byteLength: number): WorkbookError {
  return new WorkbookError({
    domain: "storage",
    code: "storage-full",
    fault: `this browser has no room for the ${byteLength} bytes that the matrix takes as rows`,
    remedy: "free disk space or clear stored results under Storage, or open the counts as .h5 or .h5ad"
  });
}
