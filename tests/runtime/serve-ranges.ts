import {Worker} from "node:worker_threads";

/** What a host was asked and what it sent. */
export interface ServedStats {
  requests: number;
  bytes: number;
  /** Headers of each request. */
  headers: Record<string, string>[];
}

/** A local host of a folder's files that counts; see range-server.js for how paths behave. */
export interface RangeServer {
  /** Address that ends in "/", before how it behaves: `${address}plain/cells.h5ad`. */
  address: string;
  stats(): Promise<ServedStats>;
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** Serves `folder` in a thread of its own; `delay` milliseconds pass before each body, "changing" changes after so many requests. */
export async function serveRanges(folder: string, {delay = 0, changeAfter = 3} = {}): Promise<RangeServer> {
  const worker = new Worker(new URL("./range-server.js", import.meta.url), {workerData: {folder, delay, changeAfter}});
  const address = await new Promise<string>((resolve, reject) => worker.once("message", resolve).once("error", reject));
  const ask = (word: "stats" | "reset") =>
    new Promise<ServedStats>((resolve) => {
      worker.once("message", resolve);
      worker.postMessage(word);
    });
  return {
    address,
    stats: () => ask("stats"),
    reset: async () => void (await ask("reset")),
    close: async () => void (await worker.terminate())
  };
}
