import {openOpfs} from "../../adapters/opfs.js";
import {isWorkbookError} from "../../core/errors.js";
import {labelReference, type LabelReference} from "../../core/reference/label-reference.js";
import type {ReferenceFiles} from "../../core/reference/reference-files.js";
import {
  parseReferenceManifest,
  referencePaths,
  type ReferenceManifest
} from "../../core/reference/reference-manifest.js";

/** A reference that this browser keeps. */
export interface KeptReference {
  hash: string;
  manifest: ReferenceManifest;
  bytes: number;
}

const folder = "references";
/** References of this page, where the browser keeps nothing. */
const here = new Map<string, LabelReference>();

/** Keeps a reference in this browser, its manifest last; where the browser keeps nothing, as long as the page is open. Rejects with a WorkbookError where there is no room. */
export async function keepReference(files: ReferenceFiles): Promise<LabelReference> {
  const reference = await labelReference({name: "reference", read: async (path) => files[path]});
  here.set(reference.hash, reference);
  const objects = await openOpfs().catch(() => null);
  const paths = Object.keys(files).filter((path) => path !== referencePaths.manifest);
  for (const path of [...paths, referencePaths.manifest])
    await objects?.write(`${folder}/${reference.hash}/${path}`, files[path]);
  return reference;
}

/** The references that this browser keeps, in the order of their names. */
export async function keptReferences(): Promise<KeptReference[]> {
  const found = new Map<string, KeptReference>();
  for (const {hash, manifest, files} of here.values())
    found.set(hash, {hash, manifest, bytes: Object.values(files).reduce((sum, {length}) => sum + length, 0)});
  const objects = await openOpfs().catch(() => null);
  for (const {name} of (await objects?.list(folder)) ?? []) {
    const [, hash, path] = name.split("/");
    if (path !== referencePaths.manifest || found.has(hash)) continue;
    const bytes = await objects!.read(name);
    if (bytes === null) continue;
    const manifest = parseReferenceManifest(bytes, hash);
    found.set(hash, {hash, manifest, bytes: manifest.files.reduce((sum, file) => sum + file.bytes, bytes.length)});
  }
  return [...found.values()].sort((a, b) => a.manifest.name.localeCompare(b.manifest.name));
}

/** A kept reference, verified; null where this browser keeps none of that hash, or not whole. Rejects with a WorkbookError for one that is damaged. */
export async function keptReference(hash: string): Promise<LabelReference | null> {
  const known = here.get(hash);
  if (known !== undefined) return known;
  if (!/^[0-9a-f]{64}$/.test(hash)) return null;
  const objects = await openOpfs().catch(() => null);
  if (objects === null || (await objects.read(`${folder}/${hash}/${referencePaths.manifest}`)) === null) return null;
  const read = async (path: string) => (await objects.read(`${folder}/${hash}/${path}`)) ?? new Uint8Array(0);
  const reference = await labelReference({name: `kept reference ${hash.slice(0, 8)}`, read});
  here.set(hash, reference);
  return reference;
}

/** Removes a reference from this browser. Rejects with a WorkbookError of domain "storage". */
export async function removeReference(hash: string): Promise<void> {
  here.delete(hash);
  const objects = await openOpfs().catch((error: unknown) => {
    if (isWorkbookError(error)) return null;
    throw error;
  });
  const files = (await objects?.list(`${folder}/${hash}`)) ?? [];
  for (const {name} of files) await objects!.remove(name);
}
