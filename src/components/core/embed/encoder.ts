import type {Precision} from "../types.js";

/** What a device can take in one call. */
export interface EncoderLimits {
  /** Most sentences in one call. */
  maxBatch: number;
  /** Batch that the backend thinks best to begin with; callers adapt it to about half a second a call. */
  preferredBatch: number;
  /** Sentences that are computed side by side, 1 where it does not say: a batch that is adapted is a multiple of it. */
  sideBySide?: number;
  /** Calls that may be under way at once (1), so that the device has the next one's work while the last one's vectors are on their way. They are answered in their order. */
  atOnce?: number;
}

/** One open model on one device. It takes `limits.atOnce` batches at a time; callers wait for each. */
export interface Encoder {
  /** Display name of backend and device ("Node CPU, 2 threads", "WebGPU, Apple M4"). */
  readonly name: string;
  /** Backend id ("cpu", "wasm", "webgpu"). */
  readonly backend: string;
  /** Precision of the arithmetic: "fp32", "fp16", or "blocks": float32 but for products of matrices in 8-bit blocks as they are stored, whose other factors have 14 bits. */
  readonly compute: "fp32" | "fp16" | "blocks";
  /** Precision of the stored weights that were opened. */
  readonly storage: Precision;
  readonly limits: EncoderLimits;
  /** True where a call computes in the caller's own thread, so that nothing else can be done there meanwhile. */
  readonly inCaller?: boolean;
  /** Width of an embedding. */
  readonly width: number;
  /**
   * Embeds `batch` sentences of `length` checkpoint tokens each (row-major in `tokens`, no padding): one unit vector
   * a sentence, row-major, batch x width. Throws a WorkbookError of domain "encoder" if the device fails.
   */
  embed(tokens: Int32Array, batch: number, length: number, signal?: AbortSignal): Promise<Float32Array>;
  /** Frees the device's memory; the encoder cannot be used afterwards. */
  close(): Promise<void>;
}
