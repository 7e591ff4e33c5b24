import type {ResultStore} from "../store/result-store.js";
import type {StageKeys} from "../store/stage-keys.js";
import {readTimes, timesTable, type StageTimes} from "../tables/times.js";
import {stageNames, type StageName} from "../types.js";
import type {PipelineEvent} from "./events.js";

/** Times of a run, kept beside its results. */
export interface TimeKeeper {
  /** What is told in place of an event: a stage that was stored comes with the time that it once took, and the calls of the model before it. */
  told(event: PipelineEvent): PipelineEvent[];
  /**
   * Stores the times of what was computed; of a run that was cut off (`finished` false) only where none are kept yet, since an earlier
   * result with its times then stays. Rejects as the store does.
   */
  save(finished: boolean): Promise<void>;
}

/** Each stage's times are beside its result. */
const addressOf: Record<StageName, keyof StageKeys> = {
  load: "load",
  normalize: "load",
  sample: "sample",
  embed: "embed",
  umap: "umap"
};
const nameOf = (stage: StageName): string => `times-${stage}`;

/**
 * Reads the times that are kept beside the results of `keys`, and keeps those of a run. Where a run goes on after one that was cut off
 * (`resumes`), its calls are added to those of the other.
 */
export async function timeKeeper(store: ResultStore, keys: StageKeys, resumes: boolean): Promise<TimeKeeper> {
  const kept = new Map<StageName, StageTimes>();
  for (const stage of stageNames) {
    const table = await store.read(keys[addressOf[stage]], nameOf(stage));
    if (table !== null) kept.set(stage, readTimes(table));
  }
  const before = resumes ? kept.get("embed") : undefined;
  const measured = new Map<StageName, number>();
  const calls = [...(before?.calls ?? [])];
  return {
    told(event) {
      if (event.type === "batch") calls.push({cells: event.rows.length, length: event.length, ms: event.ms});
      if (event.type !== "progress") return [event];
      if (event.stored === undefined) {
        measured.set(event.stage, event.ms);
        return [event];
      }
      const times = kept.get(event.stage);
      if (times === undefined) return [event];
      const timed = {...event, ms: times.ms};
      return times.calls.length === 0 ? [timed] : [{type: "calls", stage: event.stage, calls: times.calls}, timed];
    },
    async save(finished) {
      for (const [stage, ms] of measured) {
        const goesOn = stage === "embed" && before !== undefined;
        if (!finished && kept.has(stage) && !goesOn) continue;
        const times = stage === "embed" ? {ms: ms + (before?.ms ?? 0), calls} : {ms, calls: []};
        const key = keys[addressOf[stage]];
        await store.remove(key, nameOf(stage));
        await store.write(key, nameOf(stage), timesTable(times));
      }
    }
  };
}
