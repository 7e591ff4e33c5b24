import type {BundleFile} from "../model/bundle.js";
import {storedAs, storedBytes} from "../model/stored-as.js";
import {largestWeightFile, weightFileName} from "../model/weight-files.js";
import type {Precision} from "../types.js";
import type {GraphTensor} from "./graph-tensors.js";
import {encodeStorage} from "./storage.js";
import {encodeSafetensors, type StoredTensor} from "./write-safetensors.js";

/** Writes a file of a bundle and tells its size and sha256. */
export type WriteFile = (path: string, bytes: Uint8Array<ArrayBuffer>) => Promise<BundleFile>;

/** Takes the tensors of a part of the model one after the other, and writes them. */
export interface WeightWriter {
  add(tensor: GraphTensor): Promise<void>;
  /** Writes what is held; the files, in their order. */
  end(): Promise<BundleFile[]>;
}

/**
 * Writes weights in a storage precision into as few files in their order as `most` bytes a file allow: `first`, then those of `weightFileName`. What is larger alone is cut
 * between rows, if it is a table. No more than one file is held at a time. Throws as `encodeStorage` does.
 */
export function openWeightWriter(
  first: string,
  precision: Precision,
  write: WriteFile,
  most = largestWeightFile
): WeightWriter {
  const files: BundleFile[] = [];
  let [held, bytes]: [StoredTensor[], number] = [[], 0];
  const flush = async (): Promise<void> => {
    if (held.length === 0) return;
    files.push(await write(weightFileName(first, files.length + 1), encodeSafetensors(held)));
    [held, bytes] = [[], 0];
  };
  return {
    async add(tensor) {
      for (const part of inParts(tensor, precision, most)) {
        const size = storedBytes(storedAs(precision, part), part.shape);
        if (bytes + size > most) await flush();
        held.push(...encodeStorage(precision, [part]));
        bytes += size;
      }
    },
    async end() {
      await flush();
      return files;
    }
  };
}

/** Writes all of `tensors` as `openWeightWriter` does. */
export async function writeWeights(
  first: string,
  precision: Precision,
  tensors: Iterable<GraphTensor> | AsyncIterable<GraphTensor>,
  write: WriteFile,
  most = largestWeightFile
): Promise<BundleFile[]> {
  const writer = openWeightWriter(first, precision, write, most);
  for await (const tensor of tensors) await writer.add(tensor);
  return writer.end();
}

/** A table in runs of rows that a file can hold; anything else whole. */
function inParts(tensor: GraphTensor, precision: Precision, most: number): GraphTensor[] {
  const {kind, shape, values} = tensor;
  const count = Math.ceil(storedBytes(storedAs(precision, tensor), shape) / most);
  if (count <= 1 || (kind !== "table" && kind !== "expressionTable")) return [tensor];
  const [rows, width] = shape;
  const each = Math.ceil(rows / count);
  return Array.from({length: Math.ceil(rows / each)}, (_, i) => {
    const some = Math.min(each, rows - i * each);
    return {...tensor, shape: [some, width], values: values.subarray(i * each * width, (i * each + some) * width)};
  });
}
