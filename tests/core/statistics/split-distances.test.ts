import {expect, test} from "vitest";
import {splitDistances} from "../../../src/components/core/statistics/split-distances.js";

test("every way to halve a few rows once, sides apart", () => {
  // Halves of 0, 1, 3, 7: means 0.5 and 5, 1.5 and 4, 3.5 and 2.
  expect([...splitDistances(Float32Array.of(0, 1, 3, 7), 1)]).toEqual([1.5, 2.5, 4.5]);
  expect(splitDistances(new Float32Array(8 * 3), 3)).toHaveLength(35);
  expect([...splitDistances(Float32Array.of(0, 0, 3, 4), 2)]).toEqual([5]);
});

test("of many rows 200 ways, the same each time", () => {
  const vectors = Float32Array.from({length: 32}, (_, i) => Math.sin(i * i));
  const found = splitDistances(vectors, 1);
  expect(found).toHaveLength(200);
  expect(found).toEqual(splitDistances(vectors, 1));
  expect([...found]).toEqual([...found].sort((a, b) => a - b));
});
