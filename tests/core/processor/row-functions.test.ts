import {describe, expect, it} from "vitest";
import {erf} from "../../../src/components/core/convert/erf.js";
import {queryColumns} from "../../../src/components/core/processor/attention-functions.js";
import {processorLayout} from "../../../src/components/core/processor/processor-layout.js";
import {openProcessor} from "./open-processor.js";
import {gelu, layerNorm, modelOf, partsOf, randomWeights} from "./reference.js";

const model = modelOf({});
const {exports, memory, at} = await openProcessor(model, partsOf(randomWeights(model)), {longest: 2000});
const call = (name: string, ...addresses: number[]) => (exports[name] as (...all: number[]) => void)(...addresses);

/** What a function makes of numbers at an address; their count is a multiple of 4. */
function through(values: ArrayLike<number>, act: (end: number) => void): Float32Array {
  const numbers = new Float32Array(memory.buffer, at, values.length);
  numbers.set(values);
  act(at + 4 * values.length);
  return numbers.slice();
}

describe("GELU in WebAssembly", () => {
  it("is exact to float32's rounding over all of its range", () => {
    const xs = Float32Array.from({length: 40_000}, (_, i) => (i - 20_000) / 1000);
    const ours = through(xs, (end) => call("gelu", at, end));
    const worst = Math.max(...Array.from(xs, (x, i) => Math.abs(ours[i] - gelu(x)) / Math.max(Math.abs(x), 2 ** -126)));
    expect(worst).toBeLessThan(2.5e-7);
    // Close to where it is all cancellation in float32, the shares left of 0 keep their own precision.
    for (const x of [-2, -4, -6]) {
      const right = (x * complement(-x * Math.SQRT1_2)) / 2;
      expect(Math.abs(through([x, 0, 0, 0], (end) => call("gelu", at, end))[0] / right - 1)).toBeLessThan(4e-6);
    }
  });

  it("keeps extremes: nothing slow, infinite or not a number comes out", () => {
    const xs = [3e38, -3e38, 1e20, -1e20, 1e-40, -1e-40, 0, -0, 12, -12, 100, -100];
    const ours = through(xs, (end) => call("gelu", at, end));
    xs.forEach((x, i) => {
      expect(Math.abs(ours[i] - Math.fround(Math.max(x, 0)))).toBeLessThanOrEqual(
        Math.abs(x) < 1 ? Math.abs(x) : 1e-23
      );
    });
    expect(through([NaN, 1, 2, 3], (end) => call("gelu", at, end))[0]).toBeNaN();
  });

  it("ReLU is max(x, 0)", () => {
    expect([...through([-3e38, -1, -1e-40, 0, 1e-40, 1, 3e38, 7], (end) => call("relu", at, end))]).toEqual(
      Array.from([0, 0, 0, 0, 1e-40, 1, 3e38, 7], Math.fround)
    );
  });
});

describe("softmax in WebAssembly", () => {
  /** Shares of keys x 8 scores in powers of 2, with the reciprocals of their sums. */
  const soften = (scores: ArrayLike<number>) => {
    const shares = at + 4 * scores.length;
    const powers = through(scores, (end) => call("soften", at, end, shares));
    const over = new Float32Array(memory.buffer, shares, queryColumns);
    return powers.map((power, i) => power * over[i % queryColumns]);
  };

  it.each([1, 3, 50])("of %i keys is the plain one, for scores of any size", (keys) => {
    for (const size of [1e-30, 1, 20, 1e4, 1e38]) {
      const scores = Float32Array.from({length: 8 * keys}, (_, i) => size * Math.sin(i * i + 1));
      const ours = soften(scores);
      for (let query = 0; query < 8; ++query) {
        const own = Array.from({length: keys}, (_, key) => scores[8 * key + query]);
        const most = Math.max(...own);
        const powers = own.map((score) => 2 ** (score - most));
        const sum = powers.reduce((a, b) => a + b);
        powers.forEach((power, key) => expect(Math.abs(ours[8 * key + query] - power / sum)).toBeLessThan(4e-7));
      }
    }
  });

  it("has no share so small that products with it slow a processor down", () => {
    const ours = soften(Float32Array.from({length: 24}, (_, i) => (i < 8 ? 0 : -50 * i)));
    expect(Math.min(...ours)).toBeGreaterThan(1e-20);
    expect(Math.max(...ours.slice(8))).toBeLessThan(1e-19);
  });
});

describe("LayerNorm in WebAssembly", () => {
  it.each([1, 1e-4, 1e4, 0])("is float64's for rows that spread by %d", (spread) => {
    const {width} = model;
    const [row, more, gain, shift] = [1, 2, 3, 4].map((seed) =>
      Float32Array.from({length: width}, (_, i) => Math.sin(seed * i * i))
    );
    const scaled = row.map((value) => spread * value);
    const added = more.map((value) => spread * value);
    const [moreAt, gainAt, shiftAt] = [1, 2, 3].map((i) => at + 4 * width * i);
    const place = (address: number, values: Float32Array) =>
      new Float32Array(memory.buffer, address, width).set(values);
    place(moreAt, added);
    place(gainAt, gain);
    place(shiftAt, shift);
    const share = processorLayout(model).constants.get(`1/${width}`)!;
    const ours = through(scaled, (end) => call("normalize", at, moreAt, end, gainAt, shiftAt, share));
    const right = layerNorm(
      Float64Array.from(scaled, (value, i) => value + added[i]),
      gain,
      shift,
      model.layerNormEpsilon
    );
    right.forEach((value, i) => expect(Math.abs(ours[i] - value)).toBeLessThan(2e-6));
  });
});

/** 1 - erf(x) without cancellation: its continued fraction from the tail on. */
function complement(x: number): number {
  if (x < 1) return 1 - erf(x);
  let fraction = x;
  for (let n = 200; n > 0; --n) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
}
