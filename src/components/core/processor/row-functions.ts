import {type Code, fours, vectorsOf, wasm, type WasmFunction} from "../wasm/assemble.js";
import {type LaneOptions, lanesOf} from "./lanes.js";

const {get, set, add, constant, load, store, zeros, repeat} = wasm;
const {splat, plus, times} = vectorsOf("float32");

/**
 * What is done with numbers of rows. Addresses, and whole vectors of 4 numbers:
 *
 * - `normalize(row, more, end, gain, shift, share)`: the row up to `end` plus `more` becomes its LayerNorm; `share` is the address of 1 / its width.
 * - `norm(row, end, gain, shift, share)`: the same without `more`.
 * - `gelu(at, end)`, `relu(at, end)`: the activations, in place. GELU is the exact one, x P(Z < x), to float32's rounding; below -10.5 it is less than 1e-24 away.
 */
export function rowFunctions(options: LaneOptions): WasmFunction[] {
  return [normalize(options, true), normalize(options, false), gelu(options), relu(options)];
}

function normalize(options: LaneOptions, adds: boolean): WasmFunction {
  const {fixed, addProduct, total} = lanesOf(options);
  const parameters = adds ? 6 : 5;
  const row = 0;
  const more = 1;
  const [end, gain, shift, share] = [0, 1, 2, 3].map((i) => parameters - 4 + i);
  const at = parameters;
  const [value, sum, mean] = [1, 2, 3].map((i) => parameters + i);
  const body: Code = [
    ...set(sum, zeros()),
    ...set(at, get(row)),
    ...repeat(at, 16, get(end), [
      ...set(value, adds ? plus(load(get(at), 0), load(get(more), 0)) : load(get(at), 0)),
      ...set(sum, plus(get(sum), get(value))),
      ...(adds ? [...store(get(at), 0, get(value)), ...set(more, add(get(more), constant(16)))] : [])
    ]),
    ...total(sum),
    ...set(mean, times(get(sum), splat(get(share), 0))),
    ...set(sum, zeros()),
    ...set(at, get(row)),
    ...repeat(at, 16, get(end), [
      ...set(value, fours.minus(load(get(at), 0), get(mean))),
      ...set(sum, addProduct(get(value), get(value), get(sum)))
    ]),
    ...total(sum),
    ...set(sum, addProduct(get(sum), splat(get(share), 0), fixed("epsilon"))),
    ...set(sum, fours.over(fixed("one"), fours.root(get(sum)))),
    ...set(at, get(row)),
    ...repeat(at, 16, get(end), [
      ...set(value, times(fours.minus(load(get(at), 0), get(mean)), get(sum))),
      ...store(get(at), 0, addProduct(get(value), load(get(gain), 0), load(get(shift), 0))),
      ...set(gain, add(get(gain), constant(16))),
      ...set(shift, add(get(shift), constant(16)))
    ])
  ];
  return {name: adds ? "normalize" : "norm", parameters, numbers: 1, vectors: 3, body};
}

/** max(x, 0) - |x| P(Z > |x|), with that chance as a power of 2 times a polynomial of 1 / (1 + 0.35 |x|). */
function gelu(options: LaneOptions): WasmFunction {
  const {fixed, addProduct, power} = lanesOf(options);
  const [at, end] = [0, 1];
  const [value, size, chance, part, rest, whole] = [2, 3, 4, 5, 6, 7];
  const polynomial = [0, 1, 2, 3, 4, 5, 6, 7].reduceRight(
    (sum, i) => addProduct(sum, get(part), fixed(`tail${i}`)),
    fixed("tail8")
  );
  const body = repeat(at, 16, get(end), [
    ...set(value, load(get(at), 0)),
    ...set(size, fours.magnitude(get(value))),
    ...set(part, fours.over(fixed("one"), addProduct(get(size), fixed("tailStep"), fixed("one")))),
    ...set(chance, times(times(get(value), get(value)), fixed("halfSquare"))),
    ...power(chance, "leastTail", rest, whole),
    ...set(chance, times(get(chance), times(polynomial, get(part)))),
    ...store(get(at), 0, fours.minus(fours.larger(get(value), fixed("zero")), times(get(size), get(chance))))
  ]);
  return {name: "gelu", parameters: 2, numbers: 0, vectors: 6, body};
}

function relu(options: LaneOptions): WasmFunction {
  const {fixed} = lanesOf(options);
  const [at, end] = [0, 1];
  const body = repeat(at, 16, get(end), store(get(at), 0, fours.larger(load(get(at), 0), fixed("zero"))));
  return {name: "relu", parameters: 2, numbers: 0, vectors: 0, body};
}
