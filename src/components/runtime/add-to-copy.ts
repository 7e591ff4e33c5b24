import type {File} from "h5wasm";
import {openH5, type H5wasmModule} from "../adapters/h5wasm.js";
import {mountSyncFile} from "../adapters/h5wasm-sync-file.js";
import {addToAnnData, writeCellNames} from "../adapters/h5wasm-write.js";
import type {Additions} from "../core/away/additions.js";
import {requireWritten} from "../core/away/require-written.js";
import type {SyncFile} from "../core/away/sync-file.js";
import {WorkbookError} from "../core/errors.js";

/** h5wasm, as this machine has it. */
export interface WritingH5wasm {
  module: H5wasmModule;
  File: typeof File;
}

/**
 * Adds to the h5ad that `file` holds, or writes one of the cells `obsNames` alone into an empty one, and reads back what was added. `name` is for
 * messages. Rejects with a WorkbookError of domain "file": "no-room" or "not-writable" with `remedy`, "not-as-written".
 */
export async function addToCopy(
  {module, File: H5File}: WritingH5wasm,
  file: SyncFile,
  additions: Additions,
  {name, remedy, obsNames}: {name: string; remedy: string; obsNames: readonly string[]}
): Promise<void> {
  module.activate_throwing_error_handler();
  const {path, fault, unmount} = mountSyncFile(module, file);
  try {
    try {
      const isNew = file.size() === 0;
      const open = new H5File(path, isNew ? "w" : "a");
      try {
        if (isNew) writeCellNames(open, [...obsNames]);
        addToAnnData(open, additions);
        open.flush();
      } finally {
        open.close();
      }
    } catch (cause) {
      throw notWritten(name, fault() ?? cause, fault() !== null, remedy);
    }
    const back = async () => openH5({module, path, name, byteLength: file.size()});
    await requireWritten(name, back, additions);
  } finally {
    unmount();
  }
}

function notWritten(name: string, cause: unknown, isFull: boolean, remedy: string): WorkbookError {
  const text = cause instanceof Error ? cause.message : String(cause);
  const what = isFull ? "there is no room left" : text.split("\n")[0];
  const code = isFull ? "no-room" : "not-writable";
  return new WorkbookError({domain: "file", code, fault: `${name} cannot be written: ${what}`, remedy}, {cause});
}
