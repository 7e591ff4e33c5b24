import {proxy, transfer, wrap, type Remote} from "comlink";
import {isWorkbookError} from "../../core/errors.js";
import type {ObjectStore} from "../../core/store/object-store.js";
import {installErrorTransfer} from "./error-transfer.js";
import {startThreadsFor} from "./processor-thread.js";
import {oneThread, type WorkbookWorker} from "./protocol.js";

/** Thrown by every call that was waiting when the worker went: it was ended, or it ran out of memory. */
export class WorkerGone extends Error {
  constructor() {
    super("the worker has stopped");
    this.name = "WorkerGone";
  }
}

/** A running worker and the ways to call it. */
export interface WorkerLink {
  readonly remote: Remote<WorkbookWorker>;
  /** `call`, or a rejection with WorkerGone as soon as the worker is gone: a worker that dies answers nothing. */
  alive<T>(call: Promise<T>): Promise<T>;
  /** True once a file changed or went while the worker read it: HDF5 was left in the middle of its work, so the next file is for another worker. */
  readonly spoilt: boolean;
  /** Ends the worker now, whatever it is doing. */
  end(): void;
}

let links = 0;
/** Workers in which onnxruntime's threads did not start. */
let stalls = 0;
/** After so many, the next compute on one thread. */
const mostStalls = 2;

/**
 * Starts the pipeline's worker. Its death is noticed through a Web Lock that it holds while it lives (the browser lets go of
 * it in every case, also after a crash), and through the worker's error event. `memory` takes results that the browser does not store.
 */
export function startWorker(memory: ObjectStore): WorkerLink {
  installErrorTransfer();
  // The literal name is what makes Framework compile, hash and ship the worker.
  const worker = new Worker(import.meta.resolve("./workbook.worker.js"), {
    type: "module",
    name: stalls < mostStalls ? "" : oneThread
  });
  const remote = wrap<WorkbookWorker>(worker);
  const {port1: threads, port2: starter} = new MessageChannel();
  const endThreads = startThreadsFor(threads);
  let spoilt = false;
  let goneNow = () => {};
  const gone = new Promise<never>((_, reject) => (goneNow = () => (endThreads(), reject(new WorkerGone()))));
  gone.catch(() => {});
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    goneNow();
  });
  // A worker that ended before it held its lock has been noticed already.
  watch(`uce-workbook-worker-${Date.now()}-${++links}`).catch(() => {});

  function end(): void {
    worker.terminate();
    goneNow();
  }

  async function watch(name: string): Promise<void> {
    await Promise.race([remote.hold(name, proxy(memory), transfer(starter, [starter])), gone]);
    if ("locks" in navigator) await navigator.locks.request(name, goneNow);
  }

  return {
    remote,
    async alive(call) {
      try {
        return await Promise.race([call, gone]);
      } catch (error) {
        const code = isWorkbookError(error) ? error.details.code : null;
        if (code === "file-changed") spoilt = true;
        if (code !== "threads-stalled") throw error;
        // onnxruntime cannot be asked again: another worker is.
        stalls += 1;
        end();
        throw new WorkerGone();
      }
    },
    get spoilt() {
      return spoilt;
    },
    end
  };
}

export {proxy};
