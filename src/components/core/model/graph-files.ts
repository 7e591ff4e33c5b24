import {bytesOf} from "../bytes-of.js";
import {WorkbookError} from "../errors.js";
import type {Precision} from "../types.js";
import {bundlePaths} from "./bundle-paths.js";
import type {BundlePart, ComputePrecision} from "./bundle-paths.js";
import type {Bundle} from "./bundle.js";
import {sinusoids} from "./sinusoids.js";
import {widenStorage} from "./widen-storage.js";

/** A graph and the bytes of its external initializers, as onnxruntime takes them (`externalData`). */
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
    externalData.push(...widenStorage(path, bytes).map(({name, values}) => ({path: name, data: bytesOf(values)})));
  }
  const {positions, maxLength, width} = bundle.manifest.architecture;
  if (part === "encoder" && positions === "sinusoidal") {
    externalData.push({path: "positions", data: bytesOf(sinusoids(maxLength, width))});
  }
  return {graph: await bundle.file(graphPath, signal), externalData};
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
