import {availableParallelism} from "node:os";
import {Worker} from "node:worker_threads";
import {WorkbookError} from "../core/errors.js";
import type {FoldWeights} from "../core/convert/fold-rows.js";
import {inlineFolder} from "../core/convert/row-folder.js";
import type {RowFolder} from "../core/convert/row-folder.js";
import type {FoldAnswer, FoldRequest} from "./node-fold-worker-thread.js";

interface Waiting {
  resolve: (folded: Float32Array<ArrayBuffer>) => void;
  reject: (error: unknown) => void;
}

/** Multiplications below which starting threads takes longer than they save. */
const worthThreads = 4e9;

/** Folds in this thread where there is little to fold, else in a worker thread for each core. */
export function nodeFolder(weights: FoldWeights, rows: number): Promise<RowFolder> {
  const products = rows * weights.width * weights.inputWidth;
  return products < worthThreads ? inlineFolder(weights) : threadFolder(weights);
}

/** Folds in worker threads, one for each core unless `threads` says otherwise. They end when the folder is closed. */
export async function threadFolder(weights: FoldWeights, threads = availableParallelism()): Promise<RowFolder> {
  const waiting = new Map<number, Waiting>();
  let broken: WorkbookError | undefined;
  const end = (cause: Error): void => {
    broken = failed(cause);
    for (const {reject} of waiting.values()) reject(broken);
    waiting.clear();
  };
  const workers = Array.from({length: threads}, () => startWorker(weights, waiting, end));
  let next = 0;
  return {
    parallel: threads,
    fold: (rows) =>
      new Promise((resolve, reject) => {
        if (broken !== undefined) return reject(broken);
        const id = next++;
        waiting.set(id, {resolve, reject});
        const request: FoldRequest = {id, rows};
        workers[id % threads].postMessage(request, [rows.buffer]);
      }),
    close: async () => {
      for (const worker of workers) await worker.terminate();
    }
  };
}

function startWorker(weights: FoldWeights, waiting: Map<number, Waiting>, end: (cause: Error) => void): Worker {
  const worker = new Worker(new URL("./node-fold-worker.js", import.meta.url), {workerData: weights});
  worker.on("error", end);
  worker.on("message", ({id, folded}: FoldAnswer) => {
    waiting.get(id)?.resolve(folded);
    waiting.delete(id);
  });
  return worker;
}

function failed(cause: Error): WorkbookError {
  return new WorkbookError(
    {
      domain: "encoder",
      code: "fold-failed",
      fault: `a thread that folds token rows ended (${cause.message}), probably out of memory`,
      remedy: "close other programs and run the same again"
    },
    {cause}
  );
}
