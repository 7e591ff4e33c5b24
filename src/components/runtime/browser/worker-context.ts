import type {AnnData} from "../../core/anndata/anndata.js";
import type {AliasTable} from "../../core/cells/alias-table.js";
import type {Encoder} from "../../core/embed/encoder.js";
import type {FallbackListener} from "../../core/embed/resilient-encoder.js";
import type {Bundle} from "../../core/model/bundle.js";
import type {LayoutEngine} from "../../core/space/layout.js";
import type {Embeddings} from "../../core/tables/embeddings.js";
import type {BackendChoice} from "./protocol.js";

/** The file that the worker has open. */
export interface WorkerFile {
  anndata: AnnData;
  /** What `fileIdentity` says of it. */
  identity: string;
}

/** Vectors of the last run on the open file, or of the store. */
export interface WorkerVectors {
  cells: Embeddings;
  /** The matrix that they were computed from. */
  matrix: string;
}

/** What the worker has at hand for every service. */
export interface WorkerContext {
  /** The model's bundle, loaded once. Rejects with a WorkbookError. */
  model(): Promise<Bundle>;
  /** The open file. Throws the WorkbookError "no-file" if none is. */
  file(): WorkerFile;
  /** Vectors of the open file; null before a run. */
  vectors(): WorkerVectors | null;
  /** Opens the model on the best device that `backend` allows; the caller closes it. */
  openEncoder(backend: BackendChoice, onFallback: FallbackListener, signal?: AbortSignal): Promise<Encoder>;
  /** The table of previous and alias symbols, loaded once, when names ask for it. */
  aliases(): Promise<AliasTable>;
  readonly layoutEngine: LayoutEngine;
}

/** What every service is told beside its arguments. */
export interface TaskOptions {
  /** Aborted when the page no longer wants the answer. */
  signal: AbortSignal;
  /** Tells the page how far it is: `done` of `total` of whatever the service counts. */
  onProgress(done: number, total: number): void;
}

/** A question that the page can ask of the open file: `WorkbookClient.ask`. Arguments and answer cross between threads. */
export type Service<Arguments, Answer> = (
  context: WorkerContext,
  args: Arguments,
  options: TaskOptions
) => Promise<Answer>;
