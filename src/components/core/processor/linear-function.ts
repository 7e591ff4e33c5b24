import {type Code, vectorsOf, wasm, type WasmFunction} from "../wasm/assemble.js";
import {productTile, type TileLocals, tileRows, tileSum} from "../wasm/product-tile.js";

const {get, set, add, constant, load, store, again, below} = wasm;
const {plus} = vectorsOf("float32");

/** A product of rows with a matrix: what is fixed in its code. */
export interface LinearShape {
  /** Numbers from one row of A to the next, and from one row of the product to the next. */
  strideA: number;
  strideC: number;
  /** What a sum is added to: a number of `bias` for each column, what stands in C already, or nothing. */
  start: "bias" | "sum" | "none";
}

/** The name of a shape's function. */
export const linearName = ({strideA, strideC, start}: LinearShape): string => `${start}${strideA}to${strideC}`;

/**
 * A function `(a, b, c, endA, endB, bias, half, depth)` of addresses: C = A B + start. A is row-major, a multiple of 4 rows up to `endA`, of which `depth` bytes are multiplied. B is in
 * panels of 8 columns of as many rows, up to `endB`. Four columns of C lie side by side, the next four `half` bytes behind them.
 */
export function linearFunction(shape: LinearShape, fused: boolean): WasmFunction {
  const {strideA, strideC, start} = shape;
  const [a, b, c, endA, endB, bias, half, depth, rowsAt, outAt, nextAt, factorAt, panelAt, endFactors] = Array.from(
    {length: 14},
    (_, i) => i
  );
  const locals: TileLocals = {factorAt, panelAt, endFactors, left: 14, right: 15, factor: 16, sums: 17};
  const keep = (row: number, side: number): Code => {
    const to = get(side === 0 ? outAt : nextAt);
    const at = 4 * row * strideC;
    const sum = get(tileSum(locals, row, side));
    const before = start === "none" ? [] : start === "sum" ? load(to, at) : load(get(bias), 16 * side);
    return store(to, at, before.length === 0 ? sum : plus(sum, before));
  };
  const oneTile: Code = [
    ...set(factorAt, get(rowsAt)),
    ...set(panelAt, get(b)),
    ...set(endFactors, add(get(rowsAt), get(depth))),
    ...productTile({type: "float32", row: 4 * strideA, step: 4, fused}, locals),
    ...set(nextAt, add(get(outAt), get(half))),
    ...Array.from({length: tileRows}, (_, row) => [...keep(row, 0), ...keep(row, 1)]).flat(),
    ...set(rowsAt, add(get(rowsAt), constant(4 * tileRows * strideA))),
    ...set(outAt, add(get(outAt), constant(4 * tileRows * strideC)))
  ];
  const onePanel: Code = [
    ...set(rowsAt, get(a)),
    ...set(outAt, get(c)),
    ...again(oneTile, below(get(rowsAt), get(endA))),
    ...set(b, get(panelAt)),
    ...set(bias, add(get(bias), constant(32))),
    ...set(c, add(add(get(c), get(half)), get(half)))
  ];
  const body = again(onePanel, below(get(b), get(endB)));
  return {name: linearName(shape), parameters: 8, numbers: 6, vectors: 3 + 2 * tileRows, body};
}
