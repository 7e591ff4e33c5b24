import {type Code, fours, vectorsOf, wasm, type WasmFunction} from "../wasm/assemble.js";
import {panelBytes, tileRows} from "../wasm/product-tile.js";
import {blockInputs, panelBlock, rowBlock} from "./block-form.js";
import {type LaneOptions, lanesOf} from "./lanes.js";

const {get, set, add, constant, load, store, zeros, repeat, again, below} = wasm;
const {splat, plus, times} = vectorsOf("float32");
const fourOf = [0, 1, 2, 3];
const halves = [0, 1];

/** The name of the function for rows of so many inputs, and a distance between rows of the product. */
export const blockName = (inputs: number, strideC: number): string => `blocks${inputs}to${strideC}`;

/** Bytes of a row of so many numbers in two parts. */
export const splitBytes = (inputs: number): number => (inputs / blockInputs) * rowBlock.bytes;

/**
 * A function `split(row, end, to)`: numbers up to `end`, in blocks of 32, as 14 bits with a scale of their own each (`rowBlock`), rounded to the nearest: off by at most 1/16382 of the block's largest.
 * NaN and infinity make a scale of NaN.
 */
export function splitFunction(options: LaneOptions): WasmFunction {
  const {fixed} = lanesOf(options);
  const [row, end, to] = [0, 1, 2];
  const [most, sum, factor] = [3, 4, 5];
  const codes = Array.from({length: 8}, (_, i) => 6 + i);
  const largest = (lanes: [number, number, number, number]): Code =>
    set(most, fours.larger(get(most), fours.pick(get(most), get(most), lanes)));
  const part = (which: (code: Code) => Code, at: number): Code =>
    halves.flatMap((half) => {
      const [a, b, c, d] = fourOf.map((i) => which(get(codes[4 * half + i])));
      return store(get(to), at + 16 * half, fours.bytesOf(a, b, c, d));
    });
  const body = repeat(row, 4 * blockInputs, get(end), [
    ...set(most, fixed("tiny")),
    ...set(sum, zeros()),
    ...codes.flatMap((code, i) => [
      ...set(code, load(get(row), 16 * i)),
      ...set(most, fours.larger(get(most), fours.magnitude(get(code)))),
      ...set(sum, plus(get(sum), get(code)))
    ]),
    ...largest([2, 3, 0, 1]),
    ...largest([1, 0, 3, 2]),
    ...set(factor, fours.over(fixed("steps"), get(most))),
    // The number with its offset stands in the lowest bits.
    ...codes.flatMap((code) => set(code, plus(times(get(code), get(factor)), fixed("splitter")))),
    ...part((code) => fours.both(fours.shiftRight(code, 7), fixed("sevenBits")), 0),
    ...part((code) => fours.both(code, fixed("sevenBits")), rowBlock.low),
    // Nothing of a finite sum, NaN of any other.
    ...set(sum, times(get(sum), fixed("zero"))),
    ...lanesOf(options).total(sum),
    ...store(get(to), rowBlock.scale, plus(times(get(most), fixed("1/steps")), get(sum))),
    ...set(to, add(get(to), constant(rowBlock.bytes)))
  ]);
  return {name: "split", parameters: 3, numbers: 0, vectors: 11, body};
}

/**
 * A function `(a, b, c, endA, endB, bias, half, depth)` as `linearFunction`'s that starts with a bias, of rows in two parts of 7 bits (`splitFunction`) with a matrix in blocks of 8 bits (`panelBlock`). Sums of a block
 * are whole numbers (the same on every machine, `relaxed` or not), of the upper parts first, moved up, then of the lower ones; scales and the sum of blocks are float32.
 */
export function blockFunction(inputs: number, strideC: number, relaxed: boolean): WasmFunction {
  const dot = relaxed ? fours.dotBytes : fours.dotBytesExactly;
  const rowBytes = splitBytes(inputs);
  const [
    a,
    b,
    c,
    endA,
    endB,
    bias,
    half,
    depth,
    rowsAt,
    outAt,
    nextAt,
    factorAt,
    panelAt,
    blockAt,
    endFactors,
    endRow
  ] = Array.from({length: 16}, (_, i) => i);
  const [left, right, factor, first] = [16, 17, 18, 19];
  const sum = (row: number, side: number): number => first + 2 * row + side;
  const each = (make: (row: number, side: number) => Code): Code =>
    fourOf.flatMap((row) => halves.flatMap((side) => make(row, side)));
  const place = (row: number, side: number): [Code, number] => [get(side === 0 ? outAt : nextAt), 4 * row * strideC];
  const part: Code = [
    ...set(panelAt, get(blockAt)),
    ...set(endFactors, add(get(factorAt), constant(blockInputs))),
    ...repeat(factorAt, 4, get(endFactors), [
      ...set(left, load(get(panelAt), 0)),
      ...set(right, load(get(panelAt), 16)),
      ...fourOf.flatMap((row) => [
        ...set(factor, splat(get(factorAt), row * rowBytes)),
        ...set(sum(row, 0), dot(get(left), get(factor), get(sum(row, 0)))),
        ...set(sum(row, 1), dot(get(right), get(factor), get(sum(row, 1))))
      ]),
      ...set(panelAt, add(get(panelAt), constant(panelBytes)))
    ])
  ];
  const addBlock = (row: number, side: number): Code => {
    const [to, at] = place(row, side);
    const scale = times(get(factor), get(side === 0 ? left : right));
    return store(to, at, plus(load(to, at), times(fours.asFloats(get(sum(row, side))), scale)));
  };
  const oneBlock: Code = [
    ...each((row, side) => set(sum(row, side), load(get(blockAt), panelBlock.start + 16 * side))),
    ...part,
    ...each((row, side) => set(sum(row, side), fours.shiftLeft(get(sum(row, side)), 7))),
    ...part,
    ...set(left, load(get(blockAt), panelBlock.scale)),
    ...set(right, load(get(blockAt), panelBlock.scale + 16)),
    ...fourOf.flatMap((row) => [
      ...set(factor, load(get(factorAt), row * rowBytes)),
      ...halves.flatMap((side) => addBlock(row, side))
    ]),
    ...set(factorAt, add(get(factorAt), constant(rowBlock.bytes - rowBlock.scale))),
    ...set(blockAt, add(get(blockAt), constant(panelBlock.bytes)))
  ];
  const oneTile: Code = [
    ...set(nextAt, add(get(outAt), get(half))),
    ...each((row, side) => store(...place(row, side), load(get(bias), 16 * side))),
    ...set(factorAt, get(rowsAt)),
    ...set(blockAt, get(b)),
    ...set(endRow, add(get(rowsAt), get(depth))),
    ...again(oneBlock, below(get(factorAt), get(endRow))),
    ...set(rowsAt, add(get(rowsAt), constant(tileRows * rowBytes))),
    ...set(outAt, add(get(outAt), constant(4 * tileRows * strideC)))
  ];
  const onePanel: Code = [
    ...set(rowsAt, get(a)),
    ...set(outAt, get(c)),
    ...again(oneTile, below(get(rowsAt), get(endA))),
    ...set(b, get(blockAt)),
    ...set(bias, add(get(bias), constant(panelBytes))),
    ...set(c, add(add(get(c), get(half)), get(half)))
  ];
  const body = again(onePanel, below(get(b), get(endB)));
  return {name: blockName(inputs, strideC), parameters: 8, numbers: 8, vectors: 3 + 2 * tileRows, body};
}
