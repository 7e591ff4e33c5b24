import type {Precision} from "../types.js";
import type {BundlePart} from "./bundle-paths.js";
import type {Bundle} from "./bundle.js";
import {readWeights} from "./read-weights.js";
import type {WideTensor} from "./widen-storage.js";

/**
 * The weights of one part of the model as float32, from the files of the storage precision: its table, part, and for the encoder its positions (sinusoids are computed).
 * The checksum of every file is verified. Throws a WorkbookError of domain "model".
 */
export async function readWideTensors(
  bundle: Bundle,
  part: BundlePart,
  storage: Precision,
  signal?: AbortSignal
): Promise<WideTensor[]> {
  const tensors = new Map<string, Float32Array<ArrayBuffer>>();
  for await (const {name, widen} of readWeights(bundle, part, storage, signal)) {
    tensors.set(name, joined(tensors.get(name), widen()));
  }
  return Array.from(tensors, ([name, values]) => ({name, values}));
}

/** A weight's next part behind what was read of it; the part itself where it is the first. */
export function joined(
  before: Float32Array<ArrayBuffer> | undefined,
  part: Float32Array<ArrayBuffer>
): Float32Array<ArrayBuffer> {
  if (before === undefined) return part;
  const whole = new Float32Array(before.length + part.length);
  whole.set(before);
  whole.set(part, before.length);
  return whole;
}
