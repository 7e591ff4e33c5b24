import {MessageChannel, receiveMessageOnPort, Worker} from "node:worker_threads";
import type {WaitedAnswer, WaitingRequest} from "../core/remote/sync-request.js";

/** A thread that asks hosts while this one waits. */
export interface FetchThread {
  request: WaitingRequest;
  /** Waits so many milliseconds without giving the event loop a turn. */
  sleep(milliseconds: number): void;
  close(): void;
}

interface Told {
  id: number;
  status: number;
  headers: [string, string][];
  bytes: Uint8Array<ArrayBuffer>;
  fault: string | null;
}

/**
 * What the thread runs, as JavaScript, since a thread does not inherit what reads TypeScript here. It asks for one range at a time and reads no body but that of
 * an answer of status 206.
 */
const program = `
const {workerData: {port, flag}} = require("node:worker_threads");
port.on("message", async ({id, address, start, end, stall}) => {
  const told = {id, status: 0, headers: [], bytes: new Uint8Array(end - start), fault: null};
  const controller = new AbortController();
  let timer;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => controller.abort(new Error("no byte for " + stall + " ms")), stall);
  };
  let at = 0;
  try {
    wait();
    const headers = {range: "bytes=" + start + "-" + (end - 1)};
    const response = await fetch(address, {
      headers, redirect: "manual", credentials: "omit", referrerPolicy: "no-referrer", signal: controller.signal
    });
    told.headers = [...response.headers];
    told.status = response.status;
    if (response.status !== 206) controller.abort();
    else for await (const chunk of response.body) {
      wait();
      if (at + chunk.length > told.bytes.length) {
        at = told.bytes.length + 1;
        break;
      }
      told.bytes.set(chunk, at);
      at += chunk.length;
    }
  } catch (error) {
    if (told.status === 0 || told.status === 206) {
      const cause = error.cause ?? error;
      told.fault = String(cause.code ?? cause.message ?? cause);
    }
  }
  clearTimeout(timer);
  // One byte too many is enough to say that there were.
  told.bytes = at > told.bytes.length ? new Uint8Array(at) : told.bytes.slice(0, at);
  port.postMessage(told, [told.bytes.buffer]);
  Atomics.add(flag, 0, 1);
  Atomics.notify(flag, 0);
});
`;

/** Milliseconds of waiting after which a signal ends the process, since nobody here could hear of it. */
const patience = 1000;

/**
 * Starts a thread that asks hosts, without credentials or referrer and without following redirects. It keeps no process alive. While this thread
 * waits for longer than a second, Ctrl-C ends the process at once: no handler of ours could run.
 */
export function fetchThread(): FetchThread {
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const {port1: port, port2} = new MessageChannel();
  const worker = new Worker(program, {
    eval: true,
    workerData: {port: port2, flag},
    transferList: [port2],
    execArgv: []
  });
  worker.unref();
  port.unref();
  let asked = 0;

  function answerTo(id: number): Told {
    for (let waited = 0; ; waited += patience) {
      const seen = Atomics.load(flag, 0);
      for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
        const told = next.message as Told;
        if (told.id === id) return told;
      }
      waitInterruptibly(waited > 0, () => Atomics.wait(flag, 0, seen, patience));
    }
  }

  return {
    request(address, start, end, stall) {
      const id = ++asked;
      port.postMessage({id, address, start, end, stall});
      const {status, headers, bytes, fault} = answerTo(id);
      const found = new Map(headers);
      return {status, address, bytes, fault, header: (name) => found.get(name) ?? null} satisfies WaitedAnswer;
    },
    sleep: (milliseconds) =>
      waitInterruptibly(milliseconds >= patience, () => {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
      }),
    close() {
      port.close();
      void worker.terminate();
    }
  };
}

const signals = ["SIGINT", "SIGTERM"] as const;

/** Waits; with `interruptibly`, signals are the system's meanwhile, which ends the process. */
function waitInterruptibly(interruptibly: boolean, wait: () => void): void {
  if (!interruptibly) return wait();
  const taken = signals.map((signal) => [signal, process.rawListeners(signal)] as const);
  for (const signal of signals) process.removeAllListeners(signal);
  try {
    wait();
  } finally {
    for (const [signal, listeners] of taken) {
      for (const listener of listeners) process.on(signal, listener as NodeJS.SignalsListener);
    }
  }
}
