import {encoderFailed, failedToOpen, runFailed} from "../core/embed/device-errors.js";
import type {Encoder} from "../core/embed/encoder.js";
import {tableRows} from "../core/embed/table-rows.js";
import type {Architecture, Bundle} from "../core/model/bundle.js";
import {noSuchWeight} from "../core/model/no-such-weight.js";
import {readWeights, type WeightPart} from "../core/model/read-weights.js";
import {activationSites} from "../core/processor/activation-sites.js";
import {encoderModule} from "../core/processor/encoder-module.js";
import {packWeights} from "../core/processor/pack-weights.js";
import {processorLayout} from "../core/processor/processor-layout.js";
import {memoryPlan, type MemoryPlan} from "../core/threads/memory-plan.js";
import type {StartThread, ThreadSetup} from "../core/threads/messages.js";
import {ownThread} from "../core/threads/own-thread.js";
import {ThreadPool} from "../core/threads/thread-pool.js";
import type {Precision} from "../core/types.js";

/** How to open a model with our own functions on the processor. */
export interface WasmEncoderOptions {
  /** Display name; how many threads there are is added ("wasm" becomes "wasm, 4 threads"). */
  name: string;
  /** Storage precision to read; arithmetic is float32. */
  precision: Precision;
  /** Matrices are multiplied in blocks of 8 bits as they are stored (`hasBlocks`), with factors of 14 bits; then a machine for which `dotsPay` is true is needed. */
  blocks?: boolean;
  /** Threads that are wanted, at least 1. */
  threads: number;
  startThread: StartThread;
  signal?: AbortSignal;
}

/** Milliseconds that a thread has to start (Firefox forgets one now and then on a busy machine), and may be silent: a layer of a large model on a slow machine takes seconds. */
const patience = {start: 10_000, work: 30_000};

/**
 * Opens a bundle with the functions of core/processor: each thread computes whole sentences. They share the weights where memory can be shared; else each has a copy. Threads that do not start or die are done without; where none is
 * left, the caller's own computes. Throws a WorkbookError of domain "model" or "encoder" ("too-large" before anything is allocated); `embed` throws "run-failed" or "out-of-memory" when a batch does not go through.
 */
export async function openWasmEncoder(
  bundle: Bundle,
  {name, precision, blocks, threads, startThread, signal}: WasmEncoderOptions
): Promise<Encoder> {
  const {architecture, tableRows: rowCount} = bundle.manifest;
  const weights = readWeights(bundle, "encoder", precision, signal);
  const runner = await ProcessorRunner.open({model: architecture, tableRows: rowCount}, weights, {
    blocks,
    threads,
    startThread,
    signal
  }).catch((cause: unknown) => failedToOpen(name, cause, signal));
  const rowsOf = tableRows(bundle);
  const {outputWidth: width} = architecture;
  const count = runner.threads;
  let open = true;
  const nameNow = (): string => `${name}, ${runner.threads} ${runner.threads === 1 ? "thread" : "threads"}`;
  return {
    get name() {
      return nameNow();
    },
    backend: "wasm",
    compute: blocks === true ? "blocks" : "fp32",
    storage: precision,
    // A second call has work for threads that the first one's last sentences leave idle.
    limits: {maxBatch: 64 * count, preferredBatch: count * Math.ceil(4 / count), sideBySide: count, atOnce: 2},
    width,
    async embed(tokens, batch, length, cancel) {
      cancel?.throwIfAborted();
      if (!open) throw encoderFailed("closed", "the model was closed", "open it again");
      const rows = rowsOf(tokens, batch, length);
      try {
        return await runner.embed(rows, batch, length, cancel);
      } catch (cause) {
        cancel?.throwIfAborted();
        throw runFailed(nameNow(), batch, length, cause);
      }
    },
    async close() {
      open = false;
      await runner.close();
    }
  };
}

