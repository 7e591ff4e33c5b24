import type {Architecture} from "../model/bundle.js";

/** What a thread needs before it can compute. */
export interface ThreadSetup {
  kind: "setup";
  model: Architecture;
  /** True if matrices stay in blocks of 8 bits. */
  blocks: boolean;
  /** Of `encoderModule`. */
  module: WebAssembly.Module;
  /** The memory that all threads have in common, weights included; null where each has one of its own. */
  shared: WebAssembly.Memory | null;
  /** Pages of 64 KiB of a memory of its own. */
  pages: number;
  /** What lies at the beginning of a memory of its own: the weights. */
  contents: Uint8Array<ArrayBuffer> | null;
  /** Address from which on the thread's activations lie, a multiple of 64. */
  at: number;
}

/** What a thread is told: its setup, one sentence at a time as rows of the table (length x width), and that the sentence is not wanted any more. */
export type ToThread = ThreadSetup | {kind: "work"; input: Float32Array<ArrayBuffer>} | {kind: "cancel"};

/** What a thread tells: that it is set up, that it still computes, what it computed (null: it was canceled), or why it could not. */
export type FromThread =
  | {kind: "ready"}
  | {kind: "busy"}
  | {kind: "done"; output: Float32Array<ArrayBuffer> | null}
  | {kind: "failed"; message: string};

/** A thread, as its owner has it. */
export interface ThreadPort {
  post(message: ToThread, transfer: ArrayBuffer[]): void;
  /** Hears what the thread tells, and that it ended by itself. Called once. */
  listen(hear: (message: FromThread) => void, gone: (why: string) => void): void;
  /** Ends the thread at once. */
  end(): Promise<void> | void;
}

/** Starts a thread, or throws. */
export type StartThread = () => ThreadPort;
