/**
 * Bytes that can be read from any place, at once: a file on disk, a picked Blob in a worker, a part of either, blocks of a file
 * on a server. Reading is synchronous, since HDF5's library is, and so is everything that reads AnnData.
 */
export interface ByteFile {
  /** Name without folders, for messages. */
  readonly name: string;
  /** Size in bytes. */
  readonly byteLength: number;
  /**
   * Bytes from `start` up to, not including, `end`; 0 <= start <= end <= byteLength. Throws a WorkbookError where they do not come ("file-changed",
   * "unreadable").
   */
  read(start: number, end: number): Uint8Array<ArrayBuffer>;
  close(): void;
}

/** A part of `file`, from `start` up to `end`, as a file of its own; closing it closes nothing. */
export function partOf(file: ByteFile, name: string, start: number, end: number): ByteFile {
  return {
    name,
    byteLength: end - start,
    read: (from, to) => file.read(start + from, start + to),
    close: () => {}
  };
}

/** Bytes in memory as a file. */
export function bytesInMemory(name: string, bytes: Uint8Array<ArrayBuffer>): ByteFile {
  return {name, byteLength: bytes.length, read: (start, end) => bytes.slice(start, end), close: () => {}};
}
