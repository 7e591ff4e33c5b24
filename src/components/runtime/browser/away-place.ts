import {createOpfsFile, oldestInOpfs, openOpfs, openOpfsFile} from "../../adapters/opfs.js";
import {memoryFile, type SyncFile} from "../../core/away/sync-file.js";
import {WorkbookError} from "../../core/errors.js";

/** A file that is being written, and what it is in the end. */
export interface AwayPlace {
  file: SyncFile;
  done(): Promise<Blob>;
}

/** Bytes up to which a file is written in memory; a larger one is written in the browser's storage. */
export const mostInMemory = 200_000_000;
const folder = "away";
/** Milliseconds that a file which was given to the browser to be saved stays, since nobody tells when that is done. */
const kept = 600_000;

/**
 * Where a file of about `bytes` is written before it is saved. Rejects with the WorkbookError "no-room" that names the `command` which writes it,
 * where neither memory nor the browser's storage takes it.
 */
export async function awayPlace(bytes: number, command: string): Promise<AwayPlace> {
  if (bytes <= mostInMemory) {
    const file = memoryFile(bytes);
    return {file, done: async () => new Blob([file.bytes()])};
  }
  await forgetAway().catch(() => {});
  const refuse = (why: string, cause?: unknown): WorkbookError =>
    new WorkbookError(
      {
        domain: "storage",
        code: "no-room",
        fault: `a copy of ${(bytes / 1e9).toFixed(1)} GB cannot be written in this browser: ${why}`,
        remedy: `take the vectors as Arrow and add them with the command line: ${command}`
      },
      {cause}
    );
  const storage = (navigator as {storage?: StorageManager}).storage;
  const room: StorageEstimate = (await storage?.estimate().catch(() => ({}))) ?? {};
  const {quota = Infinity, usage = 0} = room;
  if (quota - usage < bytes) throw refuse(`its storage has ${(Math.max(0, quota - usage) / 1e9).toFixed(1)} GB left`);
  return createOpfsFile(`${folder}/${crypto.randomUUID()}`).catch((error: unknown) => {
    throw refuse("it keeps no files", error);
  });
}

/** Removes files that were written to be saved long ago. Rejects with a WorkbookError of domain "storage" where the browser keeps nothing. */
export async function forgetAway(): Promise<void> {
  const objects = await openOpfs();
  for (const {name} of await oldestInOpfs(folder)) {
    const written = (await openOpfsFile(name))?.lastModified ?? 0;
    // One that another tab is writing cannot be removed, and stays.
    if (Date.now() - written > kept) await objects.remove(name).catch(() => {});
  }
}
