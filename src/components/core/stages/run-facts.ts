import type {RunEvent} from "./stage-host.js";
import type {ChainStatus} from "./status.js";

/** What a run has told beside its tables. */
export type RunFacts = Pick<ChainStatus, "notices" | "device" | "calls">;

/** The facts of a run that has told nothing yet. */
export function noFacts(): RunFacts {
  return {notices: [], device: null, calls: []};
}

/** Adds what an event tells to a run's facts. A notice takes the place of the one of its code. */
export function addFact(facts: RunFacts, event: RunEvent): void {
  const others = (code: string) => facts.notices.filter((known) => known.code !== code);
  if (event.type === "batch") {
    facts.calls = [...facts.calls, {cells: event.rows.length, length: event.length, ms: event.ms}];
  } else if (event.type === "calls") {
    facts.calls = event.calls;
  } else if (event.type === "device") {
    facts.device = event.device;
  } else if (event.type === "notice") {
    const {stage, severity, code, message} = event;
    facts.notices = [...others(code), {stage, severity, code, message}];
  } else if (event.type === "progress") {
    // A run that goes on waits for no other any more.
    facts.notices = others("queued");
  }
}
