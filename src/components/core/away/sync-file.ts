/** A file that is read and written at once, piece by piece, as HDF5's library does. Offsets and sizes are bytes. */
export interface SyncFile {
  size(): number;
  /** Fills `into` from `at` on; answers with how many bytes there were. */
  read(into: Uint8Array, at: number): number;
  /** Writes all of `from` at `at`; throws where there is no room. */
  write(from: Uint8Array, at: number): void;
  truncate(size: number): void;
}

/** A SyncFile in memory; `bytes` gives what is in it now, as a view. */
export function memoryFile(expected = 0): SyncFile & {bytes(): Uint8Array<ArrayBuffer>} {
  let held = new Uint8Array(Math.max(1024, expected));
  let size = 0;
  const reach = (end: number): void => {
    if (end > held.length) {
      const larger = new Uint8Array(Math.max(end, Math.ceil(held.length * 1.5)));
      larger.set(held.subarray(0, size));
      held = larger;
    }
    size = Math.max(size, end);
  };
  return {
    size: () => size,
    bytes: () => held.subarray(0, size),
    read(into, at) {
      const piece = held.subarray(at, Math.min(size, at + into.length));
      into.set(piece);
      return piece.length;
    },
    write(from, at) {
      reach(at + from.length);
      held.set(from, at);
    },
    truncate(next) {
      if (next > size) reach(next);
      else held.fill(0, next, size);
      size = next;
    }
  };
}
