import {mkdir, readdir, readFile, rename, rm, stat, writeFile} from "node:fs/promises";
import {randomUUID} from "node:crypto";
import {dirname, join} from "node:path";
import {WorkbookError} from "../core/errors.js";
import {isNoRoom, systemWords} from "../core/system-words.js";
import type {ObjectStore, StoredObject} from "../core/store/object-store.js";

/** A folder as an object store; it is made when the first object is written. Rejects with a WorkbookError of domain "storage". */
export function folderStore(folder: string): ObjectStore {
  return {
    name: folder,
    async read(name) {
      const bytes = await readFile(join(folder, name)).catch((error: unknown) => {
        if (isMissing(error)) return null;
        throw failed(folder, error);
      });
      return bytes === null ? null : (new Uint8Array(bytes) as Uint8Array<ArrayBuffer>);
    },
    async write(name, bytes) {
      const target = join(folder, name);
      const part = `${target}.${randomUUID()}.part`;
      try {
        await mkdir(dirname(target), {recursive: true});
        await writeFile(part, bytes);
        await rename(part, target);
      } catch (error) {
        await rm(part, {force: true}).catch(() => {});
        throw failed(folder, error);
      }
    },
    async remove(name) {
      await rm(join(folder, name), {force: true}).catch((error: unknown) => {
        throw failed(folder, error);
      });
    },
    async list(within) {
      const names = await readdir(join(folder, within), {recursive: true}).catch((error: unknown) => {
        if (isMissing(error)) return [];
        throw failed(folder, error);
      });
      const found: StoredObject[] = [];
      for (const name of names.sort()) {
        const path = within === "" ? name : `${within}/${name}`;
        const entry = await stat(join(folder, path)).catch(() => null);
        if (entry?.isFile() && !name.endsWith(".part"))
          found.push({name: path.replaceAll("\\", "/"), bytes: entry.size});
      }
      return found;
    }
  };
}

function isMissing(error: unknown): boolean {
  const {code} = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR";
}

function failed(folder: string, cause: unknown): WorkbookError {
  const full = isNoRoom(cause);
  return new WorkbookError(
    {
      domain: "storage",
      code: full ? "storage-full" : "storage-failed",
      fault: full
        ? `there is no room left for ${folder}`
        : `the folder ${folder} cannot be used: ${systemWords(cause)}`,
      remedy: full ? "free disk space, or name another folder" : "name a folder that can be read and written"
    },
    {cause}
  );
}
