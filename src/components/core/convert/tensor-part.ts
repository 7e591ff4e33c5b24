import type {SafetensorsType} from "../model/safetensors-header.js";

/** A tensor as a file of weights tells of it. */
export interface StoredShape {
  type: SafetensorsType;
  shape: number[];
  /** Bytes that it takes. */
  bytes: number;
}

/** One file of weights, its directory read: tensors by name, and their bytes by range. */
export interface TensorPart {
  /** For messages ("model.safetensors"). */
  readonly name: string;
  readonly tensors: ReadonlyMap<string, StoredShape>;
  /** Bytes `from` to `to` (exclusive) of a tensor's own, row-major, little-endian. Throws a WorkbookError where they cannot be had. */
  read(tensor: string, from: number, to: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
}
