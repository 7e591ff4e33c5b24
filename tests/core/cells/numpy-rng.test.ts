import {readFileSync} from "node:fs";
import {describe, expect, test, vi} from "vitest";
import {NumpyGenerator, seedSequence} from "../../../src/components/core/cells/index.js";
import {highProduct} from "../../../src/components/core/cells/high-product.js";
import {ascending, bytesOf, hex} from "./helpers.js";

interface Vector {
  seed: string;
  state: string;
  increment: string;
  raw: string[];
  doubles: string;
  shuffleAfterDoubles: number[];
  between: number;
  secondShuffle: number[];
  longShuffle: number[];
}
const fixture = new URL("../../fixtures/cells/generator.json", import.meta.url);
const {vectors} = JSON.parse(readFileSync(fixture, "utf8")) as {vectors: Vector[]};

const afterDoubles = (seed: number): number[] => {
  const generator = new NumpyGenerator(seed);
  generator.fillDoubles(new Float64Array(1024));
  const values = ascending(24);
  generator.shuffle(values);
  return [...values];
};

describe("the vectors of the specification", () => {
  test("seed 0 gives numpy's pool, state, increment and outputs", () => {
    expect(hex(seedSequence(0).pool)).toEqual(["fe40eb07", "4f363a36", "4eb2009d", "c89a7aa7"]);
    const generator = new NumpyGenerator(0);
    expect(generator.state).toEqual({
      state: 0x1aa1b5345996452d09585eb7a69561e3n,
      increment: 0x418ddadb3af71a82588133bc447873a9n
    });
    const outputs = Array.from({length: 4}, () => hex(generator.uint64()).join(""));
    expect(outputs).toEqual(["a30febcfd9c2825f", "4510bdf882d9d721", "0a7d3da94ecde8b8", "043b27b61342f01d"]);
  });

  test.each([
    [0, [0.6369616873214543, 0.2697867137638703, 0.04097352393619469, 0.016527635528529094]],
    [1, [0.5118216247002567, 0.9504636963259353]],
    [42, [0.7739560485559633, 0.4388784397520523, 0.8585979199113825, 0.6973680290593639]]
  ])("seed %i gives numpy's doubles", (seed, doubles) => {
    expect([...new NumpyGenerator(seed).fillDoubles(new Float64Array(doubles.length))]).toEqual(doubles);
  });

  test("seed 0 shuffles as numpy does", () => {
    const values = ascending(24);
    new NumpyGenerator(0).shuffle(values);
    expect([...values]).toEqual([18, 4, 21, 10, 11, 2, 22, 6, 23, 3, 20, 8, 0, 16, 12, 19, 13, 7, 5, 17, 14, 9, 1, 15]);
  });

  test.each([
    [0, [12, 10, 11, 4, 22, 1, 2, 17, 19, 7, 20, 15, 23, 21, 14, 3, 0, 13, 18, 16, 9, 8, 5, 6]],
    [1, [8, 0, 16, 6, 20, 2, 18, 21, 23, 9, 5, 17, 12, 3, 14, 19, 11, 22, 7, 13, 1, 15, 10, 4]]
  ])("seed %i shuffles as numpy does after 1024 doubles", (seed, order) => {
    expect(afterDoubles(seed)).toEqual(order);
  });

  test("seed 0xdeadbeaf gives the first outputs of numpy's PCG64 test set", () => {
    const generator = new NumpyGenerator(0xdeadbeaf);
    expect([hex(generator.uint64()).join(""), hex(generator.uint64()).join("")]).toEqual([
      "60d24054e17a0698",
      "d5e79d89856e4f12"
    ]);
  });
});

