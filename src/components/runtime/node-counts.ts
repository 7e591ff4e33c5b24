import {mkdtempSync, rmSync, statSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {folderFiles, folderRows, openDiskFile} from "../adapters/node-folder.js";
import type {H5Reader} from "../core/anndata/h5-reader.js";
import {WorkbookError} from "../core/errors.js";
import {isZip, zipFiles} from "../core/sources/zip-files.js";
import {openFileSet} from "../core/sources/open-file-set.js";
import type {FileSet} from "../core/sources/file-set.js";
import type {MtxDeps} from "../core/sources/mtx-source.js";
import type {MtxOptions} from "../core/sources/mtx-to-rows.js";
import {systemWords} from "../core/system-words.js";
import {codecs} from "./codecs.js";
import {openH5File} from "./node-h5.js";
import {openNodeSource} from "./node-source.js";

/** How counts are opened in Node. */
export interface OpenCountsOptions extends MtxOptions {
  /** Folder of results, in which a matrix that had to be turned into rows is kept; left out, it lasts as long as the program. */
  store?: string;
}

/**
 * Opens the counts at `path`, lazily: an h5ad, h5mu or 10x Genomics HDF5 file, a folder or zip of a Zarr store, or one of matrix.mtx with its
 * names, which is turned into rows first. What it is is told by its content. Throws a WorkbookError of domain "file": what `openH5File` and `openFileSet` throw.
 */
export async function openCounts(path: string, options: OpenCountsOptions = {}): Promise<H5Reader> {
  const set = filesAt(path);
  if (set === null) return openH5File(path);
  return openFileSet(set, codecs, async () => {
    const source = await openNodeSource(path, options.signal);
    await source.close();
    return mtxDeps(source.identity, options);
  });
}

/** What a matrix in Matrix Market form is opened with, `identity` being that of the file or folder that it is in. */
export function mtxDeps(identity: string, options: OpenCountsOptions): MtxDeps {
  const {store} = options;
  const rows = folderRows(() => (store === undefined ? temporaryFolder() : join(store, "rows")));
  return {...options, codecs, rows, name: identity};
}

/** The files of a folder or zip archive; null for anything else. */
function filesAt(path: string): FileSet | null {
  const entry = statSync(path, {throwIfNoEntry: false});
  if (entry?.isDirectory()) return folderFiles(path);
  if (!entry?.isFile()) return null;
  const file = openDiskFile(path);
  if (isZip(file)) return zipFiles(file, codecs);
  file.close();
  return null;
}

let temporary: string | null = null;

/** A folder that is gone when the process ends. */
function temporaryFolder(): string {
  if (temporary !== null) return temporary;
  try {
    const folder = mkdtempSync(join(tmpdir(), "uce-workbook-"));
    process.once("exit", () => rmSync(folder, {recursive: true, force: true}));
    return (temporary = folder);
  } catch (cause) {
    const fault = `a matrix that is turned into rows needs a folder in ${tmpdir()} (TMPDIR): ${systemWords(cause)}`;
    const remedy = "make room there, set TMPDIR to a folder that can be written to, or name a folder with --store";
    throw new WorkbookError({domain: "storage", code: "no-temporary-folder", fault, remedy}, {cause});
  }
}
