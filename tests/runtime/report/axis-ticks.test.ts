import {expect, test} from "vitest";
import {axisTicks} from "../../../src/components/runtime/report/axis-ticks.js";

test("ticks are round and lie on the axis", () => {
  expect(axisTicks(457, 12_704, false)).toEqual([5000, 10_000]);
  expect(axisTicks(228, 2978, false)).toEqual([1000, 2000]);
  expect(axisTicks(0, 15.3, false)).toEqual([0, 5, 10, 15]);
  expect(axisTicks(0.01, 0.05, false)).toEqual([0.01, 0.02, 0.03, 0.04, 0.05]);
  expect(axisTicks(12, 90_000, true)).toEqual([100, 1000, 10_000]);
  expect(axisTicks(30, 4000, true)).toEqual([50, 100, 200, 500, 1000, 2000]);
  expect(axisTicks(7, 7, false)).toEqual([7]);
});
