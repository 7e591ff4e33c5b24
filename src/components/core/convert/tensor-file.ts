import {WorkbookError} from "../errors.js";
import {refuseForeign} from "./foreign-file.js";
import type {KeptPieces} from "./kept-pieces.js";
import {nearestNames} from "./nearest-names.js";
import type {RangeReader} from "../remote/range-reader.js";
import {requireFinite} from "./require-finite.js";
import {checkShards, missingShard, readShardIndex} from "./shards.js";
import type {ShardedWeights} from "./shards.js";
import {parseSafetensorsHeader, safetensorsHeaderLength, safetensorsTypes} from "../model/safetensors-header.js";
import {widenToFloat32} from "../model/widen.js";
import type {ReadLog} from "./read-log.js";
import type {StoredShape, TensorPart} from "./tensor-part.js";
import {beginsAsZip, openTorchArchive} from "./torch-archive.js";

/** A checkpoint's weights, in one file or in several, their headers read; tensors are read on demand, by range. */
export interface TensorFile {
  readonly name: string;
  readonly tensors: ReadonlyMap<string, StoredShape>;
  /** A whole tensor as float32, row-major, all finite. Throws if it is missing or has another shape than `shape`. */
  read(tensor: string, shape: readonly number[], signal?: AbortSignal): Promise<Float32Array>;
  /**
   * Rows `first` to `first + count` (exclusive) of a tensor of shape `shape`, as float32. They may hold NaN: which rows are
   * used is for the caller to know (`requireFinite`).
   */
  readRows(
    tensor: string,
    shape: readonly number[],
    first: number,
    count: number,
    signal?: AbortSignal
  ): Promise<Float32Array>;
  /** Tensors that nothing has asked for so far, with `read`, `readRows` or `claim`. */
  unused(): string[];
  /** Says that a tensor will be read; throws if it is missing or has another shape. */
  claim(tensor: string, shape: readonly number[]): void;
}

/** How to open a checkpoint's weights. */
export interface TensorFileOptions {
  signal?: AbortSignal;
  /** Hears of all that is read. */
  log?: ReadLog;
  /** Whole tensors are kept there, for a conversion that goes on later. */
  kept?: KeptPieces;
  /** A whole tensor was read. */
  onRead?: () => void;
}

/** Name of some rows of a tensor in a `ReadLog`. */
export function pieceName(tensor: string, first: number, count: number): string {
  return `${tensor} ${first} ${count}`;
}

/**
 * Opens weights of any size, safetensors or a PyTorch zip archive: reads their headers and nothing else. F32, F16, BF16 and F64 tensors can be read.
 * Throws a WorkbookError of domain "checkpoint": not-safetensors, bad-header, truncated, bad-index, missing, no-such-tensor,
 * wrong-shape, wrong-type, not-finite, and what `openTorchArchive` throws.
 */
export async function openTensorFile(
  weights: RangeReader | ShardedWeights,
  {signal, log, kept, onRead}: TensorFileOptions = {}
): Promise<TensorFile> {
  const parts = "index" in weights ? await openShards(weights, signal) : [await openPart(weights, signal)];
  const name = parts.length === 1 ? parts[0].name : "the checkpoint";
  const tensors = new Map(parts.flatMap((part) => [...part.tensors]));
  const places = new Map(parts.flatMap((part) => Array.from(part.tensors.keys(), (key) => [key, part])));
  await log?.add("shapes", new TextEncoder().encode(shapesText(tensors)));
  const unused = new Set(tensors.keys());

  function claim(tensor: string, shape: readonly number[]): StoredShape {
    const info = findTensor(name, tensors, tensor, shape);
    unused.delete(tensor);
    return info;
  }

  async function rows(
    tensor: string,
    shape: readonly number[],
    [first, count]: [number, number],
    whole: boolean,
    signal?: AbortSignal
  ): Promise<Float32Array> {
    const info = claim(tensor, shape);
    const rowBytes = shape.slice(1).reduce((product, size) => product * size, safetensorsTypes[info.type]);
    const key = `tensor-${tensor.replace(/[^\w-]/g, "_")}-${first}-${count}`;
    const before = whole ? await kept?.read(key) : undefined;
    const bytes =
      before?.bytes ?? (await places.get(tensor)!.read(tensor, first * rowBytes, (first + count) * rowBytes, signal));
    await log?.add(pieceName(tensor, first, count), bytes);
    const values = widenToFloat32(bytes, info.type);
    if (values === undefined) throw wrongType(name, tensor, info);
    if (!whole) return values;
    const rowLength = shape.slice(1).reduce((product, size) => product * size, 1);
    requireFinite(values, {file: name, tensor, rowLength});
    if (!before) await kept?.write(key, "0", bytes);
    onRead?.();
    return values;
  }

  return {
    name,
    tensors,
    readRows: (tensor, shape, first, count, signal) => rows(tensor, shape, [first, count], false, signal),
    read: (tensor, shape, signal) => rows(tensor, shape, [0, shape[0] ?? 1], true, signal),
    unused: () => [...unused],
    claim
  };
}

