import {WorkbookError} from "../errors.js";
import type {Precision} from "../types.js";
import type {GraphTensor} from "./graph-tensors.js";
import type {StoredTensor} from "./write-safetensors.js";

/**
 * How each storage precision holds a weight (docs/formats.md, "Storage"). A new precision is added here and in
 * `widenStored`, and nowhere else.
 */
const encoders: Partial<Record<Precision, (tensor: GraphTensor) => StoredTensor[]>> = {
  fp32: ({name, shape, values}) => [{name, shape, type: "F32", bytes: bytesOf(values)}]
};

/** Weights as a storage precision holds them; throws for one that this version cannot write. */
export function encodeStorage(precision: Precision, tensors: readonly GraphTensor[]): StoredTensor[] {
  const encode = encoders[precision];
  if (encode === undefined) {
    const known = Object.keys(encoders).join(", ");
    throw new WorkbookError({
      domain: "usage",
      code: "unknown-precision",
      fault: `this version cannot write weights in ${precision} (it writes ${known})`,
      remedy: `ask for ${known}`
    });
  }
  return tensors.flatMap(encode);
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
