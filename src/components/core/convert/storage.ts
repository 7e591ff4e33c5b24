import {bytesOf} from "../bytes-of.js";
import {WorkbookError} from "../errors.js";
import type {Precision} from "../types.js";
import type {GraphTensor} from "./graph-tensors.js";
import {encodeHalves} from "../model/half.js";
import {blockLength, quantizeBlocks, quantizeRows} from "../model/quantize.js";
import {widenToFloat32} from "../model/widen.js";
import type {StoredTensor} from "./write-safetensors.js";

/** How each storage precision holds a weight (docs/formats.md, "Storage"); `widenStorage` reads all of them. */
const encoders: Record<Precision, (tensor: GraphTensor) => StoredTensor[]> = {
  fp32: whole,
  fp16: (tensor) => (tensor.kind === "sinusoids" ? exact(tensor) : half(tensor)),
  int8: (tensor) => {
    if (tensor.kind === "sinusoids") return exact(tensor);
    if (tensor.kind === "table") return rows(tensor);
    return tensor.kind === "matrix" && tensor.shape[0] % blockLength === 0 ? blocks(tensor) : half(tensor);
  }
};

/**
 * Weights as a storage precision holds them; the same weights give the same bytes. Throws a WorkbookError: domain "usage"
 * for a precision that there is not, "checkpoint" (float16-overflow) for a weight that float16 cannot hold.
 */
export function encodeStorage(precision: Precision, tensors: readonly GraphTensor[]): StoredTensor[] {
  if (!Object.hasOwn(encoders, precision)) {
    const known = Object.keys(encoders).join(", ");
    throw new WorkbookError({
      domain: "usage",
      code: "unknown-precision",
      fault: `this version cannot write weights in ${precision} (it writes ${known})`,
      remedy: `ask for ${known}`
    });
  }
  return tensors.flatMap(encoders[precision]);
}

function whole({name, shape, values}: GraphTensor): StoredTensor[] {
  return [{name, shape, type: "F32", bytes: bytesOf(values)}];
}

/** In float16 where that loses nothing, else in float32. */
function exact(tensor: GraphTensor): StoredTensor[] {
  const [stored] = half(tensor);
  const back = widenToFloat32(stored.bytes, "F16");
  return back?.every((value, i) => value === tensor.values[i]) ? [stored] : whole(tensor);
}

function half({name, shape, values}: GraphTensor): StoredTensor[] {
  return [{name, shape, type: "F16", bytes: bytesOf(encodeHalves(values, name))}];
}

function rows({name, shape, values}: GraphTensor): StoredTensor[] {
  const table = quantizeRows(values, shape[0], shape[1], name);
  return [
    {name, shape, type: "I8", bytes: bytesOf(table.values)},
    {name: `${name}.scales`, shape: [shape[0]], type: "F16", bytes: bytesOf(table.scales)}
  ];
}

function blocks({name, shape, values}: GraphTensor): StoredTensor[] {
  const [inputs, outputs] = shape;
  const matrix = quantizeBlocks(values, inputs, outputs, name);
  const count = inputs / blockLength;
  return [
    {name, shape: [outputs, count, blockLength], type: "U8", bytes: matrix.values},
    {name: `${name}.scales`, shape: [outputs, count], type: "F16", bytes: bytesOf(matrix.scales)}
  ];
}