/** Our functions with a model's weights, in threads. */
export class ProcessorRunner {
  /** Settles when the last call is answered: calls are answered in their order (`limits.atOnce`), whichever threads are done first. */
  private answered: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly model: Architecture,
    private readonly table: Float32Array,
    private readonly pool: ThreadPool
  ) {}

  /** Places the weights, compiles the functions and starts threads; there when the first thread can compute. Throws a WorkbookError where the model does not fit or a weight is missing, else what failed. */
  static async open(
    {model, tableRows: rowCount}: {model: Architecture; tableRows: number},
    weights: AsyncIterable<WeightPart> | Iterable<WeightPart>,
    {
      blocks = false,
      threads,
      startThread,
      signal
    }: Pick<WasmEncoderOptions, "blocks" | "threads" | "startThread" | "signal">
  ): Promise<ProcessorRunner> {
    const layout = processorLayout(model, {blocks});
    const shared = canShare();
    const activations = activationSites(layout, model.maxLength).bytes;
    const plan = memoryPlan({weights: layout.weightBytes, activations, threads, shared});
    if (plan === null) throw tooLarge(layout.weightBytes, blocks);
    const codes = [true, false].map((fused) => encoderModule(model, {fused, shared, blocks}));
    const code = codes.find((bytes) => WebAssembly.validate(bytes));
    if (code === undefined)
      throw encoderFailed("no-simd", "this machine's WebAssembly has no vectors", "update the browser");
    const memory = memoryOf(plan, shared);
    const table = new Float32Array(rowCount * model.width);
    let missing = table.length;
    const onTable = (part: WeightPart): void => {
      const values = part.widen();
      table.set(values, part.from);
      missing -= values.length;
    };
    const [module] = await Promise.all([WebAssembly.compile(code), packWeights(layout, weights, memory, onTable)]);
    if (missing > 0) throw noSuchWeight("table");
    signal?.throwIfAborted();
    const common = {kind: "setup", model, blocks, module, pages: plan.pages} as const;
    const copy = () => new Uint8Array(memory.buffer, 0, layout.weightBytes).slice();
    const setup = (slot: number): ThreadSetup => {
      const isCommon = shared || slot === plan.threads;
      return {...common, shared: isCommon ? memory : null, contents: isCommon ? null : copy(), at: plan.at(slot)};
    };
    const pool = new ThreadPool({count: plan.threads, start: startThread, spare: ownThread, setup, patience});
    const end = (): void => void pool.close();
    signal?.addEventListener("abort", end, {once: true});
    await pool.started().finally(() => signal?.removeEventListener("abort", end));
    return new ProcessorRunner(model, table, pool);
  }

  /** Threads that compute. */
  get threads(): number {
    return this.pool.size;
  }

  /** Unit vectors (batch x outputWidth) of sentences given as rows of the table (batch x length). Rejects with the signal's reason at once, else with what failed. */
  embed(rows: Int32Array, batch: number, length: number, signal?: AbortSignal): Promise<Float32Array> {
    const before = this.answered;
    const call = this.compute(rows, batch, length, signal).then(async (vectors) => {
      await before;
      return vectors;
    });
    this.answered = call.catch(() => {});
    return call;
  }

  private async compute(...[rows, batch, length, signal]: Parameters<ProcessorRunner["embed"]>): Promise<Float32Array> {
    const {width, outputWidth} = this.model;
    const vectors = new Float32Array(batch * outputWidth);
    const stop = new AbortController();
    const cancel = (): void => stop.abort(signal!.reason);
    signal?.addEventListener("abort", cancel, {once: true});
    const sentences = Array.from({length: batch}, async (_, i) => {
      const make = () => this.gather(rows.subarray(i * length, (i + 1) * length), width);
      vectors.set(await this.pool.run(make, stop.signal), i * outputWidth);
    });
    try {
      await Promise.all(sentences);
    } catch (cause) {
      stop.abort(cause);
      throw cause;
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
    return vectors;
  }

  close(): Promise<void> {
    return this.pool.close();
  }

  private gather(rows: Int32Array, width: number): Float32Array<ArrayBuffer> {
    const input = new Float32Array(rows.length * width);
    rows.forEach((row, i) => input.set(this.table.subarray(row * width, (row + 1) * width), i * width));
    return input;
  }
}

/** True where threads can share memory: in Node, and in pages that are isolated across origins. */
function canShare(): boolean {
  return (
    typeof SharedArrayBuffer === "function" &&
    (globalThis as {crossOriginIsolated?: boolean}).crossOriginIsolated !== false
  );
}

function memoryOf({pages, bytes}: MemoryPlan, shared: boolean): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory(shared ? {initial: pages, maximum: pages, shared} : {initial: pages});
  } catch (cause) {
    const fault = `there is no room for the model's ${megabytes(bytes)} on the processor`;
    throw encoderFailed("no-memory", fault, "close other pages and programs", cause);
  }
}

function tooLarge(weights: number, blocks: boolean): Error {
  const fault = `the model's weights take ${megabytes(weights)}${blocks ? "" : " in float32"}, more than our own functions for the processor hold`;
  return encoderFailed("too-large", fault, "use a graphics card, or a smaller model");
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6).toLocaleString("en-US")} MB`;
