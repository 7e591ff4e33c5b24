import {WorkbookError} from "../errors.js";
import type {BundleSource} from "../model/bundle.js";

/** The files of a reference bundle by their paths: as it crosses threads, and as it is kept. */
export type ReferenceFiles = Readonly<Record<string, Uint8Array<ArrayBuffer>>>;

/** Files in memory as a bundle's source; `name` is for messages. It rejects with the WorkbookError "missing" for one that is not there. */
export function bundleOfFiles(name: string, files: ReferenceFiles): BundleSource {
  return {
    name,
    async read(path) {
      if (Object.hasOwn(files, path)) return files[path];
      throw new WorkbookError({
        domain: "table",
        code: "missing",
        fault: `${path} of the reference ${name} is not there`,
        place: path,
        remedy: "give all files of the reference: reference.json, vectors.int8 and cells.arrow"
      });
    }
  };
}