async function openPart(reader: RangeReader, signal?: AbortSignal): Promise<TensorPart> {
  const {name, byteLength} = reader;
  const first8 = await reader.slice(0, Math.min(8, byteLength), signal);
  if (beginsAsZip(first8)) return openTorchArchive(reader, signal);
  refuseForeign(first8, name);
  const length = safetensorsHeaderLength(first8, byteLength, name);
  const infos = parseSafetensorsHeader(await reader.slice(8, 8 + length, signal), byteLength, name);
  const shapes = Array.from(infos, ([tensor, {type, shape, start, end}]): [string, StoredShape] => [
    tensor,
    {type, shape, bytes: end - start}
  ]);
  const startOf = (tensor: string) => infos.get(tensor)!.start;
  return {
    name,
    tensors: new Map(shapes),
    read: (tensor, from, to, signal) => reader.slice(startOf(tensor) + from, startOf(tensor) + to, signal)
  };
}

async function openShards({index, open}: ShardedWeights, signal?: AbortSignal): Promise<TensorPart[]> {
  const map = readShardIndex(index);
  const parts: TensorPart[] = [];
  for (const shard of [...new Set(map.values())].sort()) {
    const reader = await open(shard, signal);
    if (reader === null) throw missingShard(shard);
    parts.push(await openPart(reader, signal));
  }
  checkShards(map, new Map(parts.map(({name, tensors}) => [name, tensors.keys()])));
  return parts;
}

function shapesText(tensors: ReadonlyMap<string, StoredShape>): string {
  return Array.from(tensors, ([name, {type, shape}]) => `${name} ${type} ${shape.join(" ")}\n`)
    .sort()
    .join("");
}

function wrongType(file: string, tensor: string, {type}: StoredShape): WorkbookError {
  return new WorkbookError({
    domain: "checkpoint",
    code: "wrong-type",
    fault: `${file} holds ${type} where floating-point numbers are expected`,
    place: tensor,
    remedy: "give a checkpoint in float32, float16 or bfloat16"
  });
}

/** The WorkbookError for a tensor `name` that a file lacks, with those that it has of the nearest names. */
export function missingTensor(file: string, tensors: ReadonlyMap<string, StoredShape>, name: string): WorkbookError {
  const nearest = nearestNames(name, tensors.keys()).join(", ");
  return new WorkbookError({
    domain: "checkpoint",
    code: "no-such-tensor",
    fault: `${file} has no tensor ${name} (nearest of its ${tensors.size}: ${nearest})`,
    remedy: "give a whole checkpoint of UCE-brain or of the original UCE"
  });
}

function findTensor(
  file: string,
  tensors: ReadonlyMap<string, StoredShape>,
  name: string,
  shape: readonly number[]
): StoredShape {
  const info = tensors.get(name);
  if (info === undefined) throw missingTensor(file, tensors, name);
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
