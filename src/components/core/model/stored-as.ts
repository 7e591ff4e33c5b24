import type {Precision} from "../types.js";
import {blockLength} from "./quantize.js";
import {nibbleLength} from "./quantize4.js";

/** What a weight is: only matrices and tables may be stored in fewer than 16 bits; "sinusoids" are stored exactly. */
export type WeightKind = "matrix" | "vector" | "positions" | "sinusoids" | "table" | "expressionTable";

/** How a weight lies in a file (docs/formats.md, "Storage"). */
export type StoredAs = "float32" | "float16" | "exact" | "rows8" | "blocks8" | "blocks4" | "rows4";

/**
 * How a storage precision holds a weight, by its kind, name and shape. At 4 bits what bears most on embeddings for its size stays at 8 (docs/model.md, "4 bits"):
 * the table, whose rows nothing averages, the first layer's attention, and what follows the last layer.
 */
export function storedAs(
  precision: Precision,
  {kind, name, shape}: {kind: WeightKind; name: string; shape: readonly number[]}
): StoredAs {
  if (precision === "fp32") return "float32";
  if (kind === "sinusoids") return "exact";
  if (precision === "fp16" || kind === "vector" || kind === "positions") return "float16";
  if (kind === "table") return "rows8";
  if (kind === "expressionTable") return precision === "int4" && shape[1] % nibbleLength === 0 ? "rows4" : "rows8";
  const [inputs] = shape;
  const isFine = name.startsWith("layers.0.attention.") || name.startsWith("output.");
  if (precision === "int4" && !isFine && inputs % nibbleLength === 0) return "blocks4";
  return inputs % blockLength === 0 ? "blocks8" : "float16";
}

/** Bytes of a weight as it lies in a file, scales included; "exact" as float16. */
export function storedBytes(as: StoredAs, shape: readonly number[]): number {
  const count = shape.reduce((product, size) => product * size, 1);
  if (as === "float32") return 4 * count;
  if (as === "float16" || as === "exact") return 2 * count;
  if (as === "rows8") return count + 2 * shape[0];
  return as === "blocks8" ? count + 2 * (count / blockLength) : count / 2 + 2 * (count / nibbleLength);
}

/** Bits of a value and values of a block, of a matrix that lies so; null for any other way. */
export function blockForm(as: StoredAs): {bits: 4 | 8; length: number} | null {
  if (as === "blocks8") return {bits: 8, length: blockLength};
  return as === "blocks4" ? {bits: 4, length: nibbleLength} : null;
}
