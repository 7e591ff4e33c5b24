import {copyToOpfs, openOpfs, openOpfsFile} from "../../adapters/opfs.js";
import {clearResults, storedResults} from "../../core/store/result-store.js";
import {isWorkbookError} from "../../core/errors.js";
import {fileIdentity} from "../../core/tables/identity.js";
import {fileChanged} from "../../core/stages/usage-errors.js";

/** What this workbook keeps in this browser. */
export interface StorageUse {
  /** Stored results of runs. */
  results: {results: number; bytes: number};
  /** Copies of the visitor's files. */
  files: {identity: string; bytes: number}[];
  /** Bytes that the browser allows this site; null if it does not tell. */
  quota: number | null;
}

const folder = "files";

/** Identity of a file on this machine (`fileIdentity`): the same in Node. */
export function identityOf(file: Blob): Promise<string> {
  return fileIdentity({
    byteLength: file.size,
    slice: async (from, to) => new Uint8Array(await file.slice(from, to).arrayBuffer())
  });
}

/**
 * Copies a file into this browser's storage, so that a reload finds it. Rejects with a WorkbookError of domain "storage", with
 * "file-changed" if the file is not as it was when it was picked, or with the signal's reason.
 */
export async function keepFile(identity: string, file: Blob, options: {signal?: AbortSignal} = {}): Promise<void> {
  try {
    await copyToOpfs(`${folder}/${identity}`, file, options);
  } catch (error) {
    // Writing fails in the same way, whether it is the storage or the file that gave up.
    const cause: unknown = isWorkbookError(error)
      ? await file
          .slice(0, 1)
          .arrayBuffer()
          .then(
            () => null,
            (fault: unknown) => fault
          )
      : null;
    throw cause === null ? error : fileChanged(file instanceof File ? file.name : "the file", cause);
  }
}

/** The copy of a file that was kept; null if there is none, or it is not whole. */
export async function keptFile(identity: string): Promise<File | null> {
  const file = await openOpfsFile(`${folder}/${identity}`);
  return file !== null && file.size === Number(identity.split("-")[0]) ? file : null;
}

/** What is kept here; null where the browser keeps nothing. */
export async function storageUse(): Promise<StorageUse | null> {
  try {
    const objects = await openOpfs();
    const files = (await objects.list(folder)).map(({name, bytes}) => ({
      identity: name.slice(folder.length + 1),
      bytes
    }));
    const {quota = null} = await navigator.storage.estimate();
    return {results: await storedResults(objects), files, quota};
  } catch {
    return null;
  }
}

/** Removes the stored results, the copies of files, or both. Rejects with a WorkbookError of domain "storage". */
export async function clearStorage(what: {results?: boolean; files?: boolean}): Promise<void> {
  const objects = await openOpfs();
  if (what.results) await clearResults(objects);
  if (what.files) for (const {name} of await objects.list(folder)) await objects.remove(name);
}
