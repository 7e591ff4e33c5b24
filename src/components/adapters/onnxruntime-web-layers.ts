import {openLayerProbe, type LayerProbe} from "../core/embed/layer-probe.js";
import {WorkbookError} from "../core/errors.js";
import type {Bundle} from "../core/model/bundle.js";
import type {WebEncoderOptions} from "./onnxruntime-web.js";

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
        throw failed("no-session", `${name} could not open the model with its layers' outputs`, cause);
      });
      return {
        async run(rows, length, names) {
          const input = new ort.Tensor("int32", rows, [1, length]);
          try {
            const results = await session.run({rows: input});
            return await Promise.all(names.map(async (one) => (await results[one].getData(true)) as Float32Array));
          } catch (cause) {
            throw failed("run-failed", `${name} failed on a sentence of ${length} tokens`, cause);
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

function failed(code: string, fault: string, cause: unknown): WorkbookError {
  return new WorkbookError(
    {domain: "encoder", code, fault, remedy: "choose another device and compare again"},
    {cause}
  );
}
