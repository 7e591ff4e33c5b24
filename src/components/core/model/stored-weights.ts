import {WorkbookError} from "../errors.js";
import {blockLength, widenBlocks, widenRows} from "./quantize.js";
import {nibbleLength, widenNibbles} from "./quantize4.js";
import {parseSafetensorsHeader, safetensorsHeaderLength, type TensorInfo} from "./safetensors-header.js";
import {widenToFloat32} from "./widen.js";

/** A matrix in blocks of few bits, as it lies in a file and as MatMulNBits takes it (docs/formats.md, "Storage"). */
export interface WeightBlocks {
  bits: 4 | 8;
  /** Values that share a scale. */
  length: number;
  inputs: number;
  outputs: number;
  /** [outputs, inputs / length, length x bits / 8]. */
  values: Uint8Array;
  /** Float16, [outputs, inputs / length]. */
  scales: Uint8Array;
}

/** A weight as a file of a bundle holds it: a view of the file's bytes. */
export interface StoredWeight {
  name: string;
  /** As the graphs take it: a matrix is inputs x outputs. */
  shape: readonly number[];
  /** Null where it does not lie in blocks, or is a table. */
  blocks: WeightBlocks | null;
  /** Its numbers as float32, row-major; a view of the file where it holds just those. */
  widen(): Float32Array<ArrayBuffer>;
}

const suffixes = [".scales", ".scales4"] as const;

/**
 * The weights of a bundle's safetensors file, in its order, whatever storage precision they lie in (docs/formats.md, "Storage"). Throws a WorkbookError of
 * domain "model" for a type or shape that no storage precision has.
 */
export function storedWeights(path: string, bytes: Uint8Array<ArrayBuffer>): StoredWeight[] {
  const length = safetensorsHeaderLength(bytes.subarray(0, 8), bytes.byteLength, path, "model");
  const tensors = parseSafetensorsHeader(bytes.subarray(8, 8 + length), bytes.byteLength, path, "model");
  const scaleNames = new Set([...tensors.keys()].flatMap((name) => suffixes.map((suffix) => name + suffix)));
  const weights: StoredWeight[] = [];
  for (const [name, info] of tensors) {
    if (scaleNames.has(name)) continue;
    const content = bytes.subarray(info.start, info.end);
    const scales = suffixes.map((suffix) => tensors.get(name + suffix));
    const given = scales.find((one) => one !== undefined);
    const weight =
      given === undefined
        ? whole(name, content, info)
        : scaled(name, content, info, bytes.subarray(given.start, given.end), given, scales[1] === undefined ? 8 : 4);
    if (weight === null) throw unknownStorage(path, name, info, given);
    weights.push(weight);
  }
  return weights;
}

function whole(name: string, content: Uint8Array<ArrayBuffer>, {type, shape}: TensorInfo): StoredWeight | null {
  if (!["F64", "F32", "F16", "BF16"].includes(type)) return null;
  return {name, shape, blocks: null, widen: () => widenToFloat32(content, type) as Float32Array<ArrayBuffer>};
}

/** Numbers of few bits times their scales; null for shapes or types that this version does not know. */
function scaled(
  name: string,
  content: Uint8Array<ArrayBuffer>,
  {type, shape}: TensorInfo,
  scales: Uint8Array,
  scaleInfo: TensorInfo,
  bits: 4 | 8
): StoredWeight | null {
  if (scaleInfo.type !== "F16" || scaleInfo.shape.join() !== shape.slice(0, -1).join()) return null;
  const wideScales = () => widenToFloat32(scales, "F16") as Float32Array;
  if (type === "I8" && shape.length === 2 && bits === 8) {
    const widen = () =>
      widenRows(new Int8Array(content.buffer, content.byteOffset, content.byteLength), wideScales(), shape[1]);
    return {name, shape, blocks: null, widen};
  }
  const length = bits === 8 ? blockLength : nibbleLength;
  if (type !== "U8" || shape.length !== 3 || shape[2] !== (length * bits) / 8) return null;
  const [outputs, inputs] = [shape[0], shape[1] * length];
  if (name === "table" && bits === 4) {
    const widen = () => widenNibbles(content, wideScales(), {inputs, outputs, byRows: true});
    return {name, shape: [outputs, inputs], blocks: null, widen};
  }
  const widen = () =>
    bits === 8
      ? widenBlocks(content, wideScales(), inputs, outputs)
      : widenNibbles(content, wideScales(), {inputs, outputs});
  const blocks: WeightBlocks = {bits, length, inputs, outputs, values: content, scales};
  return {name, shape: [inputs, outputs], blocks, widen};
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
