import type {Arithmetic} from "./kernel.js";
import type {MatrixAttentionTile} from "./matrix-attention.js";
import type {MatrixTile} from "./matrix-product.js";
import type {PlainAttentionTile} from "./plain-attention.js";
import type {PlainTile} from "./plain-product.js";

/** The tiles of all kernels. Measured on an NVIDIA H200 (docs/performance.md): "many" rows fill the device, few are those of one to three sentences. */
export interface Tiles {
  plain: PlainTile;
  matrix: MatrixTile;
  plainAttention: PlainAttentionTile;
  matrixAttention: MatrixAttentionTile;
  /** Parts of the inner dimension (`ProductShape.splits`) of a product without an epilogue. */
  splits: number;
}

/** Rows from which large tiles leave no processor idle. */
export const manyRows = 4096;

/** True if this many rows of all sentences together fill a device with large tiles. */
export function areMany(rows: number): boolean {
  return rows >= manyRows;
}

/** Most parts of a product's inner dimension. */
export const mostSplits = 4;

/** Tiles for products of `inner` numbers and `columns` columns, and for heads of `headSize`. */
export function chooseTiles(
  arithmetic: Arithmetic,
  many: boolean,
  {inner, columns}: {inner: number; columns: number},
  headSize: number
): Tiles {
  const depth = arithmetic === "fp32" ? 16 : 32;
  const across = columns % 128 === 0 ? 2 : 1;
  return {
    plain: {rows: many ? 128 : 64, columns: 64, depth},
    matrix: many
      ? {rows: 4, columns: 4, down: 1, across, depth: 16}
      : {rows: 2, columns: 2, down: 2, across: 2, depth: 32},
    // Two queries of 64 numbers and their sums are more than a thread's registers; staged keys and values take 16 KiB at most.
    plainAttention: {
      threads: 64,
      queries: many && headSize < 64 ? 2 : 1,
      keys: headSize > 64 ? 16 : 32,
      group: arithmetic === "fp16" ? 16 : 8
    },
    // With heads of 64, four subgroups would take more than 32 KiB of workgroup memory.
    matrixAttention: {subgroups: many && headSize === 32 ? 4 : 2, keys: 32},
    splits: !many && inner >= 2 * columns && inner % (mostSplits * 32) === 0 ? mostSplits : 1
  };
}
