import type * as Ort from "onnxruntime-web/wasm";
import {deviceLost, encoderFailed, noSession, orLost, runFailed} from "../core/embed/device-errors.js";
import type {Encoder} from "../core/embed/encoder.js";
import {openExpressionHead, type ExpressionHead} from "../core/embed/expression-head.js";
import {headSession, type TensorsOf} from "../core/embed/head-session.js";
import {openLayerProbe, type LayerProbe} from "../core/embed/layer-probe.js";
import {tableRows} from "../core/embed/table-rows.js";
import {isWorkbookError} from "../core/errors.js";
import type {Bundle} from "../core/model/bundle.js";
import {readGraphFiles} from "../core/model/graph-files.js";
import type {Precision} from "../core/types.js";

/** The module onnxruntime-web, whichever of its builds was loaded. */
export type OrtModule = typeof Ort;

/** The little that this adapter asks of a WebGPU device; the standard's GPUDevice has it. */
export interface LosableDevice {
  readonly lost: Promise<{reason: string; message: string}>;
  destroy(): void;
  addEventListener(type: "uncapturederror", listener: (event: DeviceError) => void): void;
}

/** What a device tells of a call that it refused: the call answers nothing, and what should follow from it does not happen. */
interface DeviceError extends Event {
  readonly error: {readonly message: string; readonly constructor: {readonly name: string}};
}

/** How to open a model with onnxruntime-web. */
export interface WebEncoderOptions {
  /** A build with the backend asked for; its wasm address and thread count are set. */
  ort: OrtModule;
  backend: "wasm" | "webgpu";
  /** Display name: "wasm, 4 threads", "WebGPU, Apple M4". */
  name: string;
  /** Storage precision to read; arithmetic is float32. */
  precision: Precision;
  /** Device to run on (webgpu). The encoder destroys it when closed. */
  device?: LosableDevice;
  signal?: AbortSignal;
}

/**
 * Opens a bundle through onnxruntime-web: WebAssembly anywhere, WebGPU where there is a device. Throws a WorkbookError of
 * domain "model" or "encoder"; `embed` throws "device-lost" when the device is gone, "out-of-memory" or "run-failed" when
 * a batch does not go through: such a batch can be tried again elsewhere.
 */
export async function openWebEncoder(
  bundle: Bundle,
  {ort, backend, name, precision, device, signal}: WebEncoderOptions
): Promise<Encoder> {
  const {graph, externalData} = await readGraphFiles(bundle, "encoder", precision, signal);
  const lost = device?.lost.then(({message}) => deviceLost(name, message));
  const session = await orLost(
    ort.InferenceSession.create(graph, {
      executionProviders: [
        backend === "webgpu" ? ({name: "webgpu", device} as Ort.InferenceSession.ExecutionProviderConfig) : "wasm"
      ],
      externalData,
      logSeverityLevel: 3
    }),
    lost
  ).catch((cause: unknown) => {
    throw isWorkbookError(cause)
      ? cause
      : noSession(`${name} could not open the model`, "choose another backend", cause);
  });
  const rowsOf = tableRows(bundle);
  const width = bundle.manifest.architecture.outputWidth;
  let open = true;
  // A buffer for which there is no memory is no exception: its kernels are left out, and old numbers stand where new ones should.
  let refused: Error | null = null;
  device?.addEventListener("uncapturederror", (event) => {
    event.preventDefault();
    refused ??= new Error(
      `${event.error.constructor.name === "GPUOutOfMemoryError" ? "out of memory: " : ""}${event.error.message}`
    );
  });
  return {
    name,
    backend,
    compute: "fp32",
    storage: precision,
    limits: backend === "webgpu" ? {maxBatch: 128, preferredBatch: 8} : {maxBatch: 64, preferredBatch: 4},
    width,
    // WebAssembly begins at once, and its caller hears nothing until it is done.
    inCaller: backend === "wasm",
    async embed(tokens, batch, length, cancel) {
      cancel?.throwIfAborted();
      if (!open) throw encoderFailed("closed", "the model was closed", "open it again");
      const rows = new ort.Tensor("int32", rowsOf(tokens, batch, length), [batch, length]);
      try {
        const {embedding} = await orLost(session.run({rows}), lost);
        const data = await orLost(embedding.getData(true), lost);
        if (refused !== null) throw refused;
        if (data instanceof Float32Array && data.length === batch * width) return data;
        throw encoderFailed(
          "bad-output",
          `the model gave ${data.length} numbers for ${batch} x ${width}`,
          "convert the checkpoint again"
        );
      } catch (cause) {
        throw isWorkbookError(cause) ? cause : runFailed(name, batch, length, cause);
      } finally {
        refused = null;
        rows.dispose();
      }
    },
    async close() {
      if (!open) return;
      open = false;
      // Releasing a session whose device is gone never answers; the device's end frees its memory in any case.
      if (device === undefined) await session.release();
      else device.destroy();
    }
  };
}

/**
 * Opens the bundle's expression head through onnxruntime-web's WebAssembly: for one cell it is a fraction of a second anywhere,
 * and it needs no GPU. Throws a WorkbookError of domain "model" (also "no-expression-head") or "encoder".
 */
export async function openWebExpressionHead(
  bundle: Bundle,
  {ort, name, precision, signal}: Pick<WebEncoderOptions, "ort" | "name" | "precision" | "signal">
): Promise<ExpressionHead> {
  return openExpressionHead(bundle, {
    name,
    precision,
    signal,
    async openSession({graph, externalData}) {
      const options = {executionProviders: ["wasm"], externalData, logSeverityLevel: 3 as const};
      const session = await ort.InferenceSession.create(graph, options).catch((cause: unknown) => {
        throw noSession(`${name} could not open the expression head`, "reload the page", cause);
      });
      const tensors: TensorsOf<Ort.Tensor> = {
        float32: (values, shape) => new ort.Tensor("float32", values, shape),
        int32: (values, shape) => new ort.Tensor("int32", values, shape)
      };
      return headSession(session, tensors, (genes, cause) =>
        encoderFailed("run-failed", `${name} failed on ${genes} genes`, "try again", cause)
      );
    }
  });
}

/**
 * Opens the bundle's encoder through onnxruntime-web with every layer's output given out: what the encoder of the same backend
 * computes, to be looked at. Throws a WorkbookError of domain "model" or "encoder".
 */
export async function openWebLayers(
  bundle: Bundle,
  {ort, backend, name, precision, device, signal}: WebEncoderOptions
): Promise<LayerProbe> {
  return openLayerProbe(bundle, {
    name,
    backend,
    precision,
    signal,
    async openSession({graph, externalData}) {
      const provider = backend === "webgpu" ? {name: "webgpu", device} : "wasm";
      const session = await ort.InferenceSession.create(graph, {
        executionProviders: [provider as "wasm"],
        externalData,
        logSeverityLevel: 3
      }).catch((cause: unknown) => {
        throw noSession(`${name} could not open the model with its layers' outputs`, anotherDevice, cause);
      });
      return {
        async run(rows, length, names) {
          const input = new ort.Tensor("int32", rows, [1, length]);
          try {
            const results = await session.run({rows: input});
            return await Promise.all(names.map(async (one) => (await results[one].getData(true)) as Float32Array));
          } catch (cause) {
            throw encoderFailed("run-failed", `${name} failed on a sentence of ${length} tokens`, anotherDevice, cause);
          } finally {
            input.dispose();
          }
        },
        async close() {
          if (device === undefined) await session.release();
          else device.destroy();
        }
      };
    }
  });
}

const anotherDevice = "choose another device and compare again";
