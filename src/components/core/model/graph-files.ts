import {bytesOf} from "../bytes-of.js";
import type {Precision} from "../types.js";
import {bundlePaths} from "./bundle-paths.js";
import type {BundlePart, ComputePrecision} from "./bundle-paths.js";
import type {Bundle} from "./bundle.js";
import {readWideTensors, requireFile} from "./wide-tensors.js";

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
  const tensors = await readWideTensors(bundle, part, storage, signal);
  const externalData = tensors.map(({name, values}) => ({path: name, data: bytesOf(values)}));
  return {graph: await bundle.file(graphPath, signal), externalData};
}
