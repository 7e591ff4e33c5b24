import type {ErrorDetails} from "../errors.js";
import type {CallFacts, StageName} from "../types.js";

/** Where one stage of a chain stands. "waiting": it would take long, or was canceled, and `start` lets it run. */
export interface StageStatus {
  stage: StageName;
  state: "idle" | "waiting" | "running" | "done" | "error";
  /** Of `total` cells (of umap: epochs). */
  done: number;
  total: number;
  /** Milliseconds of this stage's own work; where it was made earlier, what it took then, 0 if that was not kept. */
  ms: number;
  /** Its result was made earlier: nothing was computed now. */
  stored: boolean;
}

/** Something a person should know that does not stop the run. */
export interface RunNotice {
  stage: StageName;
  severity: "info" | "warning";
  code: string;
  message: string;
}

/** Which device a run is on. */
export interface DeviceFacts {
  backend: string;
  name: string;
  precision: string;
}

/** Where a chain stands, up to one of its stages. */
export interface ChainStatus {
  stages: StageStatus[];
  running: boolean;
  /** Milliseconds that what is missing will take, as far as it is known: the pace of this device at the last run. */
  estimate: number | null;
  /** The run was canceled, and waits. */
  canceled: boolean;
  error: ErrorDetails | null;
  notices: RunNotice[];
  device: DeviceFacts | null;
  /** Calls of the model that made the vectors: in this run, or where they are stored, in the run that made them, as far as that was kept. */
  calls: CallFacts[];
}
