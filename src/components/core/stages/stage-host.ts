import type {PipelineEvent} from "../pipeline/events.js";
import type {Reuse} from "../pipeline/run-stored.js";
import type {StageName} from "../types.js";
import type {StageDescription} from "./stage.js";
import type {DeviceFacts} from "./status.js";

/** A run as the scheduler orders it. */
export interface RunOrder {
  /** Last stage to run. */
  until: StageDescription;
  /** Stages whose tables are wanted although they grow with the file (probabilities, sentences). */
  wanted: readonly StageName[];
  /** See `runStored`. */
  reuse: Reuse;
}

/** What a run tells: the pipeline's events, and the device it is on. */
export type RunEvent = PipelineEvent | {type: "device"; device: DeviceFacts};

/** Who computes, and who decides what may begin unasked. */
export interface StageHost {
  /**
   * Runs what is missing of a chain; answers with the last stage that is whole (null: none is, with `reuse` "only").
   * Rejects with a WorkbookError, or an AbortError once the signal is aborted, within a second.
   */
  run(order: RunOrder, onEvent: (event: RunEvent) => void, signal: AbortSignal): Promise<StageName | null>;
  /**
   * Whether a stage may begin unasked, and how many milliseconds it will take as far as that is known. `missing` are the stages of
   * its chain whose tables are not at hand.
   */
  permission(stage: StageDescription, missing: ReadonlySet<StageName>): Promise<{allowed: boolean; ms: number | null}>;
  /** True where a person sees the status and a Run button: tables then wait there after a fault or Cancel for the next run. */
  readonly attended: boolean;
  /** Told the address of the stage that a run goes to, and null when it has ended: what is cut off in between may go on later. */
  mark?(address: string | null): void;
}
