import {expect, test} from "vitest";
import {createRandom} from "../../../src/components/core/random.js";
import {filterEffect} from "../../../src/components/core/space/filter-effect.js";

const [cells, width] = [24, 6];
const random = createRandom(4);
const places = Float32Array.from({length: cells * width}, () => random.normal());
/** Unit vectors of the cells under a seed: the place, a shift for all, and noise. */
const draw = (noise: number, shift: number) => {
  const vectors = places.map((value, i) => value + (i % width === 0 ? shift : 0) + noise * random.normal());
  for (let at = 0; at < vectors.length; at += width) {
    const length = Math.hypot(...vectors.subarray(at, at + width));
    for (let i = at; i < at + width; i += 1) vectors[i] /= length;
  }
  return vectors;
};
const draws = (noise: number, shift: number) => [1, 2, 3].map(() => draw(noise, shift));

test("genes that change nothing move a cell as far as another seed does", () => {
  const {all, between, some} = filterEffect(draws(0.1, 0), draws(0.1, 0), width);
  expect(between.sameCell.count).toBe(cells * 6);
  expect(between.relativeError / all.relativeError).toBeGreaterThan(0.9);
  expect(between.relativeError / all.relativeError).toBeLessThan(1.1);
  expect(some.overlap).toBeGreaterThan(0.7);
});

test("genes that move all cells move them beyond the seed, though each space is as steady as the other", () => {
  const {all, some, between, k, chanceOverlap} = filterEffect(draws(0.05, 0), draws(0.05, 2.5), width);
  expect([k, chanceOverlap]).toEqual([15, 15 / 23]);
  expect(between.relativeError).toBeGreaterThan(5 * all.relativeError);
  expect(between.sameCell.quantiles[2]).toBeLessThan(some.sameCell.quantiles[2] - 0.1);
  expect(between.from).toBeLessThanOrEqual(between.sameCell.quantiles[0]);
});

test("the same vectors under another seed have the figures of the seed", () => {
  const vectors = draws(0.1, 0);
  const {all, between, withinType} = filterEffect(
    vectors,
    vectors,
    width,
    Int32Array.from({length: cells}, (_, i) => i % 2)
  );
  expect(between.relativeError).toBeCloseTo(all.relativeError, 2);
  expect(between.overlap).toBeCloseTo(all.overlap, 12);
  expect(between.sameCell.quantiles[2]).toBeCloseTo(all.sameCell.quantiles[2], 6);
  expect(withinType.count).toBeGreaterThan(0);
});
