import {closeSync, existsSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeFileSync} from "node:fs";
import {open, stat} from "node:fs/promises";
import {createRequire} from "node:module";
import {tmpdir} from "node:os";
import {basename, dirname, join, resolve} from "node:path";
import {gunzipHead} from "../adapters/gunzip.js";
import {openH5} from "../adapters/h5wasm.js";
import type {H5wasmModule} from "../adapters/h5wasm.js";
import {mendPlugin} from "../adapters/h5wasm-plugins.js";
import type {H5Reader} from "../core/anndata/h5-reader.js";
import {insideGzip} from "../core/anndata/look-alikes.js";
import {isWorkbookError, WorkbookError} from "../core/errors.js";
import {systemWords} from "../core/system-words.js";
import {loadH5wasm} from "./node-h5wasm.js";

/**
 * Opens the HDF5 file at `path` in Node, lazily: data are read when asked for. Compression plugins are found in the
 * package h5wasm-plugins when a dataset needs one. Throws a WorkbookError of domain "file": code "missing", "folder",
 * "unreadable", or one of openH5's.
 */
export async function openH5File(path: string): Promise<H5Reader> {
  const name = basename(path);
  const byteLength = await sizeOf(path, name);
  const module = await loadH5wasm();
  try {
    return openH5Bytes(module, {path: resolve(path), name, byteLength});
  } catch (error) {
    if (!isWorkbookError(error) || error.code !== "gzip-compressed") throw error;
    throw insideGzip(await gunzipHead((start, end) => readPart(path, start, end), byteLength), name);
  }
}

/** Opens HDF5 at a path of the module's file system, with compression plugins found where they are needed. Throws as `openH5` does. */
export function openH5Bytes(module: H5wasmModule, place: {path: string; name: string; byteLength: number}): H5Reader {
  return openH5({module, ...place, loadPlugin: (file) => findPlugin(module, file)});
}

function readPart(path: string, start: number, end: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(end - start);
  const file = openSync(path, "r");
  try {
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, start));
  } finally {
    closeSync(file);
  }
}

async function sizeOf(path: string, name: string): Promise<number> {
  const tell = (code: string, fault: string, remedy: string, cause?: unknown) =>
    new WorkbookError({domain: "file", code, fault, remedy}, {cause});
  let entry;
  try {
    entry = await stat(path);
  } catch (cause) {
    const {code} = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw tell("missing", `there is no file ${path}`, "check the path", cause);
    }
    throw tell("unreadable", `${path} cannot be read: ${systemWords(cause)}`, "check its permissions", cause);
  }
  if (entry.isDirectory()) {
    const zarr = existsSync(join(path, ".zgroup")) || existsSync(join(path, "zarr.json"));
    throw tell(
      "folder",
      `${name} is a folder${zarr ? ", a zarr store" : ""}`,
      zarr ? "write it as one file: anndata.read_zarr(...).write_h5ad(...)" : "name an .h5ad file in it"
    );
  }
  if (!entry.isFile()) throw tell("not-a-file", `${path} is not a regular file`, "name an .h5ad file");
  await requireReadable(path);
  return entry.size;
}

/** Opened for a moment, since HDF5 would not say why it could not. */
async function requireReadable(path: string): Promise<void> {
  try {
    await (await open(path, "r")).close();
  } catch (cause) {
    const fault = `${path} cannot be read: ${systemWords(cause)}`;
    throw new WorkbookError({domain: "file", code: "unreadable", fault, remedy: "check its permissions"}, {cause});
  }
}

const modulesWithPlugins = new WeakSet<H5wasmModule>();

/** Puts the plugin `file` of h5wasm-plugins, mended, where HDF5 looks for it; false if there is no such plugin. */
function findPlugin(module: H5wasmModule, file: string): boolean {
  const folder = join(dirname(createRequire(import.meta.url).resolve("h5wasm-plugins")), "plugins");
  if (!existsSync(join(folder, file))) return false;
  if (!modulesWithPlugins.has(module)) {
    module.insert_plugin_search_path(folder, 0);
    modulesWithPlugins.add(module);
  }
  const bytes = new Uint8Array(readFileSync(join(folder, file)));
  const mended = mendPlugin(file, bytes);
  if (mended !== bytes) {
    const first = temporaryFolder(file, mended);
    module.insert_plugin_search_path(first, 0);
  }
  return true;
}

/** A folder with one file in it, gone when the process ends. */
function temporaryFolder(file: string, bytes: Uint8Array): string {
  try {
    const folder = mkdtempSync(join(tmpdir(), "uce-workbook-"));
    process.once("exit", () => rmSync(folder, {recursive: true, force: true}));
    writeFileSync(join(folder, file), bytes);
    return folder;
  } catch (cause) {
    const fault = `HDF5 needs the plugin ${file} as a file in ${tmpdir()} (TMPDIR): ${systemWords(cause)}`;
    const remedy = "make room there, or set TMPDIR to a folder that can be written to";
    throw new WorkbookError({domain: "storage", code: "no-temporary-folder", fault, remedy}, {cause});
  }
}
