import {bytesOf} from "../bytes-of.js";
import type {Precision} from "../types.js";
import {bundlePaths} from "./bundle-paths.js";
import type {BundlePart} from "./bundle-paths.js";
import type {Bundle} from "./bundle.js";
import {readWeights} from "./read-weights.js";
import {requireFile} from "./require-file.js";
import {readWideTensors} from "./wide-tensors.js";
import {widenToFloat32} from "./widen.js";

/** A graph and the bytes of its external initializers, as onnxruntime takes them (`externalData`). */
export interface GraphFiles {
  graph: Uint8Array<ArrayBuffer>;
  externalData: {path: string; data: Uint8Array}[];
}

/**
 * Reads what a session of one part of the model needs: the graph that computes in float32, and its weights from the files of the storage precision, widened; the
 * blocks of an encoder in 4 bits go to its own graph as they lie. Sinusoidal positions are computed. The checksum of every file is verified. Throws a WorkbookError
 * of domain "model".
 */
export async function readGraphFiles(
  bundle: Bundle,
  part: BundlePart,
  storage: Precision,
  signal?: AbortSignal
): Promise<GraphFiles> {
  const inBlocks = part === "encoder" && storage === "int4";
  const graphPath = bundlePaths.graph(part, inBlocks ? "fp32-int4" : "fp32");
  requireFile(bundle, storage, graphPath);
  const externalData = inBlocks
    ? await blocksOf(bundle, signal)
    : (await readWideTensors(bundle, part, storage, signal)).map(({name, values}) => ({
        path: name,
        data: bytesOf(values)
      }));
  return {graph: await bundle.file(graphPath, signal), externalData};
}

/** Initializers of the graph in blocks: bytes and float32 scales of each matrix that lies so, the rest as float32. */
async function blocksOf(bundle: Bundle, signal?: AbortSignal): Promise<GraphFiles["externalData"]> {
  const data: GraphFiles["externalData"] = [];
  for await (const {name, blocks, widen} of readWeights(bundle, "encoder", "int4", signal)) {
    if (blocks === null) data.push({path: name, data: bytesOf(widen())});
    else {
      const scales = widenToFloat32(blocks.scales, "F16") as Float32Array;
      data.push({path: name, data: blocks.values}, {path: `${name}.scales`, data: bytesOf(scales)});
    }
  }
  return data;
}
