import {isWorkbookError, WorkbookError} from "../errors.js";

/** What `work` gives, or a rejection as soon as the device is lost: calls that are under way may then never answer. */
export function orLost<T>(work: Promise<T>, lost: Promise<WorkbookError> | undefined): Promise<T> {
  return lost === undefined ? work : Promise.race([work, lost.then((error) => Promise.reject(error))]);
}

/** The error of a device that is gone; `message` is what it said of itself, which may be nothing. */
export function deviceLost(name: string, message: string): WorkbookError {
  const detail = message === "" ? "" : ` (${message.replace(/\s+/g, " ").slice(0, 120)})`;
  return encoderFailed("device-lost", `${name} was lost${detail}`, "the run goes on with a new device or without one");
}

/** The error of a batch that did not go through: "out-of-memory" where the cause speaks of memory, else "run-failed". */
export function runFailed(name: string, batch: number, length: number, cause: unknown): WorkbookError {
  const text = cause instanceof Error ? cause.message : String(cause);
  const memory = /out of memory|OOM|bad_alloc|allocat|Buffer size|exceeds|too large/i.test(text);
  const fault = `${name} ${memory ? "ran out of memory" : "failed"} on ${batch} sentence${batch === 1 ? "" : "s"} of ${length} tokens`;
  return encoderFailed(memory ? "out-of-memory" : "run-failed", fault, "try again with a smaller batch", cause);
}

/** The error of a session that could not be opened: "threads-stalled" where wasm's threads did not start in time, else "no-session". */
export function noSession(fault: string, remedy: string, cause: unknown): WorkbookError {
  const stalled = cause instanceof Error && /initializing failed due to timeout/.test(cause.message);
  return encoderFailed(stalled ? "threads-stalled" : "no-session", fault, remedy, cause);
}

/** An error of domain "encoder". */
export function encoderFailed(code: string, fault: string, remedy: string, cause?: unknown): WorkbookError {
  return new WorkbookError({domain: "encoder", code, fault, remedy}, {cause});
}

/** Throws what opening a model with functions of ours failed with: the signal's reason if it was canceled, a WorkbookError as it is, else "no-session". */
export function failedToOpen(name: string, cause: unknown, signal?: AbortSignal): never {
  signal?.throwIfAborted();
  throw isWorkbookError(cause) ? cause : noSession(`${name} could not open the model`, "choose another backend", cause);
}
