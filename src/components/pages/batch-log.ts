import type {BatchTime} from "../views/batch-points.js";
import type {Session} from "./session.js";

/** Calls of the model in the last run. */
export interface BatchLog {
  /** In the order of the run; those of an earlier page if this one has seen no run. */
  readonly batches: readonly BatchTime[];
  /** Device of the run; "" where it is not known. */
  readonly device: string;
  stop(): void;
}

const storageKey = "workbook-batches";
const mostKept = 2000;

/**
 * Writes down how long each call of the model takes, and keeps the last run's in this tab (sessionStorage) for the chapter
 * that shows them. `onChange` hears of each call.
 */
export function batchLog(session: Session, onChange: () => void = () => {}): BatchLog {
  let {of, device, batches} = kept();
  const ofNow = () => `${session.view.data} ${session.model?.hash ?? ""}`;
  let fresh = false;
  const stop = session.on({
    running(running) {
      if (running) fresh = true;
      else if (batches.length > 0) keep({of, device, batches});
    },
    event(event) {
      if (event.type === "device") device = event.device.name;
      if (event.type !== "batch" || event.rows.length === 0 || !(event.ms > 0)) return;
      // A run that computes nothing, because all is stored, leaves the last one's times.
      if (fresh || of !== ofNow()) batches = [];
      fresh = false;
      of = ofNow();
      if (batches.length < mostKept)
        batches = [...batches, {cells: event.rows.length, length: event.length, ms: event.ms}];
      onChange();
    }
  });
  return {
    get batches() {
      return of === ofNow() ? batches : [];
    },
    get device() {
      return of === ofNow() ? device : "";
    },
    stop
  };
}

interface Kept {
  of: string;
  device: string;
  batches: BatchTime[];
}

function kept(): Kept {
  const none: Kept = {of: "", device: "", batches: []};
  try {
    return {...none, ...(JSON.parse(sessionStorage.getItem(storageKey) ?? "{}") as Partial<Kept>)};
  } catch {
    return none;
  }
}

function keep(log: Kept): void {
  try {
    sessionStorage.setItem(storageKey, JSON.stringify(log));
  } catch {
    // Storage may be denied: the chapter then shows the times of its own runs only.
  }
}
