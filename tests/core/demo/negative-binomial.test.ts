import {describe, expect, test} from "vitest";
import {NumpyGenerator} from "../../../src/components/core/cells/numpy-rng.js";
import {negativeBinomial} from "../../../src/components/core/demo/negative-binomial.js";

const draws = 40_000;
const drawn = (mean: number, dispersion: number) => {
  const random = new NumpyGenerator(7);
  return Float64Array.from({length: draws}, () => negativeBinomial(random, mean, dispersion));
};
const meanOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("negativeBinomial", () => {
  test.each([
    [0.01, 0.4],
    [0.7, 2],
    [5, 0.1],
    [60, 0.3],
    [900, 0.05]
  ])("draws of mean %d and dispersion %d have that mean, variance and share of zeros", (mean, dispersion) => {
    const values = drawn(mean, dispersion);
    const variance = mean + dispersion * mean ** 2;
    const found = meanOf(values);
    expect(Math.abs(found - mean)).toBeLessThan(4 * Math.sqrt(variance / draws));
    const spread = meanOf(values.map((value) => (value - found) ** 2));
    expect(spread / variance).toBeGreaterThan(0.9);
    expect(spread / variance).toBeLessThan(1.1);
    const none = (1 + dispersion * mean) ** (-1 / dispersion);
    const zeros = values.filter((value) => value === 0).length / draws;
    expect(Math.abs(zeros - none)).toBeLessThan(4 * Math.sqrt((none * (1 - none)) / draws) + 1e-12);
  });

  test("a mean of 0 gives 0", () => {
    expect(drawn(0, 0.4).every((value) => value === 0)).toBe(true);
  });

  test("one uniform a draw, whatever the mean", () => {
    const [a, b] = [new NumpyGenerator(3), new NumpyGenerator(3)];
    for (let i = 0; i < 10; ++i) {
      negativeBinomial(a, 0.001, 1);
      negativeBinomial(b, 500, 1);
    }
    expect(a.state).toEqual(b.state);
  });
});
