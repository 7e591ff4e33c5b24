import type {H5Reader} from "../anndata/h5-reader.js";
import {bytesOf} from "../bytes-of.js";
import {isWorkbookError, WorkbookError} from "../errors.js";
import type {Additions} from "./additions.js";

const comparedRows = 4096;

/**
 * Reads back what was added to an h5ad, of which `open` opens the copy, and compares it byte by byte (columns value by value). `path` is for messages. Rejects with a
 * WorkbookError of domain "file", code "not-as-written".
 */
export async function requireWritten(
  path: string,
  open: () => Promise<H5Reader>,
  {root, nObs, arrays, columns}: Additions
): Promise<void> {
  let reader: H5Reader | undefined;
  try {
    reader = await open();
    for (const array of arrays) {
      for (let from = 0; from < nObs; from += comparedRows) {
        const to = Math.min(nObs, from + comparedRows);
        const ranges: [number, number][] = [
          [from, to],
          [0, array.width]
        ];
        const found = reader.read(`${root}/obsm/${array.name}`, ranges) as Float32Array;
        if (!sameBytes(found, array.rows(from, to))) throw lost(path, array, from);
      }
    }
    for (const column of columns) {
      const found = reader.read(`${root}/obs/${column.name}`) as ArrayLike<unknown>;
      const isSame = found.length === nObs && column.values.every((value, i) => Object.is(value, found[i]));
      if (!isSame) throw lost(path, column, 0);
    }
  } catch (error) {
    throw isWorkbookError(error) && error.code === "not-as-written" ? error : lost(path, arrays[0], 0, error);
  } finally {
    reader?.close();
  }
}

function sameBytes(a: Float32Array, b: Float32Array): boolean {
  const [first, second] = [bytesOf(a), bytesOf(b)];
  return first.length === second.length && first.every((byte, i) => byte === second[i]);
}

function lost(path: string, {name}: {name: string}, from: number, cause?: unknown): WorkbookError {
  const fault = `${path}: what was written to ${name} from row ${from} on could not be read back, so the file was given up`;
  const remedy = "look for room and faults of the disk, or choose a folder on another";
  return new WorkbookError({domain: "file", code: "not-as-written", fault, remedy}, {cause});
}
