import type {Bundle} from "../model/bundle.js";
import {readGraphFiles, type GraphFiles} from "../model/graph-files.js";
import {withOutputs} from "../model/with-outputs.js";
import type {Precision} from "../types.js";
import {tableRows} from "./table-rows.js";

/** A model that is open for looking inside: the same graph and weights as the encoder's, with every layer's output given out. */
export interface LayerProbe {
  /** Display name of backend and device. */
  readonly name: string;
  /** Backend id ("cpu", "wasm", "webgpu"). */
  readonly backend: string;
  /**
   * The output of each layer for one sentence of checkpoint tokens: length x width numbers, row-major; the last layer computes the
   * row of CLS alone (1 x width). Throws a WorkbookError of domain "encoder".
   */
  run(tokens: Int32Array): Promise<Float32Array[]>;
  /** Frees the device's memory; the probe cannot be used afterwards. */
  close(): Promise<void>;
}

/** A session of some backend on the probed graph: values by name. */
export interface ProbeSession {
  run(rows: Int32Array, length: number, names: readonly string[]): Promise<Float32Array[]>;
  close(): Promise<void>;
}

/** How to open a probe: what it says of itself, and the backend's way to a session. */
export interface LayerProbeOptions {
  name: string;
  backend: string;
  /** Storage precision to read; arithmetic is float32. */
  precision: Precision;
  openSession(files: GraphFiles): Promise<ProbeSession>;
  signal?: AbortSignal;
}

/** Opens a bundle's encoder with its layers' outputs given out. Throws a WorkbookError of domain "model", and what `openSession` throws. */
export async function openLayerProbe(
  bundle: Bundle,
  {name, backend, precision, openSession, signal}: LayerProbeOptions
): Promise<LayerProbe> {
  const {graph, externalData} = await readGraphFiles(bundle, "encoder", precision, signal);
  const outputs = Array.from({length: bundle.manifest.architecture.layers}, (_, layer) => `layers.${layer}.norm2`);
  const session = await openSession({graph: withOutputs(graph, outputs), externalData});
  const rowsOf = tableRows(bundle);
  return {
    name,
    backend,
    run: (tokens) => session.run(rowsOf(tokens, 1, tokens.length), tokens.length, outputs),
    close: () => session.close()
  };
}
