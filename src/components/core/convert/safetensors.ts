import {WorkbookError} from "../errors.js";
import {nearestNames} from "./nearest-names.js";
import type {RangeReader} from "./range-reader.js";
import {parseSafetensorsHeader, safetensorsHeaderLength, safetensorsTypes} from "../model/safetensors-header.js";
import type {TensorInfo} from "../model/safetensors-header.js";
import {widenToFloat32} from "../model/widen.js";

/** A safetensors checkpoint, its header read; tensors are read on demand, by range. */
export interface Safetensors {
  readonly name: string;
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  /** A whole tensor as float32, row-major. Throws if it is missing or has another shape than `shape`. */
  read(tensor: string, shape: readonly number[], signal?: AbortSignal): Promise<Float32Array>;
  /** Rows `first` to `first + count` (exclusive) of a tensor of shape `shape`, as float32. */
  readRows(
    tensor: string,
    shape: readonly number[],
    first: number,
    count: number,
    signal?: AbortSignal
  ): Promise<Float32Array>;
}

/**
 * Opens a safetensors file of any size: reads its header and nothing else. F32, F16, BF16 and F64 tensors can be read.
 * Throws a WorkbookError of domain "checkpoint": not-safetensors, bad-header, truncated, no-such-tensor, wrong-shape,
 * wrong-type.
 */
export async function openSafetensors(reader: RangeReader, signal?: AbortSignal): Promise<Safetensors> {
  const {name, byteLength} = reader;
  const first8 = await reader.slice(0, Math.min(8, byteLength), signal);
  const length = safetensorsHeaderLength(first8, byteLength, name);
  const tensors = parseSafetensorsHeader(await reader.slice(8, 8 + length, signal), byteLength, name);

  async function readRows(
    tensor: string,
    shape: readonly number[],
    first: number,
    count: number,
    signal?: AbortSignal
  ): Promise<Float32Array> {
    const info = findTensor(name, tensors, tensor, shape);
    const rowBytes = shape.slice(1).reduce((product, size) => product * size, safetensorsTypes[info.type]);
    const start = info.start + first * rowBytes;
    const bytes = await reader.slice(start, start + count * rowBytes, signal);
    const values = widenToFloat32(bytes, info.type);
    if (values === undefined) {
      throw new WorkbookError({
        domain: "checkpoint",
        code: "wrong-type",
        fault: `${name} holds ${info.type} where floating-point numbers are expected`,
        place: tensor,
        remedy: "give a checkpoint in float32, float16 or bfloat16"
      });
    }
    return values;
  }

  return {
    name,
    tensors,
    readRows,
    read: (tensor, shape, signal) => readRows(tensor, shape, 0, shape[0] ?? 1, signal)
  };
}

function findTensor(
  file: string,
  tensors: ReadonlyMap<string, TensorInfo>,
  name: string,
  shape: readonly number[]
): TensorInfo {
  const info = tensors.get(name);
  if (info === undefined) {
    const nearest = nearestNames(name, tensors.keys()).join(", ");
    throw new WorkbookError({
      domain: "checkpoint",
      code: "no-such-tensor",
      fault: `${file} has no tensor ${name} (nearest of its ${tensors.size}: ${nearest})`,
      remedy: "give a checkpoint in the UCE-brain layout"
    });
  }
  if (info.shape.length !== shape.length || info.shape.some((size, i) => size !== shape[i])) {
    const [found, wanted] = [info.shape, shape].map((sizes) => sizes.join(", "));
    throw new WorkbookError({
      domain: "checkpoint",
      code: "wrong-shape",
      fault: `${file} holds a tensor of shape [${found}] where config.json asks for [${wanted}]`,
      place: name,
      remedy: "give the config.json and model.safetensors of one and the same checkpoint"
    });
  }
  return info;
}
