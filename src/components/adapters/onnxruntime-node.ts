import {cpus} from "node:os";
import {isMainThread} from "node:worker_threads";
import type * as Ort from "onnxruntime-node";
import type {Encoder} from "../core/embed/encoder.js";
import {openExpressionHead, type ExpressionHead} from "../core/embed/expression-head.js";
import {headSession, type TensorsOf} from "../core/embed/head-session.js";
import {openLayerProbe, type LayerProbe} from "../core/embed/layer-probe.js";
import {tableRows} from "../core/embed/table-rows.js";
import {WorkbookError} from "../core/errors.js";
import type {Bundle} from "../core/model/bundle.js";
import {readGraphFiles, type GraphFiles} from "../core/model/graph-files.js";
import type {Precision} from "../core/types.js";

const telemetryOff = "ORT_DISABLE_TELEMETRY";

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
  const ort = await loadOnnxruntime();
  const session = await createSession(await readGraphFiles(bundle, "encoder", precision, signal), threads);
  const rowsOf = tableRows(bundle);
  const width = bundle.manifest.architecture.outputWidth;
  let open = true;
  return {
    name: nameOf(threads),
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

/**
 * Opens the bundle's expression head on the CPU through onnxruntime-node. Throws a WorkbookError of domain "model" (also
 * "no-expression-head") or "encoder".
 */
export async function openNodeExpressionHead(
  bundle: Bundle,
  {precision, threads = cpus().length, signal}: NodeEncoderOptions
): Promise<ExpressionHead> {
  return openExpressionHead(bundle, {
    name: nameOf(threads),
    precision,
    signal,
    async openSession(files) {
      const ort = await loadOnnxruntime();
      const tensors: TensorsOf<Ort.Tensor> = {
        float32: (values, shape) => new ort.Tensor("float32", values, shape),
        int32: (values, shape) => new ort.Tensor("int32", values, shape)
      };
      return headSession(await createSession(files, threads), tensors, (genes, cause) =>
        failed("run-failed", `onnxruntime failed on ${genes} genes`, "try again", cause)
      );
    }
  });
}

/** Opens the bundle's encoder with every layer's output given out, on the CPU. Throws a WorkbookError of domain "model" or "encoder". */
export async function openNodeLayers(
  bundle: Bundle,
  {precision, threads = cpus().length, signal}: NodeEncoderOptions
): Promise<LayerProbe> {
  return openLayerProbe(bundle, {
    name: nameOf(threads),
    backend: "cpu",
    precision,
    signal,
    async openSession(files) {
      const ort = await loadOnnxruntime();
      const session = await createSession(files, threads);
      return {
        async run(rows, length, names) {
          const results = await session
            .run({rows: new ort.Tensor("int32", rows, [1, length])})
            .catch((cause: unknown) => {
              throw failed("run-failed", `onnxruntime failed on a sentence of ${length} tokens`, "try again", cause);
            });
          return names.map((name) => results[name].data as Float32Array);
        },
        close: () => session.release()
      };
    }
  });
}

let loaded: Promise<typeof Ort> | undefined;

/**
 * onnxruntime for Node, loaded once, with Microsoft's telemetry off: left on, its first session writes a device id and a
 * database of events under the user's cache folder and looks up a host to send them to. The native library asks the
 * environment when it makes its first session (found in its strings and by trying: "1" and "true" switch it off, "0" does
 * not). Nothing else may import the package; a rule of the house sees to that. Throws a WorkbookError of domain "encoder"
 * in a worker thread that was started without the setting, since a thread's `process.env` is a copy that C cannot see.
 */
export async function loadOnnxruntime(): Promise<typeof Ort> {
  if (!isMainThread && process.env[telemetryOff] !== "1") {
    const fault = "onnxruntime in a worker thread would send telemetry";
    throw failed("telemetry", fault, `set ${telemetryOff}=1 in the environment, or load it in the main thread first`);
  }
  process.env[telemetryOff] = "1";
  loaded ??= import("onnxruntime-node");
  return loaded;
}

/** "0" where UCE_WORKBOOK_SPIN is "off": threads that wait for each other sleep, and leave their cores to other programs. */
const spinning = (): string => (process.env["UCE_WORKBOOK_SPIN"] === "off" ? "0" : "1");

async function createSession({graph, externalData}: GraphFiles, threads: number): Promise<Ort.InferenceSession> {
  const ort = await loadOnnxruntime();
  return ort.InferenceSession.create(graph, {
    executionProviders: ["cpu"],
    externalData,
    intraOpNumThreads: threads,
    logSeverityLevel: 3,
    extra: {session: {intra_op: {allow_spinning: spinning()}}}
  }).catch((cause: unknown) => {
    throw failed("no-session", "onnxruntime could not open the model", "convert the checkpoint again", cause);
  });
}

function nameOf(threads: number): string {
  return `Node CPU, ${threads} ${threads === 1 ? "thread" : "threads"}`;
}

function failed(code: string, fault: string, remedy: string, cause?: unknown): WorkbookError {
  return new WorkbookError({domain: "encoder", code, fault, remedy}, {cause});
}
