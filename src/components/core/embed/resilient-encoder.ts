import {isWorkbookError, WorkbookError} from "../errors.js";
import type {Encoder} from "./encoder.js";

/** A way to run the model, the best first: `open` gives a new encoder each time. */
export interface EncoderChoice {
  /** Display name ("WebGPU", "the processor (wasm)"). */
  label: string;
  open(signal?: AbortSignal): Promise<Encoder>;
}

/** Told when a run goes on in another way than it began. */
export type FallbackListener = (notice: {code: string; message: string}) => void;

/** Failures in a row, without a batch done between them, after which the next choice takes over. */
const attempts = 2;

/**
 * An encoder that goes on when its device does not: a batch that does not fit is halved, a lost device is opened anew,
 * and if that is lost too before it has done a batch, the next of `choices` takes over. What was embedded stays;
 * `onFallback` says what happened.
 * Results do not depend on it, since sentences of a batch do not influence each other. Throws the last choice's
 * WorkbookError when none is left, and the signal's reason when aborted.
 */
export async function openResilientEncoder(
  choices: readonly EncoderChoice[],
  onFallback: FallbackListener,
  signal?: AbortSignal
): Promise<Encoder> {
  const ways = waysInTurn(choices, onFallback, signal);
  let encoder = await ways.open();
  /** While another encoder takes the place of one that failed. */
  let recovering: Promise<void> | null = null;
  /** The last call to an encoder that takes one at a time. */
  let last: Promise<unknown> = Promise.resolve();

  async function recover(error: WorkbookError): Promise<void> {
    await encoder.close().catch(() => {});
    ways.fail(error);
    encoder = await ways.open();
  }

  /** One call; of two that fail with one encoder the first has it replaced, and both are made again. */
  async function call(...args: Parameters<Encoder["embed"]>): Promise<Float32Array | null> {
    await recovering;
    const used = encoder;
    try {
      if ((used.limits.atOnce ?? 1) > 1) return await used.embed(...args);
      const one = last.then(() => used.embed(...args));
      last = one.catch(() => {});
      return await one;
    } catch (error) {
      const isOurs = isWorkbookError(error) && error.domain === "encoder" && error.code !== "not-unit";
      if (!isOurs || (error.code === "out-of-memory" && args[1] > 1)) throw error;
      if (used === encoder) recovering ??= recover(error).finally(() => (recovering = null));
      await recovering;
      return null;
    }
  }

  return {
    get name() {
      return encoder.name;
    },
    get backend() {
      return encoder.backend;
    },
    get compute() {
      return encoder.compute;
    },
    get storage() {
      return encoder.storage;
    },
    get limits() {
      return encoder.limits;
    },
    get inCaller() {
      return encoder.inCaller;
    },
    get width() {
      return encoder.width;
    },
    async embed(tokens, batch, length, cancel) {
      const vectors = new Float32Array(batch * encoder.width);
      let size = batch;
      for (let from = 0; from < batch;) {
        const n = Math.min(size, batch - from);
        try {
          const part = await call(tokens.subarray(from * length, (from + n) * length), n, length, cancel);
          if (part === null) continue;
          vectors.set(part, from * encoder.width);
          from += n;
          ways.work();
        } catch (error) {
          if (!isWorkbookError(error) || error.code !== "out-of-memory" || n === 1) throw error;
          size = Math.ceil(n / 2);
        }
      }
      return vectors;
    },
    close: () => encoder.close()
  };
}

/** The choices one after the other: each is given up after `attempts` failures in a row, of which `fail` is told, and `work` of each batch that was done. */
function waysInTurn(
  choices: readonly EncoderChoice[],
  onFallback: FallbackListener,
  signal: AbortSignal | undefined
): {open(): Promise<Encoder>; fail(error: WorkbookError): void; work(): void} {
  let choice = 0;
  let failures = 0;
  const giveUp = (error: WorkbookError, more: string): void => {
    if (choice + 1 >= choices.length) throw error;
    choice += 1;
    failures = 0;
    onFallback({code: "fallback", message: `${error.details.fault}: going on with ${choices[choice].label}${more}`});
  };
  return {
    async open() {
      for (;;) {
        signal?.throwIfAborted();
        try {
          return await choices[choice].open(signal);
        } catch (error) {
          if (!isWorkbookError(error)) throw error;
          giveUp(error, "");
        }
      }
    },
    fail(error) {
      failures += 1;
      if (failures >= attempts) giveUp(error, "; nothing is lost");
      else onFallback({code: "reopened", message: `${error.details.fault}: opened again; nothing is lost`});
    },
    work() {
      failures = 0;
    }
  };
}
