import type {Stage} from "../core/stages/stage.js";
import type {ChainStatus} from "../core/stages/status.js";
import type {BatchTime} from "../views/batch-points.js";

const storageKey = "workbook-batches";
const mostKept = 2000;

/** Calls of the model in a run that computed vectors: those with cells and a time, 2,000 at most; none of a run that found all stored. */
export function timedCalls({calls}: ChainStatus): BatchTime[] {
  return calls.filter(({cells, ms}) => cells > 0 && ms > 0).slice(0, mostKept);
}

/** Keeps the calls of a run in this tab, for the page that shows them; a run without calls leaves what is kept. */
export function keepCalls({file, chain}: Stage, status: ChainStatus): void {
  const calls = timedCalls(status);
  if (status.running || calls.length === 0) return;
  try {
    sessionStorage.setItem(storageKey, JSON.stringify({of: keyOf(file.identity, chain.model), calls}));
  } catch {
    // Storage may be denied: the times of this page's own runs are shown all the same.
  }
}

/** Calls of the last run on the stage's file with its model in this tab; empty if none are kept. */
export function keptCalls({file, chain}: Stage): BatchTime[] {
  try {
    const kept = JSON.parse(sessionStorage.getItem(storageKey) ?? "{}") as {of?: string; calls?: BatchTime[]};
    return kept.of === keyOf(file.identity, chain.model) ? (kept.calls ?? []) : [];
  } catch {
    return [];
  }
}

const keyOf = (identity: string, model: string | null): string => `${identity} ${model ?? ""}`;
