import type {ReferenceFiles} from "../../core/reference/reference-files.js";
import type {PickedFile} from "./picked-source.js";

/** Where a reference is: files that were picked or dropped (a folder's, a zip, one file), or an address that a person agreed to. */
export type ReferenceOrigin = {files: readonly PickedFile[]} | {address: string};

/** A reference that is wanted. */
export interface ReferenceOrder {
  from: ReferenceOrigin;
  /** Column of labels, of cells that are no reference yet; null asks which there are. */
  by: string | null;
}

/** A reference's files; or, of embedded cells where the column has to be named, the columns that group them. */
export type ReferenceFound =
  | {kind: "reference"; files: ReferenceFiles}
  | {kind: "columns"; name: string; columns: {name: string; groups: number}[]};

/** The worker's side of adding a reference (through comlink). */
export interface ReferenceWorker {
  /** Takes a lock that ends with the worker, so that its end is noticed. */
  hold(lock: string): Promise<void>;
  /** Reads, verifies and, of embedded cells, makes a reference; progress is the share done. Rejects with a WorkbookError. */
  read(order: ReferenceOrder, onProgress: (share: number) => void): Promise<ReferenceFound>;
}
