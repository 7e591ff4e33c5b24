import {gunzipHead} from "../../adapters/gunzip.js";
import {openH5} from "../../adapters/h5wasm.js";
import {openMounted} from "../../adapters/h5wasm-bytes.js";
import type {H5Reader} from "../../core/anndata/h5-reader.js";
import {insideGzip} from "../../core/anndata/look-alikes.js";
import {isWorkbookError} from "../../core/errors.js";
import type {ByteFile} from "../../core/sources/byte-file.js";
import {loadPlugin} from "./h5-plugins.js";
import {loadH5wasm} from "./load-h5wasm.js";

/** Opens the HDF5 file that `file`'s bytes are, in a worker, wherever they come from. Rejects as `openH5` does, and with what reading them throws. */
export async function openByteFile(file: ByteFile): Promise<H5Reader> {
  const {name, byteLength} = file;
  const {module} = await loadH5wasm();
  try {
    return openMounted(module, file, (path) =>
      openH5({module, path, name, byteLength, loadPlugin: (plugin) => loadPlugin(module, plugin)})
    );
  } catch (error) {
    if (!isWorkbookError(error) || error.code !== "gzip-compressed") throw error;
    throw insideGzip(await gunzipHead((start, end) => file.read(start, end), byteLength), name);
  }
}
