import {describe, expect, test} from "vitest";
import {adjustedRand} from "../../../src/components/core/statistics/adjusted-rand.js";
import {falseDiscoveryRates} from "../../../src/components/core/statistics/false-discovery.js";
import {twoSidedNormalTail} from "../../../src/components/core/statistics/normal-tail.js";

describe("the normal tail", () => {
  // 2 * scipy.stats.norm.sf(z)
  test.for([
    [1e-9, 0.9999999992021155],
    [0.001, 0.9992021155721779],
    [0.5, 0.6170750774519738],
    [1, 0.31731050786291415],
    [1.96, 0.04999579029644087],
    [2.8, 0.005110260660855864],
    [2.83, 0.004654800413463103],
    [3.5, 0.00046525815807105003],
    [5, 5.733031437583866e-7],
    [8, 1.244192114854348e-15],
    [12.3, 9.057413912317557e-35],
    [20, 5.507248237212311e-89],
    [30, 9.813427854295816e-198],
    [37.5, 9.210706019163908e-308]
  ] as [number, number][])("of z = %d equals scipy's", ([z, p]) => {
    expect(Math.abs(twoSidedNormalTail(z) / p - 1)).toBeLessThan(1e-12);
    expect(twoSidedNormalTail(-z)).toBe(twoSidedNormalTail(z));
  });

  test("ends in 0, and of NaN is NaN", () => {
    expect([0, 40, Infinity, NaN].map(twoSidedNormalTail)).toEqual([1, 0, 0, NaN]);
  });
});

test("false discovery rates are Benjamini and Hochberg's, ties and NaN among them", () => {
  const rates = falseDiscoveryRates(Float64Array.of(0.01, 0.04, 0.03, 0.04, NaN));
  expect([...rates].map((rate) => Number(rate.toFixed(12)))).toEqual([0.05, 0.05, 0.05, 0.05, 1]);
});

describe("the adjusted Rand index", () => {
  // Hubert and Arabie's formula by hand: 0 0 1 1 with 0 0 1 2 has 1 pair in common, 2 and 1 pairs, 6 in all: (1 - 1/3) / (3/2 - 1/3).
  test.for([
    [[0, 0, 1, 1], [1, 1, 0, 0], 1],
    [[0, 0, 1, 1], [0, 0, 1, 2], 4 / 7],
    [[0, 0, 1, 1], [0, 1, 0, 1], -0.5],
    [[0, 0, 0], [0, 0, 0], 1],
    [[0, 1, 2], [2, 0, 1], 1],
    [[0, 0, 1, 1, -1], [0, 0, 1, 2, 2], 4 / 7]
  ] as [number[], number[], number][])("of %j and %j is %d", ([a, b, expected]) => {
    expect(adjustedRand(a, b)).toBeCloseTo(expected, 14);
  });

  test("of no cells is NaN", () => expect(adjustedRand([], [])).toBeNaN());
});
