import type {Inspection} from "../../core/anndata/inspect.js";
import type {EngineOrder} from "../../core/engine/stage-engine.js";
import type {ErrorDetails} from "../../core/errors.js";
import type {Manifest} from "../../core/model/bundle.js";
import type {TableName} from "../../core/pipeline/events.js";
import type {QuestionAnswer, QuestionArguments, QuestionName} from "../../core/questions/index.js";
import type {Chain} from "../../core/stages/chain.js";
import type {FileFacts, InspectChoice} from "../../core/stages/file-facts.js";
import type {RunEvent} from "../../core/stages/stage-host.js";
import type {ObjectStore} from "../../core/store/object-store.js";
import type {StageName} from "../../core/types.js";

/** Name of a worker in which onnxruntime computes on one thread. */
export const oneThread = "one-thread";

/** A file that was picked, dropped or fetched. */
export interface PickedSource {
  blob: Blob;
  name: string;
  /** What `fileIdentity` says of it, once it is known: nobody looks twice. */
  identity?: string;
}

/** A file that is read by its address. */
export interface RemoteSource {
  address: string;
  name: string;
  /** What `remoteIdentity` says of it, once it is known. */
  identity?: string;
}

/** Where a browser has a file. */
export type BrowserSource = PickedSource | RemoteSource;

/** What is known of a model's bundle. */
export interface ModelFacts {
  name: string;
  hash: string;
  untrained: boolean;
  genes: number;
  layers: number;
  width: number;
  note: string | null;
  /** Its manifest, but for the keys of cells that it was trained on. */
  manifest: Manifest;
}

/** What the worker tells of a run; tables come as Arrow IPC bytes. */
export type WorkerEvent =
  | Exclude<RunEvent, {type: "table"}>
  | {type: "table"; stage: StageName; name: TableName; bytes: Uint8Array; stored?: true};

/**
 * The worker's side of the conversation (through comlink: every call is answered once, events come by callback). Every call says
 * which file and chain it is of; `task` is the number by which `stop` ends it at the next chance.
 */
export interface WorkbookWorker {
  /**
   * Takes a Web Lock and keeps it until the worker ends, so that its end can be noticed. `memory` is where results go that the
   * browser's storage does not take: it is the page's, and outlives the worker. At `threads` the page starts the worker's threads (`startThreadsFor`).
   */
  hold(lock: string, memory: ObjectStore, threads: MessagePort): Promise<void>;
  /** Opens a file. Rejects with a WorkbookError. `onProgress` is told how far a matrix is turned into rows, where it has to be; of an address the bytes read, of all. */
  open(
    source: BrowserSource,
    model: string | null,
    onProgress: (done: number, total: number) => void
  ): Promise<FileFacts>;
  inspect(source: BrowserSource, model: string | null, choice: InspectChoice): Promise<Inspection>;
  model(address: string | null): Promise<ModelFacts>;
  /** See `StageEngine.run`. Rejects with a WorkbookError, or an AbortError after `stop`. */
  run(
    task: number,
    order: EngineOrder<BrowserSource>,
    onEvent: (event: WorkerEvent) => void
  ): Promise<StageName | null>;
  /** Answers a question about a chain. Rejects with a WorkbookError, or an AbortError after `stop`. */
  ask<Name extends QuestionName>(
    task: number,
    source: BrowserSource,
    chain: Chain,
    name: Name,
    args: QuestionArguments<Name>,
    onProgress: (done: number, total: number) => void
  ): Promise<QuestionAnswer<Name>>;
  /** Ends a task at the next chance; a call of the model that is under way is not interrupted. */
  stop(task: number): void;
}

/** How an error crosses between worker and page: comlink alone would lose its fields. */
export type ThrownError =
  | {kind: "workbook"; details: ErrorDetails}
  | {kind: "abort"}
  | {kind: "defect"; message: string; stack: string | undefined};
