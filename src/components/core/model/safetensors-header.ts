import {isRecord} from "../is-record.js";
import {WorkbookError} from "../errors.js";
import type {ErrorDomain} from "../errors.js";

/** Element types of safetensors that are read or written here, with bytes per element. */
export const safetensorsTypes = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1
} as const;

/** Name of an element type in a safetensors header. */
export type SafetensorsType = keyof typeof safetensorsTypes;

/** One tensor's place in a safetensors file. */
export interface TensorInfo {
  type: SafetensorsType;
  shape: number[];
  /** First byte, counted from the start of the file. */
  start: number;
  /** One past the last byte. */
  end: number;
}

/** Length of the JSON header that follows the first 8 bytes; throws if it cannot be a safetensors file. */
export function safetensorsHeaderLength(
  first8: Uint8Array,
  byteLength: number,
  name: string,
  domain: ErrorDomain = "checkpoint"
): number {
  const length =
    first8.byteLength < 8 ? NaN : Number(new DataView(first8.buffer, first8.byteOffset, 8).getBigUint64(0, true));
  if (!(length >= 2 && length <= 100_000_000)) {
    throw new WorkbookError({
      domain,
      code: "not-safetensors",
      fault: `${name} is not a safetensors file (its first 8 bytes give no header length; ${byteLength} bytes in all)`,
      remedy: "give the model.safetensors of the checkpoint; if it is a small text file, fetch it with git lfs pull"
    });
  }
  if (8 + length > byteLength) throw truncated(name, byteLength, 8 + length, domain);
  return length;
}

/**
 * Reads a safetensors JSON header (the bytes after the first 8). `byteLength` is the size of the whole file. Tensors have to
 * fill the rest of the file without overlap or gap, as the format demands. Throws "not-safetensors", "bad-header" or
 * "truncated" with the tensor's name and both numbers.
 */
export function parseSafetensorsHeader(
  header: Uint8Array,
  byteLength: number,
  name: string,
  domain: ErrorDomain = "checkpoint"
): Map<string, TensorInfo> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder().decode(header));
  } catch (cause) {
    throw badHeader(name, domain, "its header is not JSON", undefined, cause);
  }
  if (!isRecord(parsed)) throw badHeader(name, domain, "its header is not a JSON object");
  const dataStart = 8 + header.byteLength;
  const tensors = new Map<string, TensorInfo>();
  for (const [tensor, entry] of Object.entries(parsed)) {
    if (tensor === "__metadata__") continue;
    const info = tensorInfo(entry, dataStart);
    if (typeof info === "string") throw badHeader(name, domain, info, tensor);
    tensors.set(tensor, info);
  }
  let end = dataStart;
  for (const info of tensors.values()) end = Math.max(end, info.end);
  if (end > byteLength) throw truncated(name, byteLength, end, domain);
  const fault = layoutFault(tensors, dataStart, byteLength);
  if (fault !== undefined) throw badHeader(name, domain, fault.what, fault.tensor);
  return tensors;
}

/** What is wrong where tensors do not fill the data of a file, one after the other, as the format demands. */
function layoutFault(
  tensors: ReadonlyMap<string, TensorInfo>,
  dataStart: number,
  byteLength: number
): {what: string; tensor: string | undefined} | undefined {
  let end = dataStart;
  let before = "the header";
  const ordered = [...tensors].sort(([, a], [, b]) => a.start - b.start || a.end - b.end);
  for (const [tensor, info] of ordered) {
    if (info.start < end) return {what: `its bytes overlap by ${end - info.start} with those of ${before}`, tensor};
    if (info.start > end)
      return {what: `${info.start - end} bytes before it, after ${before}, belong to no tensor`, tensor};
    if (info.end > info.start) [end, before] = [info.end, tensor];
  }
  if (end === byteLength) return undefined;
  return {what: `its last ${byteLength - end} bytes, after ${before}, belong to no tensor`, tensor: undefined};
}

function tensorInfo(entry: unknown, dataStart: number): TensorInfo | string {
  if (!isRecord(entry)) return "an entry of its header is not an object";
  const {dtype, shape, data_offsets: offsets} = entry;
  if (typeof dtype !== "string" || !(dtype in safetensorsTypes))
    return `type ${JSON.stringify(dtype)} is not supported`;
  if (!isNaturalArray(shape)) return `shape ${JSON.stringify(shape)} is not a list of sizes`;
  if (!isNaturalArray(offsets) || offsets.length !== 2) return `offsets ${JSON.stringify(offsets)} are not two numbers`;
  const type = dtype as SafetensorsType;
  const bytes = shape.reduce((product, size) => product * size, 1) * safetensorsTypes[type];
  if (offsets[1] - offsets[0] !== bytes) {
    return `[${shape.join(", ")}] of ${type} takes ${bytes} bytes but ${offsets[1] - offsets[0]} are given`;
  }
  return {type, shape, start: dataStart + offsets[0], end: dataStart + offsets[1]};
}

function isNaturalArray(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

function badHeader(name: string, domain: ErrorDomain, what: string, place?: string, cause?: unknown): WorkbookError {
  return new WorkbookError(
    {domain, code: "bad-header", fault: `${name} cannot be read: ${what}`, place, remedy: "download the file again"},
    {cause}
  );
}

function truncated(name: string, has: number, needs: number, domain: ErrorDomain): WorkbookError {
  return new WorkbookError({
    domain,
    code: "truncated",
    fault: `${name} is cut short: it has ${has} bytes and needs ${needs}`,
    remedy: "download the file again"
  });
}
