import type {MadeColumns} from "../../core/away/made-columns.js";
import type {AwayPart} from "../../core/away/away-order.js";
import type {ObsColumn} from "../../core/tables/cells.js";
import type {TableFormat} from "../table-pieces.js";
import type {PickedSource} from "./protocol.js";

/** Results that are to be written, as they cross to the worker: tables as Arrow IPC bytes. */
export interface AwayOrder {
  /** File name of what is written. */
  name: string;
  source: PickedSource;
  embeddings: Uint8Array;
  map: Uint8Array | null;
  /** Columns that were made of them. */
  made: MadeColumns;
  /** Rows of the file to take; null for all. */
  rows: Int32Array | null;
  as:
    | {format: TableFormat; part: AwayPart; obs: readonly ObsColumn[]}
    /** `key`: name in obsm. */
    | {format: "h5ad"; key: string};
}

/** A file that is ready to be saved. */
export interface AwayFile {
  blob: Blob;
  cells: number;
  /** Cells without a vector. */
  without: number;
  notes: string[];
}

/** What is done of how much: bytes of the copy, rows of a table. */
export type AwayProgress = (done: number, total: number) => void;

/** The worker's side of taking results away (through comlink). */
export interface AwayWorker {
  /** Takes a lock that ends with the worker, so that its end is noticed. */
  hold(lock: string): Promise<void>;
  /** Writes results. Rejects with a WorkbookError. */
  write(order: AwayOrder, onProgress: AwayProgress): Promise<AwayFile>;
}
