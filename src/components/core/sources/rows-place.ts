import type {ByteFile} from "./byte-file.js";

/** A file of rows that is being written, at any place. */
export interface RowsWriter {
  /** Throws a WorkbookError of domain "storage" where there is no room. */
  write(at: number, bytes: Uint8Array): void;
  /** The written file, from now on found by its name. */
  finish(): Promise<ByteFile>;
  /** Removes what was written. */
  abandon(): Promise<void>;
}

/** Where a machine keeps counts that were turned into rows: a folder in Node, the browser's storage. */
export interface RowsPlace {
  /** The file of this name, if it was finished once; null if not. */
  find(name: string): Promise<ByteFile | null>;
  /** Begins a file of `byteLength` bytes. Rejects with a WorkbookError of domain "storage" where it cannot. */
  create(name: string, byteLength: number): Promise<RowsWriter>;
}
