import type {SyncFile} from "../core/away/sync-file.js";
import {WorkbookError} from "../core/errors.js";
import type {ObjectStore, StoredObject} from "../core/store/object-store.js";

/** Folder of this workbook in the origin's private file system; another version of the layout would take another name. */
const home = "uce-workbook-1";

/**
 * The origin-private file system of a browser as an object store. Rejects with the WorkbookError "storage-denied" where the
 * browser keeps nothing (a private window, a setting, no secure context).
 */
export async function openOpfs(): Promise<ObjectStore> {
  const root = await openHome();

  return {
    name: "this browser's storage",
    async read(name) {
      const {folder, file} = split(name);
      const handle = await (await folderOf(root, folder, false))?.getFileHandle(file).catch(() => null);
      if (handle === null || handle === undefined) return null;
      return new Uint8Array(await (await handle.getFile()).arrayBuffer());
    },
    async write(name, bytes) {
      const {folder, file} = split(name);
      try {
        const handle = await (await folderOf(root, folder, true))!.getFileHandle(file, {create: true});
        await writeWhole(handle, bytes);
      } catch (error) {
        throw storageFault(error);
      }
    },
    async remove(name) {
      const {folder, file} = split(name);
      const parent = await folderOf(root, folder, false);
      await parent?.removeEntry(file).catch((error: unknown) => {
        if (!isMissing(error)) throw storageFault(error);
      });
    },
    async list(folder) {
      const found: StoredObject[] = [];
      for await (const {name, handle} of walkAll(root, folder)) found.push({name, bytes: await sizeOf(name, handle)});
      return found.sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    async names(folder) {
      const found: string[] = [];
      for await (const {name} of walkAll(root, folder)) found.push(name);
      return found;
    }
  };
}

async function folderOf(
  root: FileSystemDirectoryHandle,
  path: string[],
  create: boolean
): Promise<FileSystemDirectoryHandle | null> {
  let folder = root;
  for (const name of path) {
    const next = await folder.getDirectoryHandle(name, {create}).catch((error: unknown) => {
      if (isMissing(error)) return null;
      throw storageFault(error);
    });
    if (next === null) return null;
    folder = next;
  }
  return folder;
}

/** Files below a folder, by their paths. */
async function* walk(
  folder: FileSystemDirectoryHandle,
  within: string
): AsyncGenerator<{name: string; handle: FileSystemFileHandle}> {
  for await (const [name, handle] of entries(folder)) {
    const path = within === "" ? name : `${within}/${name}`;
    if (handle.kind === "directory") yield* walk(handle as FileSystemDirectoryHandle, path);
    else if (!name.endsWith(".crswap")) yield {name: path, handle: handle as FileSystemFileHandle};
  }
}

/** As `walk`, by the folder's path; nothing where it is not there. */
async function* walkAll(root: FileSystemDirectoryHandle, folder: string): ReturnType<typeof walk> {
  const handle = await folderOf(root, folder === "" ? [] : folder.split("/"), false);
  if (handle !== null) yield* walk(handle, folder);
}

/** Bytes of objects that have a hash of them in their names, so that they never change: the browser is asked for each file's size by itself. */
const sizes = new Map<string, number>();
const hasHash = (name: string): boolean => /\.[0-9a-f]{32}\.\w+$/.test(name);

async function sizeOf(name: string, handle: FileSystemFileHandle): Promise<number> {
  const known = sizes.get(name);
  if (known !== undefined) return known;
  const {size} = await handle.getFile();
  if (hasHash(name)) sizes.set(name, size);
  return size;
}

/** A stored object as a File that is read piece by piece where it lies; null if there is none of that name. */
export async function openOpfsFile(name: string): Promise<File | null> {
  const {folder, file} = split(name);
  try {
    let parent = await openHome();
    for (const part of folder) parent = await parent.getDirectoryHandle(part);
    return await (await parent.getFileHandle(file)).getFile();
  } catch {
    return null;
  }
}

/** The objects of a folder, those written first at the front. Rejects as `openOpfs` does. */
export async function oldestInOpfs(folder: string): Promise<StoredObject[]> {
  const dated: (StoredObject & {at: number})[] = [];
  for await (const {name, handle} of walkAll(await openHome(), folder)) {
    const {size, lastModified} = await handle.getFile();
    dated.push({name, bytes: size, at: lastModified});
  }
  return dated.sort((a, b) => a.at - b.at).map(({name, bytes}) => ({name, bytes}));
}

/**
 * Copies `blob` into the store without holding it in memory. Rejects with the signal's reason or a WorkbookError, and
 * leaves nothing then.
 */
export async function copyToOpfs(name: string, blob: Blob, {signal}: {signal?: AbortSignal} = {}): Promise<void> {
  const {folder, file} = split(name);
  let parent = await openHome();
  try {
    for (const part of folder) parent = await parent.getDirectoryHandle(part, {create: true});
    const stream = await (await parent.getFileHandle(file, {create: true})).createWritable();
    await blob.stream().pipeTo(stream, {signal});
  } catch (error) {
    await parent.removeEntry(file).catch(() => {});
    if (signal?.aborted) throw signal.reason;
    throw storageFault(error);
  }
}

/**
 * A new, empty file of the store, to be written at once, in a worker; `done` closes it and gives it as it lies. Rejects with a WorkbookError of
 * domain "storage".
 */
export async function createOpfsFile(name: string): Promise<{file: SyncFile; done(): Promise<File>}> {
  const {folder, file} = split(name);
  let parent = await openHome();
  try {
    for (const part of folder) parent = await parent.getDirectoryHandle(part, {create: true});
    const handle = await parent.getFileHandle(file, {create: true});
    const access = await (handle as unknown as SyncFileHandle).createSyncAccessHandle();
    access.truncate(0);
    return {
      file: {
        size: () => access.getSize(),
        read: (into, at) => access.read(into, {at}),
        truncate: (size) => access.truncate(size),
        write(from, at) {
          if (access.write(from, {at}) < from.length) throw new DOMException("full", "QuotaExceededError");
        }
      },
      done() {
        access.flush();
        access.close();
        return handle.getFile();
      }
    };
  } catch (error) {
    throw storageFault(error);
  }
}

async function openHome(): Promise<FileSystemDirectoryHandle> {
  const storage = (navigator as {storage?: StorageManager}).storage;
  try {
    return await (await storage!.getDirectory()).getDirectoryHandle(home, {create: true});
  } catch (cause) {
    throw new WorkbookError(
      {
        domain: "storage",
        code: "storage-denied",
        fault: "this browser window keeps no files (a private window, or a setting)",
        remedy: "results last until the page is closed; open an ordinary window to keep them"
      },
      {cause}
    );
  }
}

/** Files appear whole or not at all; where there is no such writer (older Safari), the reader's checksum tells. */
async function writeWhole(handle: FileSystemFileHandle, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  if ("createWritable" in handle) {
    const stream = await handle.createWritable();
    try {
      await stream.write(bytes);
      return await stream.close();
    } catch (error) {
      await stream.abort().catch(() => {});
      throw error;
    }
  }
  const access = await (handle as unknown as SyncFileHandle).createSyncAccessHandle();
  try {
    access.truncate(0);
    access.write(bytes, {at: 0});
    access.flush();
  } finally {
    access.close();
  }
}

/**
 * Begins a file of `byteLength` bytes that is written at any place, in a worker; closing it lets others read it. What was there is lost. Rejects with a WorkbookError of
 * domain "storage", also where another tab writes the same file; writing throws one.
 */
export async function writeOpfsFile(
  name: string,
  byteLength: number
): Promise<{write(at: number, bytes: Uint8Array): void; close(): void}> {
  const {folder, file} = split(name);
  let parent = await openHome();
  try {
    for (const part of folder) parent = await parent.getDirectoryHandle(part, {create: true});
    const handle = (await parent.getFileHandle(file, {create: true})) as unknown as SyncFileHandle;
    const access = await handle.createSyncAccessHandle();
    const orFault = (action: () => void): void => {
      try {
        action();
      } catch (error) {
        throw storageFault(error);
      }
    };
    // Emptied first, so that nothing of an older file is taken for this one's.
    orFault(() => (access.truncate(0), access.truncate(byteLength)));
    return {
      write: (at, bytes) => orFault(() => void access.write(bytes, {at})),
      close: () => orFault(() => (access.flush(), access.close()))
    };
  } catch (error) {
    throw storageFault(error);
  }
}

interface SyncFileHandle {
  createSyncAccessHandle(): Promise<{
    getSize(): number;
    truncate(size: number): void;
    read(bytes: Uint8Array, options: {at: number}): number;
    write(bytes: Uint8Array, options: {at: number}): number;
    flush(): void;
    close(): void;
  }>;
}

function entries(folder: FileSystemDirectoryHandle): AsyncIterable<[string, FileSystemHandle]> {
  return (folder as unknown as {entries(): AsyncIterable<[string, FileSystemHandle]>}).entries();
}

function split(name: string): {folder: string[]; file: string} {
  const parts = name.split("/");
  return {folder: parts.slice(0, -1), file: parts[parts.length - 1]};
}

function isMissing(error: unknown): boolean {
  return error instanceof DOMException && (error.name === "NotFoundError" || error.name === "TypeMismatchError");
}

function storageFault(cause: unknown): WorkbookError {
  if (cause instanceof WorkbookError) return cause;
  const full = cause instanceof DOMException && cause.name === "QuotaExceededError";
  return new WorkbookError(
    {
      domain: "storage",
      code: full ? "storage-full" : "storage-failed",
      fault: full
        ? "there is no room left in this browser's storage"
        : `this browser's storage failed (${cause instanceof Error ? cause.message : String(cause)})`,
      remedy: full
        ? "clear stored results or files under Storage, or free disk space"
        : "reload the page; what is computed now is not lost"
    },
    {cause}
  );
}
