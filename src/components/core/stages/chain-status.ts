import {isWorkbookError, WorkbookError, type ErrorDetails} from "../errors.js";
import type {StageName} from "../types.js";
import {noFacts, type RunFacts} from "./run-facts.js";
import type {StageEntry} from "./stage-entry.js";
import type {ChainStatus} from "./status.js";

/** Where a chain stands: its entries, load first, whether a run goes on on them, and what its last run told. */
export function chainStatus(chain: readonly StageEntry[], running: boolean, facts?: RunFacts): ChainStatus {
  const fault = chain.find(({error}) => error !== null)?.error ?? null;
  return {
    stages: chain.map(({status}) => status),
    running,
    estimate: chain.findLast(({status}) => status.state === "waiting")?.estimate ?? null,
    canceled: chain.some((entry) => entry.canceled),
    error: fault === null ? null : detailsOf(fault),
    ...(facts ?? noFacts())
  };
}

/** A run ended without a table that somebody waits for, and would wait for in vain. */
export function noTable(stage: StageName): WorkbookError {
  return new WorkbookError({
    domain: "usage",
    code: "no-table",
    fault: `the run ended without the table of ${stage}`,
    remedy: "run once more; fewer cells need less memory"
  });
}

/** What a person is told of an error; one that is a defect says so. */
export function detailsOf(error: unknown): ErrorDetails {
  if (isWorkbookError(error)) return error.details;
  return {
    domain: "usage",
    code: "defect",
    fault: `the workbook made a mistake (${error instanceof Error ? error.message : String(error)})`,
    remedy: "reload the page; what is finished is kept"
  };
}
