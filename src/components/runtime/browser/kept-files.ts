import {forgetHandles, keptHandles} from "../../adapters/file-handles.js";
import {copyToOpfs, oldestInOpfs, openOpfs, openOpfsFile} from "../../adapters/opfs.js";
import {listStoredModels} from "../../core/model/stored-models.js";
import {clearResults, storedResults} from "../../core/store/result-store.js";
import {isWorkbookError} from "../../core/errors.js";
import {keptReferences} from "./kept-references.js";
import {fileIdentity} from "../../core/tables/identity.js";
import {fileChanged} from "../../core/stages/usage-errors.js";

/** What this workbook keeps in this browser. */
export interface StorageUse {
  /** Stored results of runs. */
  results: {results: number; bytes: number};
  /** Copies of the visitor's files. */
  files: {identity: string; bytes: number}[];
  /** Files that the browser remembers the place of, without a copy. */
  places: number;
  /** Models that are kept whole. */
  models: {hash: string; bytes: number}[];
  /** References of the visitor's. */
  references: {bytes: number}[];
  /** Bytes that the browser allows this site; null if it does not tell. */
  quota: number | null;
}

/**
 * Bytes up to which a file is copied unasked, and which such copies take together; the oldest go first. A copy of this size takes a second
 * or two, and is a small part of what browsers allow a site (10 GB in Firefox, more than half of the disk in Chromium). Most files of up to
 * 50,000 cells are smaller.
 */
export const copiedUnasked = 500_000_000;

const folder = "files";
/** Locks across tabs: while a file is copied, and while a page reads its copy. */
const copying = (identity: string) => `uce-workbook-copy ${identity}`;
const reading = (identity: string) => `uce-workbook-reads ${identity}`;

/** Identity of a file on this machine (`fileIdentity`): the same in Node. */
export function identityOf(file: Blob): Promise<string> {
  return fileIdentity({
    byteLength: file.size,
    slice: async (from, to) => new Uint8Array(await file.slice(from, to).arrayBuffer())
  });
}

/**
 * Copies a file into this browser's storage, so that other pages and a reload find it; one that is there is not copied again. Where the file
 * is one of those that are copied unasked, older copies of such give way, unless a page reads them. Rejects with a WorkbookError of domain
 * "storage", with "file-changed" if the file is not as it was when it was picked, or with the signal's reason.
 */
export function keepFile(identity: string, file: Blob, options: {signal?: AbortSignal} = {}): Promise<void> {
  const {signal} = options;
  return alone(copying(identity), signal, async () => {
    if ((await wholeCopy(identity)) !== null) return;
    try {
      if (file.size <= copiedUnasked) await makeRoom(file.size);
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
  });
}

async function makeRoom(bytes: number): Promise<void> {
  const copies = (await oldestInOpfs(folder)).filter((copy) => copy.bytes <= copiedUnasked);
  let sum = bytes + copies.reduce((sum, copy) => sum + copy.bytes, 0);
  const objects = await openOpfs();
  for (const copy of copies) {
    if (sum <= copiedUnasked) return;
    const lock = reading(copy.name.slice(folder.length + 1));
    const remove = () => objects.remove(copy.name).then(() => true);
    const isGone =
      "locks" in navigator
        ? await navigator.locks.request(lock, {ifAvailable: true}, (free) => (free === null ? false : remove()))
        : await remove();
    if (isGone) sum -= copy.bytes;
  }
}

/** Says that this page reads the copy of a file, until the signal is aborted or the page is left, so that no other takes its room. */
export function holdCopy(identity: string, signal: AbortSignal): void {
  if (!("locks" in navigator) || signal.aborted) return;
  const until = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
  void navigator.locks.request(reading(identity), {mode: "shared"}, () => until);
}

/** The copy of a file that was kept, once another page that is making it has done so; null if there is none, or it is not whole. */
export async function keptFile(identity: string): Promise<File | null> {
  const found = await wholeCopy(identity);
  if (found !== null) return found;
  return alone(copying(identity), undefined, () => wholeCopy(identity));
}

async function wholeCopy(identity: string): Promise<File | null> {
  const file = await openOpfsFile(`${folder}/${identity}`);
  return file !== null && file.size === Number(identity.split("-")[0]) ? file : null;
}

/** Removes the copy of one file, and forgets where it lies. Rejects with a WorkbookError of domain "storage". */
export async function removeFile(identity: string): Promise<void> {
  await forgetHandles(identity).catch(() => {});
  await (await openOpfs()).remove(`${folder}/${identity}`);
}

function alone<Answer>(lock: string, signal: AbortSignal | undefined, work: () => Promise<Answer>): Promise<Answer> {
  return "locks" in navigator ? navigator.locks.request(lock, {signal}, work) : work();
}

/** Whether this browser window keeps anything: without a measuring of what is there, which takes longer the more that is. */
export function keepsFiles(): Promise<boolean> {
  return openOpfs().then(
    () => true,
    () => false
  );
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
    const places = (await keptHandles()).length;
    const models = (await listStoredModels(objects)).map(({hash, bytes}) => ({hash, bytes}));
    const references = await keptReferences();
    return {results: await storedResults(objects), files, places, models, references, quota};
  } catch {
    return null;
  }
}

/** Removes the stored results, the copies and places of files, or both. Rejects with a WorkbookError of domain "storage". */
export async function clearStorage(what: {results?: boolean; files?: boolean}): Promise<void> {
  const objects = await openOpfs();
  if (what.results) await clearResults(objects);
  if (!what.files) return;
  await forgetHandles().catch(() => {});
  for (const {name} of await objects.list(folder)) await objects.remove(name);
}
