import type {FromThread, ThreadPort} from "../../core/threads/messages.js";

/** What a worker asks the page for: a thread that serves a port, or a thread's end. */
type Wish = {start: number; port: MessagePort} | {end: number};

/** That a thread ended by itself. */
interface Death {
  gone: number;
  why: string;
}

/** The page that starts this worker's threads, once it has offered itself. */
let page: MessagePort | null = null;
const deaths = new Map<number, (why: string) => void>();
let started = 0;

/** In a worker: from now on the page at the other end of `port` (`startThreadsFor`) starts its threads. */
export function startThreadsBy(port: MessagePort): void {
  page = port;
  port.onmessage = ({data}) => {
    const {gone, why} = data as Death;
    deaths.get(gone)?.(why);
    deaths.delete(gone);
  };
}

/**
 * In a page: starts and ends the threads of a worker, which has the other end of `port`; the answer ends all of them. Firefox now and then never comes back from
 * starting a worker in a worker that writes files, and then nothing in that worker goes on.
 */
export function startThreadsFor(port: MessagePort): () => void {
  const threads = new Map<number, Worker>();
  port.onmessage = ({data}) => {
    const wish = data as Wish;
    if ("end" in wish) {
      threads.get(wish.end)?.terminate();
      return void threads.delete(wish.end);
    }
    const thread = startThread();
    threads.set(wish.start, thread);
    whenGone(thread, (why) => port.postMessage({gone: wish.start, why} satisfies Death));
    thread.postMessage(null, [wish.port]);
  };
  return () => {
    port.close();
    for (const thread of threads.values()) thread.terminate();
  };
}

/** Starts a worker that serves a pool (core/threads) for the encoder on the processor: by the page where one has offered itself (`startThreadsBy`), else by itself. */
export function processorThread(): ThreadPort {
  return page === null ? ownThread() : pagesThread(page);
}

function ownThread(): ThreadPort {
  const thread = startThread();
  return {
    post: (message, transfer) => thread.postMessage(message, {transfer}),
    listen(hear, gone) {
      thread.addEventListener("message", ({data}) => hear(data as FromThread));
      whenGone(thread, gone);
    },
    end: () => thread.terminate()
  };
}

function pagesThread(page: MessagePort): ThreadPort {
  const id = ++started;
  const {port1: near, port2: far} = new MessageChannel();
  page.postMessage({start: id, port: far} satisfies Wish, [far]);
  return {
    post: (message, transfer) => near.postMessage(message, {transfer}),
    listen(hear, gone) {
      near.onmessage = ({data}) => hear(data as FromThread);
      deaths.set(id, gone);
    },
    end() {
      near.close();
      deaths.delete(id);
      page.postMessage({end: id} satisfies Wish);
    }
  };
}

function startThread(): Worker {
  return new Worker(import.meta.resolve("./processor.worker.js"), {type: "module", name: "processor"});
}

function whenGone(thread: Worker, gone: (why: string) => void): void {
  thread.addEventListener("error", (event) => {
    event.preventDefault();
    gone(event.message || "the thread ended");
  });
}
