import {sha256} from "../sha256.js";

/** What a conversion has read of a checkpoint, piece by piece, each with its SHA-256. */
export interface ReadLog {
  /** Hashes the bytes of a piece and remembers it; returns the hash in hex. */
  add(piece: string, bytes: Uint8Array<ArrayBuffer>): Promise<string>;
  /** Remembers a piece that was read and hashed by an earlier run. */
  note(piece: string, hash: string, byteCount: number): void;
  /** The hash of a piece that was read; undefined for one that was not. */
  hashOf(piece: string): string | undefined;
  /** Bytes of all pieces, and one SHA-256 over their names and hashes, in the order of their names. */
  summary(): Promise<{bytes: number; sha256: string}>;
}

/**
 * An empty log. Pieces are named by what they are (a tensor, some of its rows), not by where they lie, so that one checkpoint
 * has one summary in a folder, on a host, in shards.
 */
export function createReadLog(): ReadLog {
  const pieces = new Map<string, {hash: string; byteCount: number}>();
  return {
    async add(piece, bytes) {
      const hash = await sha256(bytes);
      pieces.set(piece, {hash, byteCount: bytes.byteLength});
      return hash;
    },
    note: (piece, hash, byteCount) => void pieces.set(piece, {hash, byteCount}),
    hashOf: (piece) => pieces.get(piece)?.hash,
    async summary() {
      const ordered = [...pieces].sort(([a], [b]) => (a < b ? -1 : 1));
      const text = ordered.map(([piece, {hash}]) => `${piece} ${hash}\n`).join("");
      const bytes = ordered.reduce((sum, [, {byteCount}]) => sum + byteCount, 0);
      return {bytes, sha256: await sha256(new TextEncoder().encode(text))};
    }
  };
}
