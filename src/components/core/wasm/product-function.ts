import {type Code, wasm, type WasmFunction} from "./assemble.js";

/** A product of two matrices of float32 in memory: which sizes are fixed in its code. */
export interface WasmProductShape {
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

/** Rows of A that are computed together, and columns of B: 8 sums of four lanes, which leaves registers for their factors on every processor. */
const rows = 4;
const columns = 8;

const {get, set, add, constant, fused, load, splat, store, plus, times, zeros, repeat} = wasm;

/**
 * A function `name(a, b, c, endA, endB)` of addresses that adds A B to C. A is row-major, a multiple of 4 rows up to `endA`; B is in panels of 8
 * columns, each `depth` x 8 numbers, up to `endB`; C is row-major, a panel's 8 columns side by side. Reaches what the processor's 128-bit units
 * do (docs/performance.md): one step a round, since unrolled rounds make V8 spill registers.
 */
export function productFunction(
  name: string,
  {depth, chunk, strideA, strideC, fused: isFused}: WasmProductShape
): WasmFunction {
  const [a, b, c, endA, endB, rowsAt, outAt, factorAt, panelAt, endChunk] = Array.from({length: 10}, (_, i) => i);
  const [left, right, factor] = [10, 11, 12];
  const sum = (row: number, half: number) => 13 + 2 * row + half;
  const each = (make: (row: number) => Code[]): Code => Array.from({length: rows}, (_, row) => make(row).flat()).flat();
  const addProduct = (to: Code, x: Code, y: Code): Code => (isFused ? fused(x, y, to) : plus(to, times(x, y)));

  const step: Code = [
    ...set(left, load(get(panelAt), 0)),
    ...set(right, load(get(panelAt), 16)),
    ...each((row) => [
      set(factor, splat(get(factorAt), 4 * row * strideA)),
      set(sum(row, 0), addProduct(get(sum(row, 0)), get(factor), get(left))),
      set(sum(row, 1), addProduct(get(sum(row, 1)), get(factor), get(right)))
    ]),
    ...set(panelAt, add(get(panelAt), constant(4 * columns)))
  ];
  const addSum = (row: number, half: number): Code => {
    const at = 4 * row * strideC + 16 * half;
    return store(get(outAt), at, plus(load(get(outAt), at), get(sum(row, half))));
  };
  // The factor's address is carried on from chunk to chunk, `endChunk` before it.
  const oneChunk: Code = [
    ...each((row) => [set(sum(row, 0), zeros()), set(sum(row, 1), zeros())]),
    ...repeat(factorAt, 4, get(endChunk), step),
    ...each((row) => [addSum(row, 0), addSum(row, 1)])
  ];
  const oneBlock: Code = [
    ...set(factorAt, get(rowsAt)),
    ...set(panelAt, get(b)),
    ...set(endChunk, add(get(rowsAt), constant(4 * chunk))),
    ...repeat(endChunk, 4 * chunk, add(get(rowsAt), constant(4 * depth + 4)), oneChunk),
    ...set(outAt, add(get(outAt), constant(4 * rows * strideC)))
  ];
  const onePanel: Code = [
    ...set(rowsAt, get(a)),
    ...set(outAt, get(c)),
    ...repeat(rowsAt, 4 * rows * strideA, get(endA), oneBlock),
    ...set(c, add(get(c), constant(4 * columns)))
  ];
  const body = repeat(b, 4 * columns * depth, get(endB), onePanel);
  return {name, parameters: 5, numbers: 5, vectors: 3 + 2 * rows, body};
}
