/** A stored object, without its bytes. */
export interface StoredObject {
  /** Its path in the store: names of letters, digits, "-", "_" and ".", separated by "/". */
  name: string;
  bytes: number;
}

/**
 * A place that keeps named bytes: OPFS in the browser, a folder in Node, memory where neither may be used. Objects are
 * immutable (a name says what is in it), so two writers of one name write the same and cannot harm each other; a write
 * that is interrupted leaves nothing. Methods reject with a WorkbookError of domain "storage": "storage-full" where there
 * is no room, "storage-denied" where nothing may be kept.
 */
export interface ObjectStore {
  /** What people call it ("this browser's storage"). */
  readonly name: string;
  /** The bytes of an object; null if there is none of that name. */
  read(name: string): Promise<Uint8Array<ArrayBuffer> | null>;
  write(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Deletes an object; one that is not there is no fault. */
  remove(name: string): Promise<void>;
  /** All objects under a folder ("" for all), in the order of their names. */
  list(folder: string): Promise<StoredObject[]>;
  /** Names of these objects, in no order, where that takes less than `list`. */
  names?(folder: string): Promise<string[]>;
}

/** An object store that lives as long as the page or process. */
export function memoryStore(): ObjectStore {
  const objects = new Map<string, Uint8Array<ArrayBuffer>>();
  const within = (folder: string) => (folder === "" ? "" : `${folder}/`);
  return {
    name: "this page's memory",
    read: async (name) => objects.get(name)?.slice() ?? null,
    write: async (name, bytes) => void objects.set(name, bytes.slice()),
    remove: async (name) => void objects.delete(name),
    async list(folder) {
      return [...objects]
        .filter(([name]) => name.startsWith(within(folder)))
        .map(([name, {length}]) => ({name, bytes: length}))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    // A worker has the page's memory by a proxy, which cannot say that a method is not there.
    names: async (folder) => [...objects.keys()].filter((name) => name.startsWith(within(folder)))
  };
}
