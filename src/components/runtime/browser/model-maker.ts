import {proxy, type Remote} from "comlink";
import {WorkbookError} from "../../core/errors.js";
import type {ModelProgress} from "../../core/model/adding-model.js";
import type {MeasuredVariants} from "../../core/model/measured-variants.js";
import {inWorker} from "./in-worker.js";
import type {ConvertWorker, MadeModel, MeasureOrder, ModelOrder} from "./model-protocol.js";
import {toldUntilOver} from "./told-until-over.js";

/** How a model is made. */
export interface MakeOptions {
  /** Aborted when it is no longer wanted; what was fetched stays for the next time. */
  signal?: AbortSignal;
  onProgress?(progress: ModelProgress): void;
}

/**
 * Fetches or converts a model into this browser's storage, in a worker of its own, which alone loads the converter. Rejects with a WorkbookError,
 * or with the signal's reason at once: the worker is ended, and the same order goes on later where it was.
 */
export async function makeModel(
  order: ModelOrder,
  {signal, onProgress = () => {}}: MakeOptions = {}
): Promise<MadeModel> {
  return toldUntilOver(onProgress, (tell) => convert((remote) => remote.make(order, proxy(tell)), signal));
}

/**
 * Makes smaller variants of a kept model in that worker, and measures them on cells of a file. Rejects as `makeModel` does; what was embedded is
 * kept, and the same order goes on there.
 */
export async function measureModel(
  order: MeasureOrder,
  {signal, onProgress = () => {}}: MakeOptions = {}
): Promise<MeasuredVariants> {
  return toldUntilOver(onProgress, (tell) => convert((remote) => remote.measure(order, proxy(tell)), signal));
}

/** Removes what conversions that were not ended have left in this browser. Rejects with a WorkbookError of domain "storage". */
export async function forgetUnfinishedModels(): Promise<void> {
  return convert((remote) => remote.forget());
}

function convert<Answer>(
  work: (remote: Remote<ConvertWorker>) => Promise<Answer>,
  signal?: AbortSignal
): Promise<Answer> {
  signal?.throwIfAborted();
  // The literal name is what makes Framework compile, hash and ship the worker.
  const worker = new Worker(import.meta.resolve("./convert.worker.js"), {type: "module"});
  return inWorker(worker, work, {signal, gone});
}

function gone(): WorkbookError {
  return new WorkbookError({
    domain: "encoder",
    code: "worker-gone",
    fault: "the converter stopped, probably out of memory",
    remedy: "close other tabs and go on: what was fetched and folded is kept"
  });
}
