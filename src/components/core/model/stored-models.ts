import {isWorkbookError, WorkbookError} from "../errors.js";
import type {ObjectStore} from "../store/object-store.js";
import {subStore} from "../store/sub-store.js";
import {bundlePaths} from "./bundle-paths.js";
import type {Precision} from "../types.js";
import type {BundleFile, BundleSource, BundleWorkspace, Manifest} from "./bundle.js";
import {parseManifest} from "./manifest.js";

/** Folder of a store in which model bundles lie, each in a folder named by its hash. */
export const modelsFolder = "models";

/** A model bundle that a store keeps whole. */
export interface StoredModel {
  /** `modelIdentity` of its manifest.json. */
  hash: string;
  manifest: Manifest;
  /** Of all its files. */
  bytes: number;
  /** Storage precisions whose files are all there. */
  precisions: Precision[];
}

/** The model bundle of this hash in a store. Reading a file that is not there rejects with a WorkbookError of domain "model". */
export function storedBundle(store: ObjectStore, hash: string): BundleSource {
  return storeWorkspace(store, `${modelsFolder}/${hash}`);
}

/** A folder of a store to make a bundle in, or to read one from. */
export function storeWorkspace(store: ObjectStore, folder: string): BundleWorkspace {
  const files = subStore(store, folder);
  return {
    name: store.name,
    async read(path) {
      const bytes = await files.read(path);
      if (bytes !== null) return bytes;
      throw new WorkbookError({
        domain: "model",
        code: "no-such-file",
        fault: `${store.name} does not hold the model's file ${path}`,
        place: folder,
        remedy: "remove the model and add it again"
      });
    },
    write: (path, bytes) => files.write(path, bytes),
    remove: (path) => files.remove(path)
  };
}

/** The models that a store keeps whole, in the order of their hashes; one whose manifest is damaged is left out. */
export async function listStoredModels(store: ObjectStore): Promise<StoredModel[]> {
  const sizes = new Map<string, number>();
  const there = new Set<string>();
  for (const {name, bytes} of await store.list(modelsFolder)) {
    const hash = name.split("/")[1];
    sizes.set(hash, (sizes.get(hash) ?? 0) + bytes);
    there.add(name);
  }
  const models: StoredModel[] = [];
  for (const [hash, bytes] of sizes) {
    const content = await store.read(`${modelsFolder}/${hash}/${bundlePaths.manifest}`);
    if (content === null) continue;
    try {
      const manifest = parseManifest(content, store.name);
      const own = manifest.formatVersion === 1 ? manifest.variants : (manifest.species[0].variants ?? []);
      const isThere = ({path}: BundleFile) => there.has(`${modelsFolder}/${hash}/${path}`);
      const precisions = own.filter(({files}) => files.every(isThere)).map(({precision}) => precision);
      models.push({hash, manifest, bytes, precisions});
    } catch (error) {
      if (!isWorkbookError(error)) throw error;
    }
  }
  return models;
}

/** Removes a model, its manifest first, so that half of it is never taken for a whole. */
export async function removeStoredModel(store: ObjectStore, hash: string): Promise<void> {
  const folder = `${modelsFolder}/${hash}`;
  await store.remove(`${folder}/${bundlePaths.manifest}`);
  for (const {name} of await store.list(folder)) await store.remove(name);
}
