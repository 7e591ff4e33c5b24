import {addToAnnData, writeCellNames} from "../adapters/h5wasm-write.js";
import {copyFileAtomically, makeFileAtomically} from "../adapters/node-files.js";
import type {Additions} from "../core/away/additions.js";
import {h5adPlace, type AddedNames, type H5adPlace} from "../core/away/h5ad-place.js";
import {requireWritten} from "../core/away/require-written.js";
import {WorkbookError} from "../core/errors.js";
import {loadH5wasmFile} from "./node-h5wasm.js";
import {openH5File} from "./node-h5.js";

/** `h5adPlace` of the file at `path`. Rejects with a WorkbookError. */
export async function placeInFile(path: string, names: AddedNames): Promise<H5adPlace> {
  const reader = await openH5File(path);
  try {
    return h5adPlace(reader, names);
  } finally {
    reader.close();
  }
}

/**
 * Writes at `path` a copy of the h5ad `source` with `additions`, or for null a new h5ad of `obsNames` alone. The system copies the
 * file, HDF5 adds to the copy, and what was added is read back and compared before it takes its name; `source` is only read, and
 * `path` appears complete or not at all. `unchanged` may throw where `source` has changed meanwhile. Throws a
 * WorkbookError of domain "file": "no-room", "not-writable".
 */
export async function writeH5ad(
  path: string,
  source: string | null,
  additions: Additions,
  obsNames: string[],
  unchanged: () => Promise<void> = async () => {}
): Promise<void> {
  const change = async (copy: string) => {
    await unchanged();
    const File = await loadH5wasmFile();
    orFailed(path, () => {
      const file = new File(copy, source === null ? "w" : "a");
      try {
        if (source === null) writeCellNames(file, obsNames);
        addToAnnData(file, additions);
        file.flush();
      } finally {
        file.close();
      }
    });
    await requireWritten(path, () => openH5File(copy), additions);
  };
  if (source !== null) return copyFileAtomically(path, source, change);
  await makeFileAtomically(path, change);
}

/** HDF5 tells of a disk that is full by a stack of messages. */
function orFailed(path: string, action: () => void): void {
  try {
    action();
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    const full = /no space left|errno = 28\b|errno = 51\b/i.test(text);
    const what = full ? "no space left on the disk" : text.split("\n")[0];
    throw new WorkbookError(
      {
        domain: "file",
        code: full ? "no-room" : "not-writable",
        fault: `${path} cannot be written: ${what}`,
        remedy: full ? "free disk space, or choose a folder on another disk" : "choose a folder that can be written to"
      },
      {cause}
    );
  }
}
