/** A file of the visitor's that the browser remembers the place of, by its identity. */
export interface KeptHandle {
  identity: string;
  handle: FileHandle;
  /** Milliseconds since 1970. */
  kept: number;
}

/** What lib.dom lacks of a file handle: its permissions. */
export interface FileHandle extends FileSystemFileHandle {
  queryPermission(mode: {mode: "read"}): Promise<PermissionState>;
  requestPermission(mode: {mode: "read"}): Promise<PermissionState>;
}

const [database, objects] = ["uce-workbook-files", "handles"];
/** Most places that are remembered. */
const mostKept = 8;

/** Remembers where a file lies; the oldest places go first. Rejects where the browser's database may not be used. */
export async function keepHandle(identity: string, handle: FileHandle): Promise<void> {
  const db = await openDatabase();
  try {
    const old = (await allOf(db)).filter((kept) => kept.identity !== identity).sort((a, b) => b.kept - a.kept);
    const store = db.transaction(objects, "readwrite").objectStore(objects);
    for (const {identity: gone} of old.slice(mostKept - 1)) store.delete(gone);
    await answer(store.put({identity, handle, kept: Date.now()} satisfies KeptHandle));
  } finally {
    db.close();
  }
}

/** The places of files that are remembered; none where the browser's database may not be used. */
export async function keptHandles(): Promise<KeptHandle[]> {
  try {
    const db = await openDatabase();
    return await allOf(db).finally(() => db.close());
  } catch {
    return [];
  }
}

/** Forgets the place of one file, or of all. Rejects where the browser's database may not be used. */
export async function forgetHandles(identity?: string): Promise<void> {
  const db = await openDatabase();
  try {
    const store = db.transaction(objects, "readwrite").objectStore(objects);
    await answer(identity === undefined ? store.clear() : store.delete(identity));
  } finally {
    db.close();
  }
}

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(database, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(objects, {keyPath: "identity"});
  return answer(request);
}

function allOf(db: IDBDatabase): Promise<KeptHandle[]> {
  return answer(db.transaction(objects).objectStore(objects).getAll() as IDBRequest<KeptHandle[]>);
}

function answer<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the browser's database refused"));
  });
}
