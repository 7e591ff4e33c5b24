import {randomUUID} from "node:crypto";
import {constants} from "node:fs";
import {chmod, copyFile, mkdir, open, readdir, readFile, readlink, rename, rm, stat, writeFile} from "node:fs/promises";
import {hostname} from "node:os";
import {basename, dirname, join, resolve} from "node:path";
import {isAbort, isWorkbookError, WorkbookError} from "../core/errors.js";
import {isNoRoom, isSystemError, systemWords} from "../core/system-words.js";
import type {BundleSource, BundleWorkspace} from "../core/model/bundle.js";
import type {RangeReader} from "../core/remote/range-reader.js";

/** A model bundle in a folder. */
export function folderBundle(folder: string): BundleSource {
  return {
    name: folder,
    read: async (path, signal) => {
      try {
        return new Uint8Array(await readFile(join(folder, path), {signal}));
      } catch (cause) {
        if (isAbort(cause)) throw cause;
        throw fileError("model", folder, join(folder, path), "give the folder of a complete model bundle", cause);
      }
    }
  };
}

/** A folder that exists, to make a bundle in. */
export function folderWorkspace(folder: string): BundleWorkspace {
  return {
    ...folderBundle(folder),
    write: async (path, bytes, signal) => {
      const target = join(folder, path);
      await mkdir(dirname(target), {recursive: true});
      await writeFile(target, bytes, {signal});
    },
    remove: (path) => rm(join(folder, path), {force: true})
  };
}

/** Where a file's bytes lie, how many they are and when they changed; times in nanoseconds since 1970. */
export interface FileStamp {
  device: bigint;
  inode: bigint;
  size: bigint;
  /** When its content was changed, as the system or a program says. */
  modified: bigint;
  /** When its content, name or permissions were changed, as the system says. */
  changed: bigint;
}

/** A file that is open for reading. */
export interface FileReader extends RangeReader {
  /** As it is now, also where another file has taken its name. */
  stamp(): Promise<FileStamp>;
  close(): Promise<void>;
}

/** A file read by range, without ever holding it whole. Close it when done. */
export async function openFileReader(path: string): Promise<FileReader> {
  const handle = await open(path, "r").catch((cause: unknown) => {
    throw fileError("file", path, path, "give the path of a file that can be read", cause);
  });
  const {size} = await handle.stat();
  return {
    name: basename(path),
    byteLength: size,
    slice: async (start, end, signal) => {
      signal?.throwIfAborted();
      const bytes = new Uint8Array(end - start);
      for (let at = 0; at < bytes.byteLength;) {
        const {bytesRead} = await handle.read(bytes, at, bytes.byteLength - at, start + at);
        if (bytesRead === 0) {
          throw new WorkbookError({
            domain: "file",
            code: "truncated",
            fault: `${path} ended at byte ${start + at} while bytes ${start} to ${end} were read`,
            remedy: "copy or download the file again"
          });
        }
        at += bytesRead;
      }
      return bytes;
    },
    stamp: async () => {
      const {dev, ino, size, mtimeNs, ctimeNs} = await handle.stat({bigint: true});
      return {device: dev, inode: ino, size, modified: mtimeNs, changed: ctimeNs};
    },
    close: () => handle.close()
  };
}

/**
 * The path that writing to `path` ends at: where symbolic links at its end lead, also to what is not there yet. Throws a
 * WorkbookError of domain "file" if they lead in a circle.
 */
export async function followLinks(path: string): Promise<string> {
  let target = path;
  for (let step = 0; step < 40; ++step) {
    const next = await readlink(target).catch(() => null);
    if (next === null) return target;
    target = resolve(dirname(target), next);
  }
  throw writeError(path, Object.assign(new Error("ELOOP"), {code: "ELOOP", syscall: "readlink"}));
}

/**
 * Writes a file so that it appears complete or not at all: to a neighbor first, then renamed over `path`. A symbolic link
 * stays one, and what it leads to is written; a file that is replaced hands on its permissions. `content` is all bytes, or
 * pieces that are made as they are written. Throws what making them throws, and a WorkbookError of domain "file": "no-room" or
 * "not-writable".
 */
export async function writeFileAtomically(
  path: string,
  content: Uint8Array | Iterable<Uint8Array | string> | AsyncIterable<Uint8Array>
): Promise<void> {
  await makeFileAtomically(path, async (temporary) => {
    const handle = await open(temporary, "wx");
    try {
      await writeFile(handle, content);
    } finally {
      await handle.close();
    }
  });
}

/**
 * A file that `change` has changed as a copy of `source`, and which appears complete or not at all; the system copies it, sharing
 * blocks where the disk can. `source` is only read. Throws as `writeFileAtomically`.
 */
