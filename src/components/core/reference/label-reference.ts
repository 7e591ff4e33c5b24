import {sha256} from "../sha256.js";
import type {BundleSource} from "../model/bundle.js";
import {openReference} from "./open-reference.js";
import type {ReferenceFiles} from "./reference-files.js";
import {referencePaths, type ReferenceManifest} from "./reference-manifest.js";

/** A reference bundle as a value: what `label` is given. */
export interface LabelReference {
  /** sha256 of its reference.json, from which all else hangs. */
  hash: string;
  manifest: ReferenceManifest;
  files: ReferenceFiles;
}

/** Reads a reference bundle whole from a folder, a host or memory; every file is verified. Rejects as `openReference` does. */
export async function labelReference(source: BundleSource, signal?: AbortSignal): Promise<LabelReference> {
  const files: Record<string, Uint8Array<ArrayBuffer>> = {};
  const read = async (path: string) => (files[path] = (await source.read(path, signal)) as Uint8Array<ArrayBuffer>);
  const {manifest} = await openReference({name: source.name, read}, null, signal);
  return {hash: await sha256(files[referencePaths.manifest]), manifest, files};
}
