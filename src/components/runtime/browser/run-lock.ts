import type {WorkerEvent} from "./protocol.js";

const runLock = "uce-workbook-run";

const queued: WorkerEvent = {
  type: "notice",
  stage: "load",
  severity: "info",
  code: "queued",
  message: "Another tab is running; this run starts when it finishes"
};

/** Calls `work` while this tab holds the right to run, one tab at a time; tells of a notice if another tab has it. */
export async function withRunLock<Answer>(
  signal: AbortSignal,
  onEvent: (event: WorkerEvent) => void,
  work: () => Promise<Answer>
): Promise<Answer> {
  if (!("locks" in navigator)) return work();
  const free = await navigator.locks.request(runLock, {ifAvailable: true}, async (lock) =>
    lock === null ? null : {answer: await work()}
  );
  if (free !== null) return free.answer;
  onEvent(queued);
  return navigator.locks.request(runLock, {signal}, work);
}
