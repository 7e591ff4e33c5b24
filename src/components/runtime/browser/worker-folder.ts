import type {FoldWeights} from "../../core/convert/fold-rows.js";
import {inlineFolder, type RowFolder} from "../../core/convert/row-folder.js";
import {WorkbookError} from "../../core/errors.js";
import type {FoldAnswer, FoldRequest} from "./fold.worker.js";

/** Multiplications below which starting workers takes longer than they save. */
const worthWorkers = 4e9;
/** Each has a copy of the weights (10 MB at the published size). */
const mostWorkers = 4;

interface Waiting {
  resolve: (folded: Float32Array<ArrayBuffer>) => void;
  reject: (error: unknown) => void;
}

/** Folds in this worker where there is little to fold, else in a worker for each core, four at the most. They end with this one. */
export function workerFolder(weights: FoldWeights, rows: number): Promise<RowFolder> {
  if (rows * weights.width * weights.inputWidth < worthWorkers) return inlineFolder(weights);
  return Promise.resolve(folderOf(weights, Math.max(1, Math.min(mostWorkers, navigator.hardwareConcurrency))));
}

function folderOf(weights: FoldWeights, count: number): RowFolder {
  const waiting = new Map<number, Waiting>();
  let broken: WorkbookError | undefined;
  const workers = Array.from({length: count}, () => {
    // The literal name is what makes Framework compile, hash and ship the worker.
    const worker = new Worker(import.meta.resolve("./fold.worker.js"), {type: "module"});
    worker.postMessage({weights} satisfies FoldRequest);
    worker.addEventListener("message", ({data: {id, folded}}: MessageEvent<FoldAnswer>) => {
      waiting.get(id)?.resolve(folded);
      waiting.delete(id);
    });
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      broken = failed(event.message);
      for (const {reject} of waiting.values()) reject(broken);
      waiting.clear();
    });
    return worker;
  });
  let next = 0;
  return {
    parallel: count,
    fold: (rows) =>
      new Promise((resolve, reject) => {
        if (broken !== undefined) return reject(broken);
        const id = next++;
        waiting.set(id, {resolve, reject});
        workers[id % count].postMessage({id, rows} satisfies FoldRequest, [rows.buffer]);
      }),
    close: async () => workers.forEach((worker) => worker.terminate())
  };
}

function failed(words: string): WorkbookError {
  return new WorkbookError({
    domain: "encoder",
    code: "fold-failed",
    fault: `a thread that folds the model's token rows ended (${words || "without a word"}), probably out of memory`,
    remedy: "close other tabs and go on: what was folded is kept"
  });
}
