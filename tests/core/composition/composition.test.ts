import {expect, test} from "vitest";
import {composition} from "../../../src/components/core/composition/composition.js";
import {wilsonInterval} from "../../../src/components/core/statistics/wilson-interval.js";

// scipy.stats.binomtest(right, count).proportion_ci(method="wilson")
test.for([
  [0, 10, 0.0, 0.27753279986288926],
  [10, 10, 0.7224672001371109, 1.0],
  [3, 7, 0.1582198552514697, 0.7495416354723428],
  [81, 263, 0.2552885198782742, 0.36620957698280004]
] as [number, number, number, number][])("Wilson's interval of %d of %d is %d to %d", ([right, count, low, high]) => {
  const found = wilsonInterval(right, count);
  expect(found[0]).toBeCloseTo(low, 12);
  expect(found[1]).toBeCloseTo(high, 12);
});

test("groups are counted by value, cells without either left out", () => {
  const parts = composition(Int32Array.of(0, 0, 0, 1, 1, -1, 1), Int32Array.of(1, 1, 0, 0, -1, 0, 0));
  expect(parts.map(({group, value, cells, of, share}) => [group, value, cells, of, share])).toEqual([
    [0, 0, 1, 3, 1 / 3],
    [0, 1, 2, 3, 2 / 3],
    [1, 0, 2, 2, 1]
  ]);
  expect(parts[2].low).toBe(wilsonInterval(2, 2)[0]);
  expect(composition(new Int32Array(0), new Int32Array(0))).toEqual([]);
  expect(wilsonInterval(0, 0)).toEqual([0, 1]);
});
