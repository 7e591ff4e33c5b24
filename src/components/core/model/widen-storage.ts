import {WorkbookError} from "../errors.js";
import {blockLength, widenBlocks, widenRows} from "./quantize.js";
import {parseSafetensorsHeader, safetensorsHeaderLength} from "./safetensors-header.js";
import type {TensorInfo} from "./safetensors-header.js";
import {widenToFloat32} from "./widen.js";

/** A weight as the graphs take it: float32, row-major. */
export interface WideTensor {
  name: string;
  values: Float32Array;
}

const scalesOf = (name: string) => `${name}.scales`;

/**
 * The weights of a bundle's safetensors file as float32, whatever storage precision they lie in (docs/formats.md,
 * "Storage"). Throws a WorkbookError of domain "model" for a type or shape that no storage precision has.
 */
export function widenStorage(path: string, bytes: Uint8Array<ArrayBuffer>): WideTensor[] {
  const length = safetensorsHeaderLength(bytes.subarray(0, 8), bytes.byteLength, path, "model");
  const tensors = parseSafetensorsHeader(bytes.subarray(8, 8 + length), bytes.byteLength, path, "model");
  const scaleNames = new Set(Array.from(tensors.keys(), scalesOf));
  const wide: WideTensor[] = [];
  for (const [name, info] of tensors) {
    if (scaleNames.has(name)) continue;
    const scales = tensors.get(scalesOf(name));
    const content = bytes.subarray(info.start, info.end);
    const values =
      scales === undefined
        ? widenToFloat32(content, info.type)
        : widenScaled(content, info, bytes.subarray(scales.start, scales.end), scales);
    if (values === undefined) throw unknownStorage(path, name, info, scales);
    wide.push({name, values});
  }
  return wide;
}

/** 8-bit numbers times their scales; undefined for shapes or types that this version does not know. */
function widenScaled(
  content: Uint8Array,
  {type, shape}: TensorInfo,
  scaleBytes: Uint8Array,
  scaleInfo: TensorInfo
): Float32Array | undefined {
  const scales = widenToFloat32(scaleBytes, scaleInfo.type);
  const alike = scaleInfo.shape.join() === shape.slice(0, -1).join();
  if (scales === undefined || !alike) return undefined;
  if (type === "U8" && shape.length === 3 && shape[2] === blockLength) {
    return widenBlocks(content, scales, shape[1] * blockLength, shape[0]);
  }
  if (type !== "I8" || shape.length !== 2) return undefined;
  return widenRows(new Int8Array(content.buffer, content.byteOffset, content.byteLength), scales, shape[1]);
}

function unknownStorage(path: string, name: string, info: TensorInfo, scales: TensorInfo | undefined): WorkbookError {
  const [values, factors] = [info, scales].map((tensor) => tensor && `${tensor.type} [${tensor.shape.join(", ")}]`);
  return new WorkbookError({
    domain: "model",
    code: "unknown-storage",
    fault: `${path} holds ${values}${factors === undefined ? "" : ` with scales ${factors}`}, which this version cannot read`,
    place: name,
    remedy: "use a newer version of the workbook or another variant of the model"
  });
}
