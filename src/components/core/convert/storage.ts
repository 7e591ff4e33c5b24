import {bytesOf} from "../bytes-of.js";
import {WorkbookError} from "../errors.js";
import type {Precision} from "../types.js";
import type {GraphTensor} from "./graph-tensors.js";
import {encodeHalves} from "../model/half.js";
import {blockLength, quantizeBlocks, quantizeRows} from "../model/quantize.js";
import {nibbleLength, quantizeNibbles} from "../model/quantize4.js";
import {storedAs, type StoredAs} from "../model/stored-as.js";
import {widenToFloat32} from "../model/widen.js";
import type {StoredTensor} from "./write-safetensors.js";

/** How a weight is written, by how it is to lie (docs/formats.md, "Storage"); `readStored` reads all of them. */
const encoders: Record<StoredAs, (tensor: GraphTensor) => StoredTensor[]> = {
  float32: whole,
  float16: half,
  exact,
  rows8: rows,
  blocks8: blocks,
  blocks4: nibbles,
  rows4: nibbles
};

/** The storage precisions, nearest to the checkpoint first. */
export const storagePrecisions: readonly Precision[] = ["fp32", "fp16", "int8", "int4"];

/**
 * Weights as a storage precision holds them; the same weights give the same bytes. Throws a WorkbookError: domain "usage"
 * for a precision that there is not, "checkpoint" (float16-overflow) for a weight that float16 cannot hold.
 */
export function encodeStorage(precision: Precision, tensors: readonly GraphTensor[]): StoredTensor[] {
  if (!storagePrecisions.includes(precision)) {
    const known = storagePrecisions.join(", ");
    throw new WorkbookError({
      domain: "usage",
      code: "unknown-precision",
      fault: `this version cannot write weights in ${precision} (it writes ${known})`,
      remedy: `ask for ${known}`
    });
  }
  return tensors.flatMap((tensor) => encoders[storedAs(precision, tensor)](tensor));
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

/** Scales are called apart from those of 8-bit blocks, since the shape of blocks alone does not tell the two apart. */
function nibbles({name, shape, values, kind}: GraphTensor): StoredTensor[] {
  const byRows = kind !== "matrix";
  const [inputs, outputs] = byRows ? [shape[1], shape[0]] : shape;
  const matrix = quantizeNibbles(values, {inputs, outputs, byRows}, name);
  const count = inputs / nibbleLength;
  return [
    {name, shape: [outputs, count, nibbleLength / 2], type: "U8", bytes: matrix.values},
    {name: `${name}.scales4`, shape: [outputs, count], type: "F16", bytes: bytesOf(matrix.scales)}
  ];
}
