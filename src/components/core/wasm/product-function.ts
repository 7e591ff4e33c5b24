import {type Code, type LaneType, vectorsOf, wasm, type WasmFunction} from "./assemble.js";

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

/** Rows of A that are computed together. With two vectors of columns of B that is 8 sums, which leaves registers for their factors on every processor. */
const rows = 4;

const {get, set, add, constant, load, store, zeros, repeat} = wasm;

/** Columns of B that are computed together, a panel: two vectors. */
export const panelColumns = (type: LaneType): number => 32 / vectorsOf(type).bytes;

/**
 * A function `name(a, b, c, endA, endB)` of addresses that adds A B to C. A is row-major, a multiple of 4 rows up to `endA`; B is in panels of
 * `panelColumns`, each `depth` x columns numbers, up to `endB`; C is row-major, a panel's columns side by side. Reaches what the processor's 128-bit units
 * do (docs/performance.md): one step a round, since unrolled rounds make V8 spill registers.
 */
export function productFunction(
  name: string,
  {type, depth, chunk, strideA, strideC, fused: isFused}: WasmProductShape
): WasmFunction {
  const {bytes, splat, plus, times, fused} = vectorsOf(type);
  /** Bytes of a row of a panel: two vectors. */
  const panel = 32;
  const [a, b, c, endA, endB, rowsAt, outAt, factorAt, panelAt, endChunk] = Array.from({length: 10}, (_, i) => i);
  const [left, right, factor] = [10, 11, 12];
  const sum = (row: number, half: number) => 13 + 2 * row + half;
  const each = (make: (row: number) => Code[]): Code => Array.from({length: rows}, (_, row) => make(row).flat()).flat();
  const addProduct = (to: Code, x: Code, y: Code): Code => (isFused ? fused(x, y, to) : plus(to, times(x, y)));

  const step: Code = [
    ...set(left, load(get(panelAt), 0)),
    ...set(right, load(get(panelAt), 16)),
    ...each((row) => [
      set(factor, splat(get(factorAt), bytes * row * strideA)),
      set(sum(row, 0), addProduct(get(sum(row, 0)), get(factor), get(left))),
      set(sum(row, 1), addProduct(get(sum(row, 1)), get(factor), get(right)))
    ]),
    ...set(panelAt, add(get(panelAt), constant(panel)))
  ];
  const addSum = (row: number, half: number): Code => {
    const at = bytes * row * strideC + 16 * half;
    return store(get(outAt), at, plus(load(get(outAt), at), get(sum(row, half))));
  };
  // The factor's address is carried on from chunk to chunk, `endChunk` before it.
  const oneChunk: Code = [
    ...each((row) => [set(sum(row, 0), zeros()), set(sum(row, 1), zeros())]),
    ...repeat(factorAt, bytes, get(endChunk), step),
    ...each((row) => [addSum(row, 0), addSum(row, 1)])
  ];
  const oneBlock: Code = [
    ...set(factorAt, get(rowsAt)),
    ...set(panelAt, get(b)),
    ...set(endChunk, add(get(rowsAt), constant(bytes * chunk))),
    ...repeat(endChunk, bytes * chunk, add(get(rowsAt), constant(bytes * depth + bytes)), oneChunk),
    ...set(outAt, add(get(outAt), constant(bytes * rows * strideC)))
  ];
  const onePanel: Code = [
    ...set(rowsAt, get(a)),
    ...set(outAt, get(c)),
    ...repeat(rowsAt, bytes * rows * strideA, get(endA), oneBlock),
    ...set(c, add(get(c), constant(panel)))
  ];
  const body = repeat(b, panel * depth, get(endB), onePanel);
  return {name, parameters: 5, numbers: 5, vectors: 3 + 2 * rows, body};
}