describe.each(vectors)("seed $seed, against numpy's own output", (vector) => {
  const seed = BigInt(vector.seed);

  test("state, increment and raw outputs agree", () => {
    const generator = new NumpyGenerator(seed);
    expect(generator.state).toEqual({state: BigInt(vector.state), increment: BigInt(vector.increment)});
    expect(vector.raw.map(() => hex(generator.uint64()).join(""))).toEqual(vector.raw);
  });

  test("doubles agree to the last bit", () => {
    const expected = new Float64Array(bytesOf(vector.doubles));
    expect(new NumpyGenerator(seed).fillDoubles(new Float64Array(expected.length))).toEqual(expected);
  });

  test("shuffles agree, also on a half that an earlier shuffle left behind", () => {
    const generator = new NumpyGenerator(seed);
    generator.fillDoubles(new Float64Array(1024));
    const first = ascending(24);
    generator.shuffle(first);
    const between = generator.double();
    const second = ascending(39);
    generator.shuffle(second);
    const long = ascending(300);
    new NumpyGenerator(seed).shuffle(long);
    expect({first: [...first], between, second: [...second], long: [...long]}).toEqual({
      first: vector.shuffleAfterDoubles,
      between: vector.between,
      second: vector.secondShuffle,
      long: vector.longShuffle
    });
  });
});

describe("the arithmetic", () => {
  test("finds the high half of products that a double rounds across a multiple of 2^32", () => {
    const factors = [0x9fccf645, 0x4385df64, 0x1fc65da4, 0x2360ed05, 0xffffffff, 1, 0];
    const wrong: string[] = [];
    for (const factor of factors) {
      // The number whose product with an odd factor ends in 32 ones, its neighbors, and the extremes.
      let inverse = 1;
      for (let i = 0; i < 5; ++i) inverse = Math.imul(inverse, 2 - Math.imul(factor | 1, inverse));
      for (const other of [-inverse, -inverse * 2, -inverse * 3, inverse, -1, -2, 0, 1].map((value) => value >>> 0)) {
        const product = BigInt(factor) * BigInt(other);
        const high = highProduct(factor, other, Math.imul(factor, other) >>> 0);
        if (high !== Number(product >> 32n)) wrong.push(`${factor} * ${other}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test("agrees with BigInt over 20,000 steps of ten seeds", () => {
    const multiplier = (2549297995355413924n << 64n) | 4865540595714422341n;
    const mask = (1n << 128n) - 1n;
    const wrong: string[] = [];
    for (let seed = 0; seed < 10; ++seed) {
      const generator = new NumpyGenerator(seed * 7919);
      let {state} = generator.state;
      const {increment} = generator.state;
      for (let i = 0; i < 2000; ++i) {
        state = (state * multiplier + increment) & mask;
        const mixed = (state >> 64n) ^ (state & 0xffffffffffffffffn);
        const rotation = state >> 122n;
        const expected = ((mixed >> rotation) | (mixed << (64n - rotation))) & 0xffffffffffffffffn;
        const [high, low] = generator.uint64();
        if (((BigInt(high) << 32n) | BigInt(low)) !== expected) wrong.push(`seed ${seed * 7919}, step ${i}`);
      }
      expect(generator.state.state).toBe(state);
    }
    expect(wrong).toEqual([]);
  });

  test("a number and the same bigint give one generator", () => {
    const large = Number.MAX_SAFE_INTEGER;
    expect(new NumpyGenerator(large).state).toEqual(new NumpyGenerator(BigInt(large)).state);
  });

  test.each([-1, 0.5, NaN, Infinity, 2 ** 53, -1n])("the seed %s is refused in words", (seed) => {
    expect(() => new NumpyGenerator(seed)).toThrow(/the sampling seed is .* not a whole number/);
  });
});

test("many doubles at once are those that come one by one, and the generator goes on behind them", () => {
  for (const seed of [0, 1, 2 ** 40 + 3]) {
    const [once, one] = [new NumpyGenerator(seed), new NumpyGenerator(seed)];
    const expected = Float64Array.from({length: 20_000}, () => one.double());
    expect(once.fillDoubles(new Float64Array(20_000))).toEqual(expected);
    expect(once.state).toEqual(one.state);
    expect(once.uint32()).toBe(one.uint32());
  }
});

test("where WebAssembly may not be compiled, the doubles are the same", async () => {
  const expected = new NumpyGenerator(7).fillDoubles(new Float64Array(1024));
  vi.resetModules();
  vi.stubGlobal("WebAssembly", undefined);
  const {NumpyGenerator: Plain} = await import("../../../src/components/core/cells/numpy-rng.js");
  const found = new Plain(7).fillDoubles(new Float64Array(1024));
  vi.unstubAllGlobals();
  expect(found).toEqual(expected);
});
