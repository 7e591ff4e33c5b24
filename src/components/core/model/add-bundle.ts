import {sha256} from "../sha256.js";
import type {ObjectStore} from "../store/object-store.js";
import {bestPrecision} from "./best-precision.js";
import {bundlePaths} from "./bundle-paths.js";
import type {BundleFile, BundleSource, BundleVariant, Manifest} from "./bundle.js";
import type {ReadyBundle} from "./adding-model.js";
import {manifestFor} from "./manifest-species.js";
import {parseManifest} from "./manifest.js";
import {modelIdentity} from "./model-identity.js";
import {openBundle} from "./open-bundle.js";
import {modelsFolder, storeWorkspace} from "./stored-models.js";

/** How a bundle is added. */
export interface AddBundleOptions {
  signal?: AbortSignal;
  /** What the manifest says, before anything else is fetched. */
  onManifest?: (ready: ReadyBundle) => void;
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
  {signal, onManifest, onProgress}: AddBundleOptions = {}
): Promise<{hash: string; manifest: Manifest}> {
  const bytes = await source.read(bundlePaths.manifest, signal);
  const manifest = parseManifest(bytes, source.name);
  const hash = await modelIdentity(bytes);
  const whole = storeWorkspace(store, `${modelsFolder}/${hash}`);
  const files = filesToKeep(manifest);
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  const {architecture, tableRows} = manifest;
  const storage = bestPrecision({manifest}, {prefer: "download"});
  onManifest?.({architecture, tableRows, storage, files: files.length, bytes: total});
  let done = 0;
  const inStore = new Set((await store.list(`${modelsFolder}/${hash}`)).map(({name}) => name));
  const fetched: BundleSource = {
    name: source.name,
    read: async (path, cancel) => (path === bundlePaths.manifest ? bytes : source.read(path, cancel))
  };
  const bundle = await openBundle(fetched, signal);
  for (const {species, name, place, ...file} of files) {
    signal?.throwIfAborted();
    const known = inStore.has(`${modelsFolder}/${hash}/${place}`) ? await whole.read(place) : null;
    const isThere = known !== null && known.byteLength === file.bytes && (await sha256(known)) === file.sha256;
    if (!isThere) await whole.write(place, await (await bundle.forSpecies(species, signal)).file(name, signal));
    onProgress?.({done: (done += file.bytes), total});
  }
  signal?.throwIfAborted();
  await whole.write(bundlePaths.manifest, bytes);
  return {hash, manifest};
}

/** A file that a browser needs: the name that it goes by for a species, and its place in the bundle. */
export interface KeptFile extends Omit<BundleFile, "path"> {
  species: string;
  name: string;
  place: string;
}

/** The files that a browser needs of a bundle: of each species those of the variant that it opens, each place once. */
export function filesToKeep(manifest: Manifest): KeptFile[] {
  const files = manifest.species.flatMap((entry) => {
    const own = manifestFor(manifest, entry.name);
    const precision = bestPrecision({manifest: own}, {prefer: "download"});
    const filesOf = (variants: readonly BundleVariant[]) => variants.find((one) => one.precision === precision)!.files;
    const places = filesOf(entry.variants ?? own.variants);
    return filesOf(own.variants).map(({path: name, ...file}, i) => ({
      ...file,
      species: entry.name,
      name,
      place: places[i].path
    }));
  });
  return [...new Map(files.map((file) => [file.place, file])).values()];
}
