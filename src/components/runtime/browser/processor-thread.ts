import type {FromThread, ThreadPort} from "../../core/threads/messages.js";

/** Starts a worker that serves a pool (core/threads) for the encoder on the processor. */
export function processorThread(): ThreadPort {
  const worker = new Worker(import.meta.resolve("./processor.worker.js"), {type: "module", name: "processor"});
  return {
    post: (message, transfer) => worker.postMessage(message, {transfer}),
    listen(hear, gone) {
      worker.addEventListener("message", ({data}) => hear(data as FromThread));
      worker.addEventListener("error", (event) => {
        event.preventDefault();
        gone(event.message || "the thread ended");
      });
    },
    end: () => worker.terminate()
  };
}
