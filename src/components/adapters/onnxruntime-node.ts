import * as ort from "onnxruntime-node";
import {cpus} from "node:os";
import type {Encoder} from "../core/embed/encoder.js";
import {tokenRows} from "../core/embed/token-rows.js";
import {WorkbookError} from "../core/errors.js";
import type {Bundle} from "../core/model/bundle.js";
import {readGraphFiles} from "../core/model/graph-files.js";
import type {Precision} from "../core/types.js";

/** How to open a model in Node. */
export interface NodeEncoderOptions {
  /** Storage precision to read; arithmetic is float32 whatever it is. */
  precision: Precision;
  /** Threads of the arithmetic; by default as many as there are cores. */
  threads?: number;
  signal?: AbortSignal;
}

/** Opens a bundle on the CPU through onnxruntime-node. Throws a WorkbookError of domain "model" or "encoder". */
export async function openNodeEncoder(
  bundle: Bundle,
  {precision, threads = cpus().length, signal}: NodeEncoderOptions
): Promise<Encoder> {
  const {graph, externalData} = await readGraphFiles(bundle, "encoder", precision, "fp32", signal);
  const session = await ort.InferenceSession.create(graph, {
    executionProviders: ["cpu"],
    externalData,
    intraOpNumThreads: threads,
    logSeverityLevel: 3
  }).catch((cause: unknown) => {
    throw failed("no-session", "onnxruntime could not open the model", "convert the checkpoint again", cause);
  });
  const rowsOf = tokenRows(bundle);
  const width = bundle.manifest.architecture.outputWidth;
  let open = true;
  return {
    name: `Node CPU, ${threads} ${threads === 1 ? "thread" : "threads"}`,
    backend: "cpu",
    compute: "fp32",
    storage: precision,
    limits: {maxBatch: 256, preferredBatch: 4},
    width,
    async embed(tokens, batch, length, signal) {
      signal?.throwIfAborted();
      if (!open) throw failed("closed", "the model was closed", "open it again");
      const rows = new ort.Tensor("int32", rowsOf(tokens, batch, length), [batch, length]);
      const results = await session.run({rows}).catch((cause: unknown) => {
        const what = `onnxruntime failed on ${batch} sentences of ${length} tokens`;
        throw failed("run-failed", what, "try again with a smaller batch", cause);
      });
      const {data} = results.embedding;
      if (!(data instanceof Float32Array) || data.length !== batch * width) {
        throw failed(
          "bad-output",
          `the model gave ${data.length} numbers for ${batch} x ${width}`,
          "convert the checkpoint again"
        );
      }
      return data;
    },
    async close() {
      if (!open) return;
      open = false;
      await session.release();
    }
  };
}

function failed(code: string, fault: string, remedy: string, cause?: unknown): WorkbookError {
  return new WorkbookError({domain: "encoder", code, fault, remedy}, {cause});
}
