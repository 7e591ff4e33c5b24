import {type Code, fours, vectorsOf, wasm, type WasmFunction} from "../wasm/assemble.js";
import {productTile, type TileLocals, tileRows, tileSum} from "../wasm/product-tile.js";
import {type LaneOptions, lanesOf, turnOver} from "./lanes.js";

const {get, set, add, constant, load, store, zeros, repeat, again, below} = wasm;
const {plus, times} = vectorsOf("float32");

/** Queries that are attended together: a panel's columns. */
export const queryColumns = 8;
const halves = [0, 1];
const fourOf = [0, 1, 2, 3];

/**
 * What attention needs beside products, for 8 queries at a time as the columns of panels. Scores are a product of a head's keys with the queries, so that the softmax needs no sum across
 * lanes, and keys that do not exist are left out by where a loop ends.
 *
 * - `turn(rows, columns, endRows)`: 8 rows of `stride` numbers, the first up to `endRows`, as a panel, times 1 / sqrt(head size) in powers of 2.
 * - `soften(scores, end, shares)`: each score (keys x 8) becomes 2^(score - the query's largest); to `shares` go the 8 reciprocals of the sums.
 * - `mix(values, scores, out, endValues, endOut, shares, group)`: rows of values, weighted, to 8 rows of `stride` numbers at `out`, as many as stand up to `endOut` in the first. Values lie in groups of
 *   4 columns, `group` bytes each, the first up to `endValues`.
 */
export function attentionFunctions(stride: number, options: LaneOptions): WasmFunction[] {
  return [turn(stride, options), soften(options), mix(stride, options.fused)];
}

function turn(stride: number, options: LaneOptions): WasmFunction {
  const {fixed} = lanesOf(options);
  const [rows, columns, endRows] = [0, 1, 2];
  const scale = 3;
  const [from, between] = [fourOf.map((i) => 4 + i), fourOf.map((i) => 8 + i)];
  const body: Code = [
    ...set(scale, fixed("scale")),
    ...repeat(rows, 16, get(endRows), [
      ...halves.flatMap((half) => [
        ...fourOf.flatMap((i) => set(from[i], load(get(rows), 4 * stride * (4 * half + i)))),
        ...turnOver(from, between),
        ...fourOf.flatMap((i) => store(get(columns), 32 * i + 16 * half, times(get(from[i]), get(scale))))
      ]),
      ...set(columns, add(get(columns), constant(128)))
    ])
  ];
  return {name: "turn", parameters: 3, numbers: 0, vectors: 9, body};
}

function soften(options: LaneOptions): WasmFunction {
  const {power} = lanesOf(options);
  const [scores, end, shares, at] = [0, 1, 2, 3];
  const [most, sum] = [
    [4, 5],
    [6, 7]
  ];
  const [share, rest, whole] = [8, 9, 10];
  const each = (make: (half: number) => Code): Code => halves.flatMap(make);
  const body: Code = [
    ...set(at, get(scores)),
    ...each((half) => [...set(most[half], load(get(at), 16 * half)), ...set(sum[half], zeros())]),
    ...repeat(
      at,
      32,
      get(end),
      each((half) => set(most[half], fours.larger(get(most[half]), load(get(at), 16 * half))))
    ),
    ...set(at, get(scores)),
    ...repeat(
      at,
      32,
      get(end),
      each((half) => [
        ...set(share, fours.minus(load(get(at), 16 * half), get(most[half]))),
        ...power(share, "leastShare", rest, whole),
        ...set(sum[half], plus(get(sum[half]), get(share))),
        ...store(get(at), 16 * half, get(share))
      ])
    ),
    ...each((half) => store(get(shares), 16 * half, fours.over(lanesOf(options).fixed("one"), get(sum[half]))))
  ];
  return {name: "soften", parameters: 3, numbers: 1, vectors: 7, body};
}

function mix(stride: number, fused: boolean): WasmFunction {
  const [values, scores, out, endValues, endOut, shares, group, factorAt, panelAt] = Array.from(
    {length: 9},
    (_, i) => i
  );
  const locals: TileLocals = {factorAt, panelAt, endFactors: endValues, left: 9, right: 10, factor: 11, sums: 12};
  const between = fourOf.map((i) => 12 + 2 * tileRows + i);
  const finish = (half: number): Code => {
    const sums = fourOf.map((row) => tileSum(locals, row, half));
    return [
      ...sums.flatMap((sum) => set(sum, times(get(sum), load(get(shares), 16 * half)))),
      ...turnOver(sums, between),
      ...sums.flatMap((sum, i) => store(get(out), 4 * stride * (4 * half + i), get(sum)))
    ];
  };
  const body = again(
    [
      ...set(factorAt, get(values)),
      ...set(panelAt, get(scores)),
      ...productTile({type: "float32", row: 4, step: 16, fused}, locals),
      ...halves.flatMap(finish),
      ...set(values, add(get(values), get(group))),
      ...set(endValues, add(get(endValues), get(group))),
      ...set(out, add(get(out), constant(16)))
    ],
    below(get(out), get(endOut))
  );
  return {name: "mix", parameters: 7, numbers: 2, vectors: 3 + 2 * tileRows + 4, body};
}
