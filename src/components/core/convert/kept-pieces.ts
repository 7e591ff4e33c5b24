import {sha256} from "../sha256.js";
import type {ObjectStore} from "../store/object-store.js";

/** What an unfinished conversion has fetched or folded, kept so that the next one goes on there. */
export interface KeptPieces {
  /** Pieces that stand there now. */
  readonly count: number;
  /** A piece with the label it was written with; null if there is none, or if it is not what was written. */
  read(key: string): Promise<{bytes: Uint8Array<ArrayBuffer>; label: string} | null>;
  /** Keeps a piece. `key` and `label` are of letters, digits, "-" and "_". Rejects as the store does. */
  write(key: string, label: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
}

/**
 * The pieces of one conversion in `store`. `identity` says of what (a hash of the source's identity, the configuration and the
 * genes): pieces of any other conversion are removed. A piece's name holds the hash of its bytes, so one that was damaged is
 * noticed, removed and made again. Rejects with a WorkbookError of domain "storage".
 */
export async function openKeptPieces(store: ObjectStore, identity: string): Promise<KeptPieces> {
  const names = new Map<string, {name: string; label: string; check: string}>();
  for (const {name} of await store.list("")) {
    const [folder, file] = name.split("/");
    const [key, label, check] = (file ?? "").split(".");
    if (folder !== identity || check === undefined) await store.remove(name);
    else names.set(key, {name, label, check});
  }
  return {
    get count() {
      return names.size;
    },
    async read(key) {
      const entry = names.get(key);
      if (entry === undefined) return null;
      const bytes = await store.read(entry.name);
      if (bytes !== null && (await sha256(bytes)).startsWith(entry.check)) return {bytes, label: entry.label};
      names.delete(key);
      await store.remove(entry.name);
      return null;
    },
    async write(key, label, bytes) {
      const check = (await sha256(bytes)).slice(0, 32);
      const name = `${identity}/${key}.${label}.${check}`;
      await store.write(name, bytes);
      names.set(key, {name, label, check});
    }
  };
}

/** The pieces of one part of a conversion, apart from those of its other parts; `part` is of letters and digits. */
export function piecesOf(pieces: KeptPieces, part: string): KeptPieces {
  return {
    get count() {
      return pieces.count;
    },
    read: (key) => pieces.read(`${part}-${key}`),
    write: (key, label, bytes) => pieces.write(`${part}-${key}`, label, bytes)
  };
}
