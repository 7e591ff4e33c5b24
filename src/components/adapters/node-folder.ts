import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
  type BigIntStats
} from "node:fs";
import {randomUUID} from "node:crypto";
import {basename, join} from "node:path";
import {WorkbookError} from "../core/errors.js";
import type {ByteFile} from "../core/sources/byte-file.js";
import {piecesOfFile, type FileSet} from "../core/sources/file-set.js";
import type {RowsPlace} from "../core/sources/rows-place.js";
import {isNoRoom, systemWords} from "../core/system-words.js";

/** Most files of a folder that is read as one source, and most folders in one another. */
const mostFiles = 500_000;
const deepest = 32;

/** A file on disk whose bytes are read at once. Throws a WorkbookError of domain "file", code "unreadable" or, where it was cut off meanwhile, "file-changed". */
export function openDiskFile(path: string, name = basename(path)): ByteFile {
  const handle = orUnreadable(path, () => openSync(path, "r"));
  const byteLength = orUnreadable(path, () => fstatSync(handle).size);
  return {
    name,
    byteLength,
    read(start, end) {
      const bytes = new Uint8Array(end - start);
      for (let at = 0; at < bytes.length;) {
        const count = orUnreadable(path, () => readSync(handle, bytes, at, bytes.length - at, start + at));
        if (count === 0) throw cutOff(name);
        at += count;
      }
      return bytes;
    },
    close: () => closeSync(handle)
  };
}

/** The files below a folder, each opened when it is asked for and closed after it was read. Throws a WorkbookError of domain "file". */
export function folderFiles(folder: string): FileSet {
  const files = new Map(listFolder(folder).files.map((file) => [file.path, file]));
  const open = (path: string): ByteFile | null => {
    const known = files.get(path);
    if (known === undefined) return null;
    return {
      name: path,
      byteLength: known.byteLength,
      read(start, end) {
        const file = openDiskFile(join(folder, path), path);
        try {
          if (file.byteLength !== known.byteLength) throw cutOff(path);
          return file.read(start, end);
        } finally {
          file.close();
        }
      },
      close: () => {}
    };
  };
  return {
    name: basename(folder),
    byteLength: [...files.values()].reduce((sum, {byteLength}) => sum + byteLength, 0),
    paths: [...files.keys()],
    open,
    pieces: (path) => piecesOfFile(open(path)!),
    close: () => {}
  };
}

/** A file below a folder, and its size in bytes. */
export interface FolderFile {
  path: string;
  byteLength: number;
}

/** When anything in a folder was last changed, in nanoseconds since 1970, and where the folder lies. */
export interface FolderStamp {
  device: bigint;
  inode: bigint;
  /** Bytes of all files. */
  size: bigint;
  modified: bigint;
  changed: bigint;
}

/** Every file below a folder, ordered by path, and when anything in it was last changed. Throws a WorkbookError of domain "file": "unreadable", "too-large". */
export function listFolder(folder: string): {files: FolderFile[]; stamp: FolderStamp} {
  const files: FolderFile[] = [];
  const at = stat(folder);
  const stamp: FolderStamp = {device: at.dev, inode: at.ino, size: 0n, modified: at.mtimeNs, changed: at.ctimeNs};
  const walk = (below: string, depth: number): void => {
    for (const name of orUnreadable(join(folder, below), () => readdirSync(join(folder, below)))) {
      if (name === ".DS_Store") continue;
      const path = below === "" ? name : `${below}/${name}`;
      const entry = stat(join(folder, path));
      if (entry.mtimeNs > stamp.modified) stamp.modified = entry.mtimeNs;
      if (entry.ctimeNs > stamp.changed) stamp.changed = entry.ctimeNs;
      if (entry.isDirectory() && depth < deepest) walk(path, depth + 1);
      if (!entry.isFile()) continue;
      if (files.length === mostFiles) throw tooMany(folder);
      files.push({path, byteLength: Number(entry.size)});
      stamp.size += entry.size;
    }
  };
  walk("", 0);
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return {files, stamp};
}

const stat = (path: string): BigIntStats => orUnreadable(path, () => statSync(path, {bigint: true}));

function orUnreadable<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    const fault = `${path} cannot be read: ${systemWords(cause)}`;
    throw new WorkbookError({domain: "file", code: "unreadable", fault, remedy: "check its permissions"}, {cause});
  }
}

function cutOff(name: string): WorkbookError {
  return new WorkbookError({
    domain: "file",
    code: "file-changed",
    fault: `${name} was changed while it was read`,
    remedy: "run again when nothing writes to it"
  });
}

function tooMany(folder: string): WorkbookError {
  return new WorkbookError({
    domain: "file",
    code: "too-large",
    fault: `${folder} holds more than ${mostFiles.toLocaleString("en")} files`,
    remedy: "name the folder of one matrix"
  });
}

/** A folder as the place of rows; `folder` is asked for, and made, when there are some. Files appear complete or not at all. */
export function folderRows(folder: () => string): RowsPlace {
  return {
    async find(name) {
      const path = join(folder(), name);
      return statSync(path, {throwIfNoEntry: false})?.isFile() ? openDiskFile(path) : null;
    },
    async create(name, byteLength) {
      const path = join(folder(), name);
      const part = `${path}.${randomUUID()}.part`;
      const handle = orFailed(folder(), () => {
        mkdirSync(folder(), {recursive: true});
        return openSync(part, "w");
      });
      orFailed(folder(), () => ftruncateSync(handle, byteLength));
      return {
        write(at, bytes) {
          for (let done = 0; done < bytes.length;) {
            done += orFailed(folder(), () => writeSync(handle, bytes, done, bytes.length - done, at + done));
          }
        },
        async finish() {
          orFailed(folder(), () => (closeSync(handle), renameSync(part, path)));
          return openDiskFile(path);
        },
        async abandon() {
          closeSync(handle);
          rmSync(part, {force: true});
        }
      };
    }
  };
}

function orFailed<T>(folder: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    const full = isNoRoom(cause);
    const fault = full ? `there is no room left for ${folder}` : `${folder} cannot be written: ${systemWords(cause)}`;
    const remedy = "free disk space, or name a folder on another disk with --store";
    throw new WorkbookError(
      {domain: "storage", code: full ? "storage-full" : "storage-failed", fault, remedy},
      {cause}
    );
  }
}
