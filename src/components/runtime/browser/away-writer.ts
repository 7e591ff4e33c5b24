import {proxy, transfer} from "comlink";
import {WorkbookError} from "../../core/errors.js";
import type {AwayFile, AwayOrder, AwayProgress, AwayWorker} from "./away-protocol.js";
import {inWorker} from "./in-worker.js";
import {toldUntilOver} from "./told-until-over.js";

/**
 * Writes results into a file that is ready to be saved, in a worker of its own. Rejects with a WorkbookError, or with the signal's reason at once:
 * the worker is ended, and nothing is left.
 */
export async function writeAway(
  order: AwayOrder,
  {signal, onProgress}: {signal: AbortSignal; onProgress: AwayProgress}
): Promise<AwayFile> {
  signal.throwIfAborted();
  // The literal name is what makes Framework compile, hash and ship the worker.
  const worker = new Worker(import.meta.resolve("./away.worker.js"), {type: "module"});
  const moved = [order.embeddings, ...(order.map === null ? [] : [order.map])].map(({buffer}) => buffer);
  return toldUntilOver(onProgress, (tell) =>
    inWorker<AwayWorker, AwayFile>(
      worker,
      (remote) => remote.write(transfer(order, moved), proxy(tell)) as Promise<AwayFile>,
      {signal, gone: () => gone(order.name)}
    )
  );
}

function gone(name: string): WorkbookError {
  return new WorkbookError({
    domain: "storage",
    code: "worker-gone",
    fault: `the worker that wrote ${name} stopped, probably out of memory`,
    remedy: "close other tabs, or take fewer cells or a part of the table"
  });
}
