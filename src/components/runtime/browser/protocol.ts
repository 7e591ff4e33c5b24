import type {Inspection} from "../../core/anndata/inspect.js";
import type {ErrorDetails} from "../../core/errors.js";
import type {PipelineEvent, TableName} from "../../core/pipeline/events.js";
import type {PipelineParameters} from "../../core/parameters.js";
import type {Reuse} from "../../core/pipeline/run-stored.js";
import type {ObsColumn} from "../../core/tables/cells.js";
import type {StageName} from "../../core/types.js";
import type {ServiceAnswer, ServiceArguments, ServiceName} from "./services/index.js";

/** Which backend a run may use: "auto" takes a real GPU if there is one, else wasm. */
export type BackendChoice = "auto" | "webgpu" | "wasm";

/** What the worker finds in a file that was opened. */
export interface OpenedFile {
  name: string;
  bytes: number;
  identity: string;
  inspection: Inspection;
  cellIds: string[];
  /** obs columns of all cells; damaged ones are left out. */
  obs: ObsColumn[];
  /** Maps that the file brings (obsm), best first: those with two columns or more, by their first two. */
  maps: {name: string; positions: Float32Array}[];
}

/** What the worker knows of the embedded model. */
export interface ModelFacts {
  name: string;
  hash: string;
  untrained: boolean;
  genes: number;
  layers: number;
  width: number;
  note: string | null;
}

/** One run, as the page asks for it. */
export interface RunRequest {
  parameters: PipelineParameters;
  rows: Int32Array | null;
  backend: BackendChoice;
  /** Stage to stop after. */
  until: StageName;
  /** How stored results are used. */
  reuse: Reuse;
  /** Vectors that an interrupted run of the same request had finished: rows, and one vector after the other. */
  finished: {rows: Int32Array; vectors: Float32Array} | null;
}

/** Which device a run is on. */
export interface DeviceFacts {
  backend: string;
  name: string;
  precision: string;
}

/** What the worker tells of a run; tables come as Arrow IPC bytes. */
export type WorkerEvent =
  | Exclude<PipelineEvent, {type: "table"}>
  | {type: "table"; stage: StageName; name: TableName; bytes: Uint8Array; stored?: true}
  | {type: "device"; device: DeviceFacts};

/** The worker's side of the conversation (through comlink: every call is answered once, events come by callback). */
export interface WorkbookWorker {
  /** Takes a Web Lock and keeps it until the worker ends, so that its end can be noticed. */
  hold(lock: string): Promise<void>;
  /** Opens a file; the one that was open is closed. `identity`: if the page has looked for it already. Rejects with a WorkbookError. */
  open(
    file: Blob,
    name: string,
    parameters: {matrix: string | null; geneColumn: string | null; repair?: readonly string[]; identity?: string}
  ): Promise<OpenedFile>;
  model(): Promise<ModelFacts>;
  /**
   * Runs the chain on the open file; stages whose results are stored are told, not run. Answers with the last stage that is
   * whole (null: none is). Rejects with a WorkbookError, or an AbortError after `cancel`.
   */
  run(request: RunRequest, onEvent: (event: WorkerEvent) => void): Promise<StageName | null>;
  /** Asks a service about the open file; `task` is the number by which `stop` can end it. Rejects with a WorkbookError, or an AbortError. */
  ask<Name extends ServiceName>(
    task: number,
    name: Name,
    args: ServiceArguments<Name>,
    onProgress: (done: number, total: number) => void
  ): Promise<ServiceAnswer<Name>>;
  /** Ends what `ask` was asked, at the next chance. */
  stop(task: number): void;
  /** Ends the run at the next chance; a call of the model that is under way is not interrupted. */
  cancel(): void;
  /** For tests of what happens when it goes: destroys the GPU device in use. */
  loseDevice(): void;
}

/** How an error crosses between worker and page: comlink alone would lose its fields. */
export type ThrownError =
  | {kind: "workbook"; details: ErrorDetails}
  | {kind: "abort"}
  | {kind: "defect"; message: string; stack: string | undefined};
