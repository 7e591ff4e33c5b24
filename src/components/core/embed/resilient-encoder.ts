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
  let choice = 0;
  let failures = 0;
  let encoder = await openFrom();
  /** While another encoder takes the place of one that failed. */
  let recovering: Promise<void> | null = null;
  /** The last call to an encoder that takes one at a time. */
  let last: Promise<unknown> = Promise.resolve();

  async function openFrom(): Promise<Encoder> {
    for (;;) {
      signal?.throwIfAborted();
      try {
        return await choices[choice].open(signal);
      } catch (error) {
        if (!isWorkbookError(error) || choice + 1 >= choices.length) throw error;
        onFallback({code: "fallback", message: `${error.details.fault}: going on with ${choices[choice + 1].label}`});
        choice += 1;
        failures = 0;
      }
    }
  }

  async function recover(error: WorkbookError): Promise<void> {
    await encoder.close().catch(() => {});
    failures += 1;
    if (failures >= attempts) {
      if (choice + 1 >= choices.length) throw error;
      choice += 1;
      failures = 0;
      onFallback({
        code: "fallback",
        message: `${error.details.fault}: going on with ${choices[choice].label}; nothing is lost`
      });
    } else {
      onFallback({code: "reopened", message: `${error.details.fault}: opened again; nothing is lost`});
    }
    encoder = await openFrom();
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
          failures = 0;
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
