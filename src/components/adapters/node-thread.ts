import {Worker} from "node:worker_threads";
import type {FromThread, ThreadPort} from "../core/threads/messages.js";

/** Where the module that a thread runs lies, and the module whose `importSources` reads it; null where Node reads it by itself. Both are addresses. */
export interface ThreadProgram {
  module: string;
  reader: string | null;
}

/** What a thread begins with, as JavaScript, since it does not inherit what reads TypeScript here. */
const beginning = `
const {workerData: {module, reader}} = require("node:worker_threads");
if (reader === null) import(module);
else import(reader).then(({importSources}) => importSources(require("node:url").fileURLToPath(module)));
`;

/** Starts a thread of Node's that serves a pool (core/threads). It keeps no process alive. */
export function nodeThread(program: ThreadProgram): ThreadPort {
  const worker = new Worker(beginning, {eval: true, execArgv: [], workerData: program});
  worker.unref();
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    listen(hear, gone) {
      worker.on("message", (message: FromThread) => hear(message));
      worker.on("error", (error: Error) => gone(error.message));
      worker.on("exit", () => gone("the thread ended"));
    },
    async end() {
      await worker.terminate();
    }
  };
}
