import {describe, expect, it} from "vitest";
import {areaUnderRoc} from "../../../src/components/core/space/area-under-roc.js";
import {createRandom} from "../../../src/components/core/random.js";
import {rocCurve} from "../../../src/components/core/space/roc-curve.js";

/** The share of pairs in the right order, counted pair by pair. */
function byPairs(scores: ArrayLike<number>, positive: ArrayLike<number>): number {
  let [right, pairs] = [0, 0];
  for (let i = 0; i < scores.length; ++i) {
    for (let j = 0; j < scores.length; ++j) {
      if (!(positive[i] && !positive[j])) continue;
      pairs += 1;
      right += scores[i] > scores[j] ? 1 : scores[i] === scores[j] ? 0.5 : 0;
    }
  }
  return right / pairs;
}

/** Scores with `levels` values, so that many tie, and positives that score higher on average. */
function made(seed: number, n: number, levels: number): {scores: Float32Array; positive: Uint8Array} {
  const random = createRandom(seed);
  const positive = Uint8Array.from({length: n}, () => Number(random.normal() > 0.7));
  return {
    positive,
    scores: Float32Array.from(positive, (one) => Math.round((random.normal() + one) * levels) / levels)
  };
}

describe("the area under the ROC curve", () => {
  it.each([
    [1, 300, 2],
    [2, 257, 1000],
    [3, 40, 1],
    [4, 500, 5]
  ])("is the share of pairs in the right order (made-up scores %i)", (seed, n, levels) => {
    const {scores, positive} = made(seed, n, levels);
    const area = areaUnderRoc(scores, positive);
    expect(area).toBeCloseTo(byPairs(scores, positive), 12);
    expect(area).toBeGreaterThan(0.55);
    expect(
      areaUnderRoc(
        scores.map((score) => -score),
        positive
      )
    ).toBeCloseTo(1 - area, 12);
  });

  it("is 1 in perfect order, 0 in the opposite, half where all scores tie", () => {
    expect(areaUnderRoc([4, 3, 2, 1], [1, 1, 0, 0])).toBe(1);
    expect(areaUnderRoc([1, 2, 3, 4], [true, true, false, false])).toBe(0);
    expect(areaUnderRoc([7, 7, 7], [1, 0, 0])).toBe(0.5);
  });

  it("is not defined where all are positive or none, and refuses scores that are none", () => {
    expect(areaUnderRoc([1, 2], [1, 1])).toBeNaN();
    expect(areaUnderRoc([1, 2], [0, 0])).toBeNaN();
    expect(areaUnderRoc([], [])).toBeNaN();
    expect(() => areaUnderRoc([1, NaN, 2], [1, 0, 0])).toThrow(/score of item 1 is no number/);
    expect(() => areaUnderRoc([1, 2], [1])).toThrow(/2 scores are given for 1 items/);
  });
});

describe("the ROC curve", () => {
  const area = ({falsePositiveRate: x, truePositiveRate: y}: ReturnType<typeof rocCurve>) =>
    x.reduce((sum, right, i) => (i === 0 ? 0 : sum + ((right - x[i - 1]) * (y[i] + y[i - 1])) / 2), 0);

  it("has the area that pairs give, ties drawn as one slope", () => {
    const {scores, positive} = made(5, 400, 3);
    const curve = rocCurve(scores, positive, Infinity);
    expect(area(curve)).toBeCloseTo(byPairs(scores, positive), 6);
    expect(curve.falsePositiveRate.length).toBe(new Set(scores).size + 1);
  });

  it("of many items is cut to few points that go from corner to corner and keep the area", () => {
    const {scores, positive} = made(6, 5000, 1e6);
    const curve = rocCurve(scores, positive, 100);
    expect(curve.falsePositiveRate.length).toBeGreaterThan(60);
    expect(curve.falsePositiveRate.length).toBeLessThanOrEqual(102);
    expect([curve.falsePositiveRate[0], curve.truePositiveRate[0]]).toEqual([0, 0]);
    expect([curve.falsePositiveRate.at(-1), curve.truePositiveRate.at(-1)]).toEqual([1, 1]);
    expect(Math.abs(area(curve) - areaUnderRoc(scores, positive))).toBeLessThan(0.005);
  });

  it("is empty where it is not defined", () => {
    expect(rocCurve([1, 2], [1, 1]).truePositiveRate).toHaveLength(0);
  });
});
