import {proxy, wrap, type Remote} from "comlink";
import {WorkbookError} from "../../core/errors.js";
import {installErrorTransfer} from "./error-transfer.js";
import type {ModelProgress} from "../../core/model/adding-model.js";
import type {MeasuredVariants} from "../../core/model/measured-variants.js";
import type {ConvertWorker, MadeModel, MeasureOrder, ModelOrder} from "./model-protocol.js";

/** How a model is made. */
export interface MakeOptions {
  /** Aborted when it is no longer wanted; what was fetched stays for the next time. */
  signal?: AbortSignal;
  onProgress?(progress: ModelProgress): void;
}

let workers = 0;

/**
 * Fetches or converts a model into this browser's storage, in a worker of its own, which alone loads the converter. Rejects with a WorkbookError,
 * or with the signal's reason at once: the worker is ended, and the same order goes on later where it was.
 */
export function makeModel(order: ModelOrder, {signal, onProgress}: MakeOptions = {}): Promise<MadeModel> {
  return inWorker(
    (remote) =>
      remote.make(
        order,
        proxy((progress: ModelProgress) => onProgress?.(progress))
      ),
    signal
  );
}

/**
 * Makes smaller variants of a kept model in that worker, and measures them on cells of a file. Rejects as `makeModel` does; what was embedded is
 * kept, and the same order goes on there.
 */
export function measureModel(order: MeasureOrder, {signal, onProgress}: MakeOptions = {}): Promise<MeasuredVariants> {
  return inWorker(
    (remote) =>
      remote.measure(
        order,
        proxy((progress: ModelProgress) => onProgress?.(progress))
      ),
    signal
  );
}

/** Removes what conversions that were not ended have left in this browser. Rejects with a WorkbookError of domain "storage". */
export function forgetUnfinishedModels(): Promise<void> {
  return inWorker((remote) => remote.forget());
}

async function inWorker<Answer>(
  work: (remote: Remote<ConvertWorker>) => Promise<Answer>,
  signal?: AbortSignal
): Promise<Answer> {
  signal?.throwIfAborted();
  installErrorTransfer();
  // The literal name is what makes Framework compile, hash and ship the worker.
  const worker = new Worker(import.meta.resolve("./convert.worker.js"), {type: "module"});
  const remote = wrap<ConvertWorker>(worker);
  const ended = new Promise<never>((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason as Error), {once: true});
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      reject(gone());
    });
    void watch(remote).then(() => reject(gone()));
  });
  ended.catch(() => {});
  try {
    return await Promise.race([work(remote), ended]);
  } finally {
    worker.terminate();
  }
}

/** Resolves when the worker has ended, also after a crash: the browser lets go of its lock then. */
async function watch(remote: Remote<ConvertWorker>): Promise<void> {
  if (!("locks" in navigator)) return new Promise(() => {});
  const name = `uce-workbook-converter-${Date.now()}-${++workers}`;
  await remote.hold(name);
  await navigator.locks.request(name, () => {});
}

function gone(): WorkbookError {
  return new WorkbookError({
    domain: "encoder",
    code: "worker-gone",
    fault: "the converter stopped, probably out of memory",
    remedy: "close other tabs and go on: what was fetched and folded is kept"
  });
}
