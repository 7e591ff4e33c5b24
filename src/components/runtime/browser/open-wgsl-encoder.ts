import {WgslRunner} from "../../adapters/wgsl-runner.js";
import {deviceLost, encoderFailed, failedToOpen, orLost, runFailed} from "../../core/embed/device-errors.js";
import type {Encoder} from "../../core/embed/encoder.js";
import {sharedCalls} from "../../core/embed/shared-calls.js";
import {tableRows} from "../../core/embed/table-rows.js";
import {isWorkbookError} from "../../core/errors.js";
import type {Arithmetic} from "../../core/kernels/kernel.js";
import type {Bundle} from "../../core/model/bundle.js";
import {readWeights} from "../../core/model/read-weights.js";
import type {Precision} from "../../core/types.js";

/** How to open a model with our own kernels. */
export interface WgslEncoderOptions {
  /** Display name ("WebGPU, Apple M4"). */
  name: string;
  /** Storage precision to read. */
  precision: Precision;
  /** Arithmetic of the kernels; the device must have the features that it needs. */
  arithmetic: Arithmetic;
  /** Device to run on. The encoder destroys it when closed. */
  device: GPUDevice;
  signal?: AbortSignal;
}

/**
 * Opens a bundle with the kernels of core/kernels. Throws a WorkbookError of domain "model" or "encoder"; `embed` throws "device-lost" when the device is gone,
 * "out-of-memory" or "run-failed" when a batch does not go through: such a batch can be tried again elsewhere.
 */
export async function openWgslEncoder(
  bundle: Bundle,
  {name, precision, arithmetic, device, signal}: WgslEncoderOptions
): Promise<Encoder> {
  const {architecture, tableRows: rowCount} = bundle.manifest;
  const lost = device.lost.then(({message}) => deviceLost(name, message));
  const calls = sharedCalls(() => runner.shrink());
  // A buffer for which there is no memory is no exception: its kernels are left out, and old numbers stand where new ones should.
  device.addEventListener("uncapturederror", (event) => {
    event.preventDefault();
    const memory = event.error.constructor.name === "GPUOutOfMemoryError";
    calls.refuse(new Error(`${memory ? "out of memory: " : ""}${event.error.message}`));
  });
  const runner = await orLost(
    WgslRunner.open(
      device,
      {model: architecture, tableRows: rowCount, arithmetic},
      readWeights(bundle, "encoder", precision, signal)
    ),
    lost
  ).catch((cause: unknown) => failedToOpen(name, cause, signal));
  const rowsOf = tableRows(bundle);
  const {outputWidth: width} = architecture;
  let open = true;
  return {
    name,
    backend: "webgpu",
    compute: arithmetic === "fp32" ? "fp32" : "fp16",
    storage: precision,
    limits: {maxBatch: 512, preferredBatch: 16, atOnce: 3},
    width,
    async embed(tokens, batch, length, cancel) {
      cancel?.throwIfAborted();
      if (!open) throw encoderFailed("closed", "the model was closed", "open it again");
      const rows = rowsOf(tokens, batch, length);
      try {
        return await calls.run(() => orLost(runner.embed(rows, batch, length, cancel), lost), cancel);
      } catch (cause) {
        cancel?.throwIfAborted();
        throw isWorkbookError(cause) ? cause : runFailed(name, batch, length, cause);
      }
    },
    async close() {
      open = false;
      device.destroy();
    }
  };
}