export async function copyFileAtomically(
  path: string,
  source: string,
  change: (copy: string) => Promise<void>
): Promise<void> {
  await makeFileAtomically(path, async (temporary) => {
    await copyFile(source, temporary, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    // Who may not read the original may not read the copy; its owner may add to it.
    await chmod(temporary, ((await stat(source)).mode & 0o7777) | 0o600);
    await change(temporary);
  });
}

/** Has `make` fill a new neighbor of `path`, which then takes its place; throws as `writeFileAtomically`. */
export async function makeFileAtomically(path: string, make: (temporary: string) => Promise<void>): Promise<void> {
  const target = await followLinks(path);
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}`);
  try {
    await mkdir(dirname(target), {recursive: true});
    const before = await stat(target).catch(() => null);
    await make(temporary);
    const handle = await open(temporary, "r+");
    try {
      if (before !== null) await handle.chmod(before.mode & 0o7777);
      // Some disks tell that they are full only now.
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, target);
  } catch (cause) {
    await rm(temporary, {force: true}).catch(() => {});
    throw isWorkbookError(cause) || isAbort(cause) ? cause : writeError(path, cause);
  }
}

/**
 * Fills a folder so that it appears complete or not at all: `fill` gets an empty neighboring folder, which then takes
 * the place of `folder`. If `fill` throws, `folder` is as it was. With `keep`, a folder that `keep` approves of when
 * the new one is ready is kept and the new one dropped (another process was faster). What a process that was killed has left beside
 * `folder` is cleared away first; the old `folder`, if it was killed between two names. Throws what `fill` throws, and a
 * WorkbookError of domain "file" ("no-room", "not-writable") if the system refuses.
 */
export async function writeFolderAtomically(
  path: string,
  fill: (temporary: string) => Promise<void>,
  keep?: () => Promise<boolean>
): Promise<void> {
  const folder = await followLinks(path);
  const temporary = join(dirname(folder), `.${basename(folder)}.${owner(process.pid)}.${randomUUID()}`);
  try {
    await clearLeftBehind(folder);
    await mkdir(temporary, {recursive: true});
    await fill(temporary);
    for (let attempt = 0; ; ++attempt) {
      if (keep !== undefined && (await keep())) return;
      const old = `${temporary}.old`;
      await rename(folder, old).catch(ignore("ENOENT"));
      try {
        await rename(temporary, folder);
        return;
      } catch (error) {
        // Another process put its folder there between the two renames.
        if (attempt >= 4 || !hasCode(error, "ENOTEMPTY", "EEXIST")) throw error;
      } finally {
        await rm(old, {recursive: true, force: true});
      }
    }
  } catch (cause) {
    throw isSystemError(cause) ? writeError(path, cause) : cause;
  } finally {
    await rm(temporary, {recursive: true, force: true}).catch(() => {});
  }
}

/** How the folders of a process are marked: by its number and its computer, since others may write to the same disk. */
function owner(pid: number): string {
  return `${pid}-${hostname()
    .replace(/[^A-Za-z0-9]/g, "")
    .slice(0, 24)}`;
}

/** Folders of another computer, whose processes cannot be asked for, are left alone for so long (milliseconds). */
const aDay = 24 * 3600 * 1000;

/**
 * Removes what processes that are no more have left of writing `folder`. Where one was killed after it had moved the old folder away and
 * before the new one took its place, the old one is put back.
 */
async function clearLeftBehind(folder: string): Promise<void> {
  const beginning = `.${basename(folder)}.`;
  for (const name of await readdir(dirname(folder)).catch(() => [])) {
    if (!name.startsWith(beginning)) continue;
    const mark = /^(\d+)-[A-Za-z0-9]*\.[0-9a-f-]{36}(\.old)?$/.exec(name.slice(beginning.length));
    const place = join(dirname(folder), name);
    if (mark === null || !(await isLeftBehind(place, Number(mark[1]), mark[0]))) continue;
    if (mark[2] !== undefined && (await stat(folder).catch(() => null)) === null) await rename(place, folder);
    else await rm(place, {recursive: true, force: true});
  }
}

async function isLeftBehind(place: string, pid: number, mark: string): Promise<boolean> {
  if (mark.startsWith(`${owner(pid)}.`)) return !isRunning(pid);
  const entry = await stat(place).catch(() => null);
  return entry !== null && Date.now() - entry.mtimeMs > aDay;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !hasCode(error, "ESRCH");
  }
}

function ignore(...codes: string[]): (error: unknown) => undefined {
  return (error) => {
    if (!hasCode(error, ...codes)) throw error;
  };
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}

function writeError(path: string, cause: unknown): WorkbookError {
  const full = isNoRoom(cause);
  return new WorkbookError(
    {
      domain: "file",
      code: full ? "no-room" : "not-writable",
      fault: `${path} cannot be written: ${systemWords(cause)}`,
      remedy: full ? "free disk space, or choose a folder on another disk" : "choose a folder that can be written to"
    },
    {cause}
  );
}

function fileError(
  domain: "model" | "file",
  what: string,
  path: string,
  remedy: string,
  cause: unknown
): WorkbookError {
  const missing = hasCode(cause, "ENOENT", "ENOTDIR");
  const file = domain === "model" ? basename(path) : "the file";
  return new WorkbookError(
    {
      domain,
      code: missing ? "no-such-file" : "unreadable",
      fault: `${what}: ${file} cannot be used, ${missing ? "there is no such file" : systemWords(cause)}`,
      remedy
    },
    {cause}
  );
}
