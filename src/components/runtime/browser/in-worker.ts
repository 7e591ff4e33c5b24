import {wrap, type Remote} from "comlink";
import {installErrorTransfer} from "./error-transfer.js";

/** A worker that tells of its own end by a lock that it holds. */
interface HoldingWorker {
  hold(lock: string): Promise<void>;
}

let workers = 0;

/**
 * Has one task done by a worker of its own, which is ended when the task is done. Rejects as the task does, with the signal's reason at once, or
 * with `gone()` if the worker dies.
 */
export async function inWorker<W extends HoldingWorker, Answer>(
  worker: Worker,
  work: (remote: Remote<W>) => Promise<Answer>,
  {signal, gone}: {signal?: AbortSignal; gone(): Error}
): Promise<Answer> {
  installErrorTransfer();
  const remote = wrap<W>(worker);
  const ended = new Promise<never>((_, reject) => {
    const giveUp = (): void => reject(signal!.reason as Error);
    if (signal?.aborted) giveUp();
    signal?.addEventListener("abort", giveUp, {once: true});
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      reject(gone());
    });
    void watch(remote as unknown as HoldingWorker).then(() => reject(gone()));
  });
  ended.catch(() => {});
  try {
    return await Promise.race([work(remote), ended]);
  } finally {
    worker.terminate();
  }
}

/** Resolves when the worker has ended, also after a crash: the browser lets go of its lock then. */
async function watch(remote: HoldingWorker): Promise<void> {
  if (!("locks" in navigator)) return new Promise(() => {});
  const name = `uce-workbook-own-${Date.now()}-${++workers}`;
  await remote.hold(name);
  await navigator.locks.request(name, () => {});
}
