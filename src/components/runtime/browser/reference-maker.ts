import {proxy} from "comlink";
import {WorkbookError} from "../../core/errors.js";
import {inWorker} from "./in-worker.js";
import type {ReferenceFound, ReferenceOrder, ReferenceWorker} from "./reference-protocol.js";
import {toldUntilOver} from "./told-until-over.js";

/**
 * Reads or makes a reference in a worker of its own. Rejects with a WorkbookError, or with the signal's reason at once: the worker is ended, and nothing is left.
 */
export async function readReference(
  order: ReferenceOrder,
  {signal, onProgress = () => {}}: {signal?: AbortSignal; onProgress?(share: number): void} = {}
): Promise<ReferenceFound> {
  signal?.throwIfAborted();
  // The literal name is what makes Framework compile, hash and ship the worker.
  const worker = new Worker(import.meta.resolve("./reference.worker.js"), {type: "module"});
  return toldUntilOver(onProgress, (tell) =>
    inWorker<ReferenceWorker, ReferenceFound>(
      worker,
      (remote) => remote.read(order, proxy(tell)) as Promise<ReferenceFound>,
      {signal, gone}
    )
  );
}

function gone(): WorkbookError {
  return new WorkbookError({
    domain: "storage",
    code: "worker-gone",
    fault: "the worker that read the reference stopped, probably out of memory",
    remedy:
      "close other tabs, or make the reference with the command reference, whose vectors take a quarter of the room"
  });
}
