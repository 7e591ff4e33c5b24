import type {Table} from "apache-arrow";
import {isWorkbookError} from "../errors.js";
import {sha256} from "../sha256.js";
import {tableFromBytes, tableToStreamBytes} from "../tables/file.js";
import type {ObjectStore} from "./object-store.js";

/** Tables by the address of what made them. */
export interface ResultStore {
  readonly objects: ObjectStore;
  /** The table `name` of the result `key`; null if it is not there. One that is damaged is removed, and is not there. */
  read(key: string, name: string): Promise<Table | null>;
  /** Keeps a table; one that is there already is not written again, which is not looked for where its name `isNew`. Rejects as the object store does. */
  write(key: string, name: string, table: Table, options?: {isNew?: boolean}): Promise<void>;
  /** The tables of `key` whose names begin with `prefix`, one after the other: they may be more than memory holds. */
  each(key: string, prefix: string): AsyncGenerator<Table>;
  remove(key: string, name: string): Promise<void>;
}

const folder = "results";

/**
 * A result store in an object store: `results/KEY/NAME.HASH.arrow`, where HASH is of the bytes, so that a file says by
 * its name whether it is whole, and two tabs that write the same result write the same file.
 */
export function createResultStore(objects: ObjectStore): ResultStore {
  /** Paths of a key's tables, in their order. */
  async function find(key: string, fits: (name: string) => boolean): Promise<string[]> {
    const within = `${folder}/${key}`;
    const names = (await objects.names?.(within)) ?? (await objects.list(within)).map(({name}) => name);
    return names.filter((name) => fits(tableName(name))).sort();
  }

  async function open(name: string): Promise<Table | null> {
    const bytes = await objects.read(name);
    if (bytes === null) return null;
    if ((await contentHash(bytes)) === hashInName(name)) {
      try {
        return tableFromBytes(bytes, name);
      } catch (error) {
        if (!isWorkbookError(error)) throw error;
      }
    }
    await objects.remove(name);
    return null;
  }

  return {
    objects,
    async read(key, name) {
      for (const object of await find(key, (found) => found === name)) {
        const table = await open(object);
        if (table !== null) return table;
      }
      return null;
    },
    async write(key, name, table, {isNew = false} = {}) {
      const bytes = tableToStreamBytes(table);
      const path = `${folder}/${key}/${name}.${await contentHash(bytes)}.arrow`;
      const known = isNew ? [] : await find(key, (found) => found === name);
      if (known.includes(path)) return;
      await objects.write(path, bytes);
    },
    async *each(key, prefix) {
      for (const object of await find(key, (name) => name.startsWith(prefix))) {
        const table = await open(object);
        if (table !== null) yield table;
      }
    },
    async remove(key, name) {
      for (const object of await find(key, (found) => found === name)) await objects.remove(object);
    }
  };
}

/** What the results in a store take. */
export async function storedResults(objects: ObjectStore): Promise<{results: number; bytes: number}> {
  const all = await objects.list(folder);
  return {
    results: new Set(all.map(({name}) => name.split("/")[1])).size,
    bytes: all.reduce((sum, {bytes}) => sum + bytes, 0)
  };
}

/** Removes every result from a store. */
export async function clearResults(objects: ObjectStore): Promise<void> {
  for (const {name} of await objects.list(folder)) await objects.remove(name);
}

async function contentHash(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return (await sha256(bytes)).slice(0, 32);
}

function tableName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).split(".")[0];
}

function hashInName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).split(".")[1] ?? "";
}
