import {sha256} from "../sha256.js";
import type {ObjectStore} from "../store/object-store.js";
import {bestPrecision} from "./best-precision.js";
import {bundlePaths} from "./bundle-paths.js";
import type {BundleFile, BundleSource, Manifest} from "./bundle.js";
import {parseManifest} from "./manifest.js";
import {modelIdentity} from "./model-identity.js";
import {openBundle} from "./open-bundle.js";
import {modelsFolder, storeWorkspace} from "./stored-models.js";

/** How a bundle is added. */
export interface AddBundleOptions {
  signal?: AbortSignal;
  /** Bytes that lie in the store, of all that will. */
  onProgress?: (progress: {done: number; total: number}) => void;
}

/**
 * Keeps a ready bundle in a store: the files of the variant that a browser opens, each with its size and sha256 verified, the manifest last.
 * A file that lies there already is not fetched again, so that what was cut off goes on. Returns the model's hash and manifest.
 * Throws a WorkbookError of domain "model" for a bundle that is damaged (none of its files stays then that is not right), what the source
 * throws, or the signal's reason.
 */
export async function addBundle(
  store: ObjectStore,
  source: BundleSource,
  {signal, onProgress}: AddBundleOptions = {}
): Promise<{hash: string; manifest: Manifest}> {
  const bytes = await source.read(bundlePaths.manifest, signal);
  const manifest = parseManifest(bytes, source.name);
  const hash = await modelIdentity(bytes, manifest);
  const whole = storeWorkspace(store, `${modelsFolder}/${hash}`);
  const files = filesToKeep(manifest);
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  let done = 0;
  const inStore = new Set((await store.list(`${modelsFolder}/${hash}`)).map(({name}) => name));
  const bundle = await openBundle(
    {
      name: source.name,
      read: async (path, cancel) => (path === bundlePaths.manifest ? bytes : source.read(path, cancel))
    },
    signal
  );
  for (const file of files) {
    signal?.throwIfAborted();
    const known = inStore.has(`${modelsFolder}/${hash}/${file.path}`) ? await whole.read(file.path) : null;
    const isThere = known !== null && known.byteLength === file.bytes && (await sha256(known)) === file.sha256;
    if (!isThere) await whole.write(file.path, await bundle.file(file.path, signal));
    onProgress?.({done: (done += file.bytes), total});
  }
  signal?.throwIfAborted();
  await whole.write(bundlePaths.manifest, bytes);
  return {hash, manifest};
}

/** The files that a browser needs of a bundle: those of the variant that it opens, once each. */
export function filesToKeep(manifest: Manifest): BundleFile[] {
  const precision = bestPrecision({manifest}, {prefer: "download"});
  const {files} = manifest.variants.find((variant) => variant.precision === precision)!;
  return [...new Map(files.map((file) => [file.path, file])).values()];
}
