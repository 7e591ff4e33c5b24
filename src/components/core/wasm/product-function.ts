import {type Code, type LaneType, vectorsOf, wasm, type WasmFunction} from "./assemble.js";
import {panelBytes, productTile, type TileLocals, tileRows, tileSum} from "./product-tile.js";

/** A product of two matrices in memory: what is fixed in its code. */
export interface WasmProductShape {
  type: LaneType;
  /** Length of the sums. */
  depth: number;
  /** Terms that are summed before the sum is added to the product: bounds the rounding of long sums. Divides `depth`. */
  chunk: number;
  /** Numbers from one row of A to the next, and from one row of the product to the next. */
  strideA: number;
  strideC: number;
  /** Whether to multiply and add in one instruction (relaxed SIMD): twice as fast on processors that do both in the same units. */
  fused: boolean;
}

const {get, set, add, constant, load, store, repeat} = wasm;

/** Columns of B that are computed together, a panel: two vectors. */
export const panelColumns = (type: LaneType): number => panelBytes / vectorsOf(type).bytes;

/**
 * A function `name(a, b, c, endA, endB)` of addresses that adds A B to C. A is row-major, a multiple of 4 rows up to `endA`; B is in panels of
 * `panelColumns`, each `depth` x columns numbers, up to `endB`; C is row-major, a panel's columns side by side. Reaches what the processor's 128-bit units
 * do (docs/processor.md).
 */
export function productFunction(
  name: string,
  {type, depth, chunk, strideA, strideC, fused}: WasmProductShape
): WasmFunction {
  const {bytes, plus} = vectorsOf(type);
  const [a, b, c, endA, endB, rowsAt, outAt, factorAt, panelAt, endFactors] = Array.from({length: 10}, (_, i) => i);
  const locals: TileLocals = {factorAt, panelAt, endFactors, left: 10, right: 11, factor: 12, sums: 13};
  const addSum = (row: number, half: number): Code => {
    const at = bytes * row * strideC + 16 * half;
    return store(get(outAt), at, plus(load(get(outAt), at), get(tileSum(locals, row, half))));
  };
  // The factor's address is carried on from chunk to chunk, `endFactors` before it.
  const oneChunk: Code = [
    ...productTile({type, row: bytes * strideA, step: bytes, fused}, locals),
    ...Array.from({length: tileRows}, (_, row) => [...addSum(row, 0), ...addSum(row, 1)]).flat()
  ];
  const oneBlock: Code = [
    ...set(factorAt, get(rowsAt)),
    ...set(panelAt, get(b)),
    ...set(endFactors, add(get(rowsAt), constant(bytes * chunk))),
    ...repeat(endFactors, bytes * chunk, add(get(rowsAt), constant(bytes * depth + bytes)), oneChunk),
    ...set(outAt, add(get(outAt), constant(bytes * tileRows * strideC)))
  ];
  const onePanel: Code = [
    ...set(rowsAt, get(a)),
    ...set(outAt, get(c)),
    ...repeat(rowsAt, bytes * tileRows * strideA, get(endA), oneBlock),
    ...set(c, add(get(c), constant(panelBytes)))
  ];
  const body = repeat(b, panelBytes * depth, get(endB), onePanel);
  return {name, parameters: 5, numbers: 5, vectors: 3 + 2 * tileRows, body};
}
