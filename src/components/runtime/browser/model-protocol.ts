import type {ModelProgress} from "../../core/model/adding-model.js";
import type {MeasuredVariants} from "../../core/model/measured-variants.js";
import type {LoadParameters} from "../../core/pipeline/prepare-cells.js";
import type {PickedFile} from "./picked-source.js";

/** Where a model is to be had: an address, or files that were picked or dropped. */
export type ModelOrigin =
  {address: string; revision?: string; hosts?: readonly string[]} | {files: readonly PickedFile[]};

/** Which genes a conversion is of: the human table that comes with the site (null), or a checkpoint's own gene dictionary. */
export type GeneOrigin = null | {file: Blob; name: string} | {address: string};

/** A model that is wanted: a checkpoint is converted, a bundle is taken as it is; which of both it is, its files say. */
export interface ModelOrder {
  from: ModelOrigin;
  genes: GeneOrigin;
  /** Species to take of the gene dictionary. */
  species: readonly string[];
}

/** A model that this browser now keeps. */
export interface MadeModel {
  hash: string;
  name: string;
}

/** Smaller variants of a kept model that are wanted, and the cells to measure them on. */
export interface MeasureOrder {
  hash: string;
  file: {blob: Blob; name: string};
  /** Matrix and names of genes as somebody chose them. */
  load?: LoadParameters;
}

/** The converter's side of the conversation (through comlink). It does one thing and is ended then; Cancel ends it. */
export interface ConvertWorker {
  /** Takes a Web Lock and keeps it until the worker ends, so that its end can be noticed. */
  hold(lock: string): Promise<void>;
  /** Rejects with a WorkbookError; what was fetched and folded stays for the next time. */
  make(order: ModelOrder, onProgress: (progress: ModelProgress) => void): Promise<MadeModel>;
  /** See `makeVariants`. Rejects with a WorkbookError; what was embedded stays for the next time. */
  measure(order: MeasureOrder, onProgress: (progress: ModelProgress) => void): Promise<MeasuredVariants>;
  /** Removes what conversions that were not ended have left. */
  forget(): Promise<void>;
}
