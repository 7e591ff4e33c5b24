import type {Arithmetic} from "./kernel.js";
import type {MatrixAttentionTile} from "./matrix-attention.js";
import type {MatrixTile} from "./matrix-product.js";
import type {PlainAttentionTile} from "./plain-attention.js";
import type {PlainTile} from "./plain-product.js";

/** The tiles of all kernels. Measured on an NVIDIA H100 (docs/performance.md): "many" rows fill the device, "few" are those of one or two sentences. */
export interface Tiles {
  plain: PlainTile;
  matrix: MatrixTile;
  plainAttention: PlainAttentionTile;
  matrixAttention: MatrixAttentionTile;
}

/** Rows from which large tiles leave no processor idle. */
const manyRows = 4096;

/** True if this many rows of all sentences together fill a device with large tiles. */
export function areMany(rows: number): boolean {
  return rows >= manyRows;
}

/** Tiles for products of `columns` columns. */
export function chooseTiles(arithmetic: Arithmetic, many: boolean, columns: number): Tiles {
  const large = many && columns % 128 === 0;
  const depth = arithmetic === "fp32" ? 16 : 32;
  return {
    plain: large ? {rows: 128, columns: 128, depth} : {rows: 64, columns: 64, depth},
    matrix: many
      ? {rows: 4, columns: 4, down: 2, across: 1, depth: 32}
      : {rows: 2, columns: 4, down: 2, across: 1, depth: 32},
    plainAttention: {threads: 64, queries: many ? 2 : 1, keys: 32, group: 8},
    matrixAttention: {subgroups: 4, rows: 1, keys: 64}
  };
}
