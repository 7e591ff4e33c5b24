import type * as h5wasm from "h5wasm";
import type {H5wasmModule} from "../../adapters/h5wasm.js";
import {WorkbookError} from "../../core/errors.js";

/** HDF5's library: its WebAssembly module, and h5wasm's class of files, which can write. */
export interface H5Library {
  module: H5wasmModule;
  File: typeof h5wasm.File;
}

let loaded: Promise<H5Library> | null = null;

/** HDF5's library, fetched from this site once, when it is asked for first. Rejects with the WorkbookError "reader-unavailable". */
export function loadH5wasm(): Promise<H5Library> {
  return (loaded ??= load().catch((cause: unknown) => {
    throw new WorkbookError(
      {
        domain: "file",
        code: "reader-unavailable",
        fault: "the part of this site that reads HDF5 files could not be loaded",
        remedy: "check the connection to this site and reload the page"
      },
      {cause}
    );
  }));
}

async function load(): Promise<H5Library> {
  const {ready, File} = await import("npm:h5wasm");
  return {module: await ready, File};
}
