import {readFileSync} from "node:fs";
import * as nodeModule from "node:module";
import {fileURLToPath} from "node:url";
import type {File} from "h5wasm";
import type {H5wasmModule} from "../adapters/h5wasm.js";

let loaded: Promise<H5wasmModule> | null = null;

/**
 * h5wasm's module for Node, loaded once. Its 4 MB of JavaScript (WebAssembly in a string) go past tsx, which would
 * look for imports in them and map them: 600 MB of memory, measured with tsx 4.23, against 20 MB without.
 */
export function loadH5wasm(): Promise<H5wasmModule> {
  loaded ??= load();
  return loaded;
}

/** h5wasm's File class for Node, of the same module: what opens a file for writing. HDF5's errors are thrown, not printed. */
export async function loadH5wasmFile(): Promise<typeof File> {
  (await loadH5wasm()).activate_throwing_error_handler();
  return (await import("h5wasm/node")).File;
}

async function load(): Promise<H5wasmModule> {
  if (mayHaveLoaders()) keepOtherLoadersOut();
  const {ready} = await import("h5wasm/node");
  return ready;
}

/** Whether Node was told to load anything before this program, as tsx is. */
function mayHaveLoaders(): boolean {
  return /(^|\s)(--import|--(experimental-)?loader)\b/.test(
    [...process.execArgv, process.env["NODE_OPTIONS"] ?? ""].join(" ")
  );
}

const isH5wasm = /\/h5wasm\/dist\/node\/[^/]+\.js$/;

interface LoadResult {
  format: string;
  source?: unknown;
  shortCircuit?: boolean;
}

/** What Node 22.15 and later have beside `register`: hooks in the same thread. */
interface SynchronousHooks {
  registerHooks?(hooks: {
    load(url: string, context: unknown, next: (url: string, context: unknown) => LoadResult): LoadResult;
  }): void;
}

/** The loader that is registered last is asked first; ours answers for h5wasm's files and passes on all others. */
function keepOtherLoadersOut(): void {
  const {registerHooks} = nodeModule as SynchronousHooks;
  if (registerHooks !== undefined) {
    registerHooks({
      load: (url, context, next) =>
        isH5wasm.test(url)
          ? {format: "module", source: readFileSync(fileURLToPath(url)), shortCircuit: true}
          : next(url, context)
    });
    return;
  }
  const hook = `import {readFile} from "node:fs/promises";
    export async function load(url, context, next) {
      if (!${isH5wasm}.test(url)) return next(url, context);
      return {format: "module", source: await readFile(new URL(url)), shortCircuit: true};
    }`;
  nodeModule.register(`data:text/javascript,${encodeURIComponent(hook)}`);
}
