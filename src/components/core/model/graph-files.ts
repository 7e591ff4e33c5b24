import {WorkbookError} from "../errors.js";
import type {Precision} from "../types.js";
import {bundlePaths} from "./bundle-paths.js";
import type {BundlePart, ComputePrecision} from "./bundle-paths.js";
import type {Bundle} from "./bundle.js";
import {parseSafetensorsHeader, safetensorsHeaderLength} from "./safetensors-header.js";
import {sinusoids} from "./sinusoids.js";
import {widenToFloat32} from "./widen.js";

/** A graph and the bytes of its external initialisers, as onnxruntime takes them (`externalData`). */
export interface GraphFiles {
  graph: Uint8Array<ArrayBuffer>;
  externalData: {path: string; data: Uint8Array}[];
}

/**
 * Reads what a session of one part of the model needs: the graph of the compute precision, and its weights from the
 * files of the storage precision, widened where the two differ. Sinusoidal positions are computed. The checksum of
 * every file is verified. Throws a WorkbookError of domain "model".
 */
export async function readGraphFiles(
  bundle: Bundle,
  part: BundlePart,
  storage: Precision,
  compute: ComputePrecision = "fp32",
  signal?: AbortSignal
): Promise<GraphFiles> {
  const graphPath = bundlePaths.graph(part, compute);
  requireFile(bundle, storage, graphPath);
  const externalData: GraphFiles["externalData"] = [];
  for (const path of [bundlePaths.table(storage), bundlePaths.weights(part, storage)]) {
    requireFile(bundle, storage, path);
    const bytes = await bundle.file(path, signal);
    externalData.push(...widenStored(path, bytes));
  }
  const {positions, maxLength, width} = bundle.manifest.architecture;
  if (part === "encoder" && positions === "sinusoidal") {
    externalData.push({path: "positions", data: bytesOf(sinusoids(maxLength, width))});
  }
  return {graph: await bundle.file(graphPath, signal), externalData};
}

/** The tensors of a weights file as float32 bytes, by name. */
function widenStored(path: string, bytes: Uint8Array<ArrayBuffer>): GraphFiles["externalData"] {
  const length = safetensorsHeaderLength(bytes.subarray(0, 8), bytes.byteLength, path, "model");
  const tensors = parseSafetensorsHeader(bytes.subarray(8, 8 + length), bytes.byteLength, path, "model");
  return Array.from(tensors, ([name, {type, start, end}]) => {
    const values = widenToFloat32(bytes.subarray(start, end), type);
    if (values === undefined) throw unknownStorage(path, name, type);
    return {path: name, data: bytesOf(values)};
  });
}

function requireFile(bundle: Bundle, storage: Precision, path: string): void {
  const {variants, name} = bundle.manifest;
  const variant = variants.find(({precision}) => precision === storage);
  if (variant?.files.some((file) => file.path === path) === true) return;
  throw new WorkbookError({
    domain: "model",
    code: variant === undefined ? "no-such-variant" : "no-such-file",
    fault:
      variant === undefined
        ? `model ${name} has no ${storage} variant (it has ${variants.map(({precision}) => precision).join(", ")})`
        : `the ${storage} variant of model ${name} has no ${path}`,
    remedy: variant === undefined ? "choose one of the variants that it has" : "choose another variant or model"
  });
}

function unknownStorage(path: string, name: string, type: string): WorkbookError {
  return new WorkbookError({
    domain: "model",
    code: "unknown-storage",
    fault: `${path} holds ${type}, which this version cannot read`,
    place: name,
    remedy: "use a newer version of the workbook or another variant of the model"
  });
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
