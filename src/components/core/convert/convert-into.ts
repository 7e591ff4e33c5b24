import {bundleFiles} from "../model/bundle-files.js";
import {bundlePaths} from "../model/bundle-paths.js";
import type {Manifest} from "../model/bundle.js";
import {measuringFolder} from "../model/measured-variants.js";
import {modelIdentity} from "../model/model-identity.js";
import {listStoredModels, modelsFolder, storeWorkspace} from "../model/stored-models.js";

import type {ObjectStore} from "../store/object-store.js";
import {subStore} from "../store/sub-store.js";
import type {CheckpointSource} from "./checkpoint-source.js";
import {convertSource} from "./convert-source.js";
import type {SourceOptions} from "./convert-source.js";

/** Folder of a store in which conversions keep what they have, and where bundles lie until they are whole. */
const making = "making";

/**
 * Converts the checkpoint of a source into a model that `store` keeps, and returns its hash and manifest. One conversion of a
 * store at a time (a page holds a lock for it). What was fetched and folded stays in the store until the model is whole, so that
 * a conversion goes on where a closed tab ended it. Throws what `convertSource` throws; "storage-full" leaves what is good.
 */
export async function convertInto(
  store: ObjectStore,
  source: CheckpointSource,
  options: Omit<SourceOptions, "unfinished">
): Promise<{hash: string; manifest: Manifest}> {
  const bundle = storeWorkspace(store, `${making}/bundle`);
  for (const {name} of await store.list(`${making}/bundle`)) await store.remove(name);
  const manifest = await convertSource(source, bundle, {...options, unfinished: subStore(store, `${making}/pieces`)});
  const last = await bundle.read(bundlePaths.manifest);
  const hash = await modelIdentity(last);
  const whole = storeWorkspace(store, `${modelsFolder}/${hash}`);
  // The manifest comes last: a folder without one is no model.
  for (const {path} of bundleFiles(manifest)) {
    await whole.write(path, await bundle.read(path));
    await bundle.remove(path);
  }
  await whole.write(bundlePaths.manifest, last);
  await bundle.remove(bundlePaths.manifest);
  return {hash, manifest};
}

/** Removes what conversions and measurements that were not ended have left in a store, files of a model without its manifest included. */
export async function forgetUnfinished(store: ObjectStore): Promise<void> {
  const whole = new Set((await listStoredModels(store)).map(({hash}) => hash));
  for (const folder of [making, measuringFolder])
    for (const {name} of await store.list(folder)) await store.remove(name);
  for (const {name} of await store.list(modelsFolder)) if (!whole.has(name.split("/")[1])) await store.remove(name);
}
