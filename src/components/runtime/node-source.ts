import {createHash} from "node:crypto";
import {statSync} from "node:fs";
import {openFileReader, type FileStamp} from "../adapters/node-files.js";
import {isWorkbookError, WorkbookError} from "../core/errors.js";
import {sha256} from "../core/sha256.js";
import type {ObjectStore} from "../core/store/object-store.js";
import {openFolderReader} from "./folder-reader.js";
import {fileIdentity, wholeBytes} from "../core/tables/identity.js";

/** A file, or a folder, that a run reads, watched until it is closed. */
export interface NodeSource {
  /** What `fileIdentity` says of it: the same in the browser. */
  readonly identity: string;
  /**
   * SHA-256 of all bytes, as hex; null where the identity covers every byte already. The identity of a larger file is of
   * samples, so an edit in place between them would bring back results of the old file. `store` keeps the hash by the
   * file's place, size and times of change, so that a file that nobody has touched is hashed once.
   */
  content(store: ObjectStore, options?: ContentOptions): Promise<string | null>;
  /** `store`, into which nothing is written once the file is not as it was when it was opened. */
  guard(store: ObjectStore): ObjectStore;
  /** Throws a WorkbookError of domain "file", code "changed", if the file is not as it was when it was opened. */
  requireUnchanged(): Promise<void>;
  close(): Promise<void>;
}

/** How to hash a file. */
export interface ContentOptions {
  signal?: AbortSignal;
  /** Told the bytes hashed so far and in all. */
  onProgress?(done: number, total: number): void;
}

const pieceBytes = 4 * 1024 * 1024;

/**
 * Two edits within this time may leave the same times of change (some disks keep whole seconds), so those of a file that
 * was changed just now say nothing of the next edit.
 */
const settledMs = 2000;

/** Opens the file at `path`, or the folder as one, and finds its identity. Throws a WorkbookError of domain "file". */
export async function openNodeSource(path: string, signal?: AbortSignal): Promise<NodeSource> {
  const isFolder = statSync(path, {throwIfNoEntry: false})?.isDirectory() ?? false;
  const file = isFolder ? openFolderReader(path) : await openFileReader(path);
  const opened = await file.stamp();
  const openedAt = Date.now();

  async function requireUnchanged(): Promise<void> {
    const now = await file.stamp();
    if (now.size === opened.size && now.modified === opened.modified) return;
    throw new WorkbookError({
      domain: "file",
      code: "changed",
      fault: `${file.name} was changed while it was read`,
      remedy: "run again when nothing writes to it"
    });
  }

  async function hash({signal, onProgress}: ContentOptions): Promise<string> {
    const made = createHash("sha256");
    for (let at = 0; at < file.byteLength; at += pieceBytes) {
      onProgress?.(at, file.byteLength);
      made.update(await file.slice(at, Math.min(at + pieceBytes, file.byteLength), signal));
    }
    onProgress?.(file.byteLength, file.byteLength);
    await requireUnchanged();
    return made.digest("hex");
  }

  try {
    return {
      identity: await fileIdentity(file, signal),
      async content(store, options = {}) {
        if (file.byteLength <= wholeBytes) return null;
        const name = `files/${await nameOf(opened)}`;
        const known = await store.read(name);
        const text = known === null ? "" : new TextDecoder().decode(known);
        if (/^[0-9a-f]{64}$/.test(text)) return text;
        const found = await hash(options);
        if (openedAt - lastChange(opened) > settledMs) await keep(store, name, found);
        return found;
      },
      guard: (store) => ({
        ...store,
        async write(name, bytes) {
          await requireUnchanged();
          await store.write(name, bytes);
        }
      }),
      requireUnchanged,
      close: () => file.close()
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Where it cannot be kept, the next run hashes again; the run itself says that nothing is stored. */
async function keep(store: ObjectStore, name: string, text: string): Promise<void> {
  await store.write(name, new TextEncoder().encode(text)).catch((error: unknown) => {
    if (!isWorkbookError(error)) throw error;
  });
}

function lastChange({modified, changed}: FileStamp): number {
  return Number((modified > changed ? modified : changed) / 1_000_000n);
}

/** Of the file's place, size and times: of its content's last change and of its entry's, which no program can set back. */
function nameOf({device, inode, size, modified, changed}: FileStamp): Promise<string> {
  return sha256(new TextEncoder().encode([device, inode, size, modified, changed].join(" ")));
}
