import {readdir, readFile, stat} from "node:fs/promises";
import {basename, dirname, join, resolve} from "node:path";
import {fetchRequest} from "../adapters/http-request.js";
import {openFileReader} from "../adapters/node-files.js";
import {isArchiveName} from "../core/convert/checkpoint-source.js";
import type {CheckpointSource, SourceFile} from "../core/convert/checkpoint-source.js";
import {remoteSource} from "../core/convert/remote-source.js";
import {patience} from "../core/remote/retry.js";
import {isWorkbookError, WorkbookError} from "../core/errors.js";
import {systemWords} from "../core/system-words.js";

/**
 * A checkpoint that lies on this machine: a folder, or one file of torch.save, of which nothing else in its folder is read. A file that is a part of a
 * folder's checkpoint (model.safetensors, config.json) stands for its folder.
 */
export async function localSource(path: string): Promise<CheckpointSource> {
  const isFile = (await stat(path).catch(() => null))?.isFile() === true;
  if (!isFile) return folderSource(path);
  const name = basename(path);
  if (/\.(safetensors|json)$/.test(name)) return folderSource(dirname(resolve(path)));
  return {
    ...folderSource(dirname(resolve(path))),
    name: name.replace(/\.\w+$/, ""),
    list: async () => [isArchiveName(name) ? name : `${name}.torch`],
    read: async () => null,
    open: (wanted) => (isArchiveName(wanted) ? openVersioned(path) : Promise.resolve(null))
  };
}

/** A checkpoint in a folder. A file is identified by its size and the time when it was changed. */
export function folderSource(folder: string): CheckpointSource {
  return {
    name: basename(resolve(folder)),
    address: "",
    revision: () => "",
    list: () => readdir(folder).catch(() => []),
    async read(path, signal) {
      try {
        return new Uint8Array(await readFile(join(folder, path), {signal}));
      } catch (cause) {
        signal?.throwIfAborted();
        if (isMissing(cause)) return null;
        throw new WorkbookError(
          {
            domain: "checkpoint",
            code: "unreadable",
            fault: `${join(folder, path)} cannot be read: ${systemWords(cause)}`,
            remedy: "give a folder whose files can be read"
          },
          {cause}
        );
      }
    },
    open: (path) => openVersioned(join(folder, path))
  };
}

async function openVersioned(path: string): Promise<SourceFile | null> {
  const file = await openFileReader(path).catch((error: unknown) => {
    if (isWorkbookError(error) && error.code === "no-such-file") return null;
    throw error;
  });
  if (file === null) return null;
  const {inode, modified} = await file.stamp();
  return {...file, version: `${modified}-${inode}`};
}

/** A checkpoint by its address, over Node's `fetch`. Redirects may lead to `hosts` as well. */
export function addressSource(
  address: string,
  {revision, hosts}: {revision?: string; hosts?: readonly string[]} = {}
): CheckpointSource {
  return remoteSource(address, {request: fetchRequest({hosts}), patience}, revision);
}

function isMissing(error: unknown): boolean {
  const {code} = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR";
}
