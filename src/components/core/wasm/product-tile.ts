import {type Code, type LaneType, vectorsOf, wasm} from "./assemble.js";

const {get, set, add, constant, load, zeros, repeat} = wasm;

/** Rows of a tile. With two vectors of columns that is 8 sums, which leaves registers for their factors on every processor. */
export const tileRows = 4;

/** The locals of a tile: addresses of the next factors and of the next row of the panel, and where the factors end; three vectors, and 2 x 4 sums. */
export interface TileLocals {
  factorAt: number;
  panelAt: number;
  endFactors: number;
  left: number;
  right: number;
  factor: number;
  /** First of 8 locals side by side: both vectors of the first row, of the second ... */
  sums: number;
}

/** How a tile's factors lie, in bytes. */
export interface TileShape {
  type: LaneType;
  /** From a row's factor to the next row's. */
  row: number;
  /** From a factor to the next of its row. */
  step: number;
  /** Whether to multiply and add in one instruction (relaxed SIMD). */
  fused: boolean;
}

/** Local of the sums of a row and half of a tile. */
export const tileSum = ({sums}: TileLocals, row: number, half: number): number => sums + 2 * row + half;

/**
 * Sums of the products of 4 rows of factors with a panel of two vectors a step, from `factorAt` to `endFactors`; both addresses are carried on. One step a round: unrolled rounds make V8
 * spill registers.
 */
export function productTile({type, row: between, step, fused: isFused}: TileShape, locals: TileLocals): Code {
  const {splat, plus, times, fused} = vectorsOf(type);
  const {factorAt, panelAt, endFactors, left, right, factor} = locals;
  const each = (make: (row: number) => Code[]): Code =>
    Array.from({length: tileRows}, (_, row) => make(row).flat()).flat();
  const addProduct = (sum: number, x: number): Code =>
    set(sum, isFused ? fused(get(factor), get(x), get(sum)) : plus(get(sum), times(get(factor), get(x))));
  return [
    ...each((row) => [0, 1].map((half) => set(tileSum(locals, row, half), zeros()))),
    ...repeat(factorAt, step, get(endFactors), [
      ...set(left, load(get(panelAt), 0)),
      ...set(right, load(get(panelAt), 16)),
      ...each((row) => [
        set(factor, splat(get(factorAt), row * between)),
        addProduct(tileSum(locals, row, 0), left),
        addProduct(tileSum(locals, row, 1), right)
      ]),
      ...set(panelAt, add(get(panelAt), constant(panelBytes)))
    ])
  ];
}

/** Bytes of a panel's row: two vectors. */
export const panelBytes = 32;
