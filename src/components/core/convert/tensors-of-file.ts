import type {Architecture} from "../model/bundle.js";
import {parseSafetensorsHeader, safetensorsHeaderLength} from "../model/safetensors-header.js";
import {widenStorage} from "../model/widen-storage.js";
import type {GraphTensor} from "./graph-tensors.js";

/**
 * The weights of a float32 file of a bundle (table, encoder or expression head) as the converter had them when it wrote the file, to be stored
 * in another precision. Throws a WorkbookError of domain "model" for a file that is no such file.
 */
export function tensorsOfFile(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  {positions}: Pick<Architecture, "positions">
): GraphTensor[] {
  const length = safetensorsHeaderLength(bytes.subarray(0, 8), bytes.byteLength, path, "model");
  const infos = parseSafetensorsHeader(bytes.subarray(8, 8 + length), bytes.byteLength, path, "model");
  const kindOf = (name: string, shape: readonly number[]): GraphTensor["kind"] => {
    if (name === "table") return "table";
    if (name === "positions") return positions === "learned" ? "positions" : "sinusoids";
    return shape.length === 2 ? "matrix" : "vector";
  };
  return widenStorage(path, bytes).map(({name, values}) => {
    const {shape} = infos.get(name)!;
    return {name, shape, values, kind: kindOf(name, shape)};
  });
}
