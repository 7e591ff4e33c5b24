import {type Code, fours, vectorsOf, wasm} from "../wasm/assemble.js";

const {get, set, constant} = wasm;
const {splat, plus, times, fused} = vectorsOf("float32");

/** What functions of this folder are written with. */
export interface Lanes {
  /** A constant (`processorConstants`) in all lanes. */
  fixed(name: string): Code;
  /** a b + c, in one instruction where that is wanted. */
  addProduct(a: Code, b: Code, c: Code): Code;
  /** Sets a local to 2 to the power of what it holds, of 0 or less, but at least the power `least`; takes two more vectors. */
  power(local: number, least: string, rest: number, whole: number): Code;
  /** Sets a local to the sum of its four lanes, in all of them. */
  total(local: number): Code;
}

/** Where constants stand, and whether to multiply and add in one instruction (relaxed SIMD). */
export interface LaneOptions {
  constants: ReadonlyMap<string, number>;
  fused: boolean;
}

/** Instructions of four float32 numbers side by side, put together. */
export function lanesOf({constants, fused: isFused}: LaneOptions): Lanes {
  const fixed = (name: string): Code => splat(constant(0), constants.get(name)!);
  const addProduct = (a: Code, b: Code, c: Code): Code => (isFused ? fused(a, b, c) : plus(times(a, b), c));
  return {
    fixed,
    addProduct,
    // The nearest whole number stands in the lowest bits of `whole`: moved up, it is added to the exponent of the power of what is left.
    power: (local, least, rest, whole) => [
      ...set(local, fours.larger(get(local), fixed(least))),
      ...set(whole, plus(get(local), fixed("rounder"))),
      ...set(rest, fours.minus(get(local), fours.minus(get(whole), fixed("rounder")))),
      ...set(
        local,
        fours.plusBits(
          [0, 1, 2, 3, 4].reduceRight((sum, i) => addProduct(sum, get(rest), fixed(`power${i}`)), fixed("power5")),
          fours.shiftLeft(get(whole), 23)
        )
      )
    ],
    total: (local) => [
      ...set(local, plus(get(local), fours.pick(get(local), get(local), [2, 3, 0, 1]))),
      ...set(local, plus(get(local), fours.pick(get(local), get(local), [1, 0, 3, 2])))
    ]
  };
}

/** Turns 4 vectors of 4 lanes over: lane i of vector j becomes lane j of vector i. Takes four more locals, in which the result stands. */
export function turnOver(from: readonly number[], to: readonly number[]): Code {
  const [a, b, c, d] = from.map((local) => get(local));
  const {pick} = fours;
  const [w, x, y, z] = to;
  return [
    ...set(w, pick(a, b, [0, 4, 1, 5])),
    ...set(x, pick(c, d, [0, 4, 1, 5])),
    ...set(y, pick(a, b, [2, 6, 3, 7])),
    ...set(z, pick(c, d, [2, 6, 3, 7])),
    ...set(from[0], pick(get(w), get(x), [0, 1, 4, 5])),
    ...set(from[1], pick(get(w), get(x), [2, 3, 6, 7])),
    ...set(from[2], pick(get(y), get(z), [0, 1, 4, 5])),
    ...set(from[3], pick(get(y), get(z), [2, 3, 6, 7]))
  ];
}
