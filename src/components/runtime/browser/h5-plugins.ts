import type {H5wasmModule} from "../../adapters/h5wasm.js";
import {mendPlugin} from "../../adapters/h5wasm-plugins.js";

/** Addresses of the compression plugins that h5ad files meet; literal names, which Framework rewrites and ships. */
const addresses: Record<string, () => string> = {
  "libH5Zblosc.so": () => import.meta.resolve("h5wasm-plugins/plugins/libH5Zblosc.so"),
  "libH5Zblosc2.so": () => import.meta.resolve("h5wasm-plugins/plugins/libH5Zblosc2.so"),
  "libH5Zbshuf.so": () => import.meta.resolve("h5wasm-plugins/plugins/libH5Zbshuf.so"),
  "libH5Zbz2.so": () => import.meta.resolve("h5wasm-plugins/plugins/libH5Zbz2.so"),
  "libH5Zlz4.so": () => import.meta.resolve("h5wasm-plugins/plugins/libH5Zlz4.so"),
  "libH5Zlzf.so": () => import.meta.resolve("h5wasm-plugins/plugins/libH5Zlzf.so"),
  "libH5Zzfp.so": () => import.meta.resolve("h5wasm-plugins/plugins/libH5Zzfp.so"),
  "libH5Zzstd.so": () => import.meta.resolve("h5wasm-plugins/plugins/libH5Zzstd.so")
};

const folder = "/plugins";
const loaded = new WeakMap<H5wasmModule, Set<string>>();

interface PluginFileSystem {
  mkdir(path: string): void;
  writeFile(path: string, data: Uint8Array): void;
}

/**
 * Fetches a compression plugin from this site and puts it where HDF5 looks for it; whether that worked. Synchronous, as
 * HDF5's reading is: a worker may ask for a file that way.
 */
export function loadPlugin(module: H5wasmModule, file: string): boolean {
  const address = addresses[file];
  if (address === undefined) return false;
  const files = module.FS as unknown as PluginFileSystem;
  let have = loaded.get(module);
  if (have === undefined) {
    loaded.set(module, (have = new Set()));
    files.mkdir(folder);
    module.insert_plugin_search_path(folder, 0);
  }
  if (have.has(file)) return true;
  const request = new XMLHttpRequest();
  request.open("GET", address(), false);
  request.responseType = "arraybuffer";
  try {
    request.send();
  } catch {
    return false;
  }
  if (request.status !== 200) return false;
  files.writeFile(`${folder}/${file}`, mendPlugin(file, new Uint8Array(request.response as ArrayBuffer)));
  have.add(file);
  return true;
}
