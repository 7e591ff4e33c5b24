import {type Code, longs, wasm, type WasmFunction} from "./assemble.js";

const {get, set, repeat} = wasm;
const {load, plus, times, xor, and, shiftRight, rotateRight, isBelow, long, store, asFloat, storeFloat} = longs;

/** The multiplier 2549297995355413924 * 2^64 + 4865540595714422341, as halves and the lower one as halves again. */
const high = 2549297995355413924n;
const low = 4865540595714422341n;
const half = 0xffffffffn;

/**
 * A function `name(state, out, end)` of addresses: numpy's `random()` of PCG64 (XSL-RR 128/64), a double in [0, 1) at each place from `out` to `end`. At
 * `state` stand the 128-bit state, which goes on, and the increment, each as two 64-bit halves, lower first. `NumpyGenerator` is the same in JavaScript.
 */
export function doublesFunction(name: string): WasmFunction {
  const [state, out, end, a, b, incrementA, incrementB, a0, a1, middle] = Array.from({length: 10}, (_, i) => i);
  const lower = (x: Code): Code => and(x, long(half));
  const upper = (x: Code): Code => shiftRight(x, long(32n));
  /** Upper 64 bits of the lower half of the state times the lower half of the multiplier. */
  const carried: Code = [
    ...set(a0, lower(get(a))),
    ...set(a1, upper(get(a))),
    ...set(
      middle,
      plus(
        plus(upper(times(get(a0), long(low & half))), lower(times(get(a0), long(low >> 32n)))),
        times(get(a1), long(low & half))
      )
    ),
    ...plus(plus(times(get(a1), long(low >> 32n)), upper(times(get(a0), long(low >> 32n)))), upper(get(middle)))
  ];
  const step: Code = [
    ...set(b, plus(plus(carried, times(get(a), long(high))), plus(times(get(b), long(low)), get(incrementB)))),
    ...set(a, plus(times(get(a), long(low)), get(incrementA))),
    ...set(b, plus(get(b), isBelow(get(a), get(incrementA))))
  ];
  const number: Code = shiftRight(rotateRight(xor(get(b), get(a)), shiftRight(get(b), long(58n))), long(11n));
  const body: Code = [
    ...set(a, load(get(state), 0)),
    ...set(b, load(get(state), 8)),
    ...set(incrementA, load(get(state), 16)),
    ...set(incrementB, load(get(state), 24)),
    ...repeat(out, 8, get(end), [...step, ...storeFloat(get(out), 0, asFloat(number, 2 ** -53))]),
    ...store(get(state), 0, get(a)),
    ...store(get(state), 8, get(b))
  ];
  return {name, parameters: 3, numbers: 0, longs: 7, vectors: 0, body};
}
