import {describe, expect, it} from "vitest";
import {cosineDistribution} from "../../../src/components/core/space/cosine-distribution.js";
import {createRandom} from "../../../src/components/core/random.js";
import {seedNoise} from "../../../src/components/core/space/seed-noise.js";

/** Unit vectors in the plane at the given angles. */
const fan = (angles: readonly number[]) =>
  Float32Array.from(angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)]));
const random = createRandom(4);
/** `cells` random directions in `width` dimensions, each moved by `noise` for every one of `seeds` draws. */
function noisyDraws(cells: number, width: number, seeds: number, noise: number): Float32Array[] {
  const places = Float64Array.from({length: cells * width}, () => random.normal());
  return Array.from({length: seeds}, () => {
    const vectors = Float32Array.from(places, (place) => place + noise * random.normal());
    for (let at = 0; at < vectors.length; at += width) {
      const norm = Math.hypot(...vectors.subarray(at, at + width));
      for (let i = at; i < at + width; ++i) vectors[i] /= norm;
    }
    return vectors;
  });
}

describe("the noise of sampling seeds", () => {
  it("has the cosines of a cell with itself, within its type and between types, each pair once", () => {
    const first = [0, 0.3, 1.2, 1.3];
    const moved = first.map((angle) => angle + 0.05);
    const noise = seedNoise([fan(first), fan(moved)], 2, Int32Array.of(0, 0, 1, -1));
    expect(noise.sameCell.count).toBe(4);
    expect(noise.sameCell.mean).toBeCloseTo(Math.cos(0.05), 6);
    expect(noise.withinType.count).toBe(2);
    expect(noise.withinType.mean).toBeCloseTo(Math.cos(0.3), 6);
    expect(noise.betweenTypes.count).toBe(4);
    expect(noise.betweenTypes.mean).toBeCloseTo((Math.cos(1.2) + Math.cos(0.9)) / 2, 6);
    expect(noise.allCells.count).toBe(12);
    expect(noise).toMatchObject({cells: 4, seeds: 2, k: 2, chanceOverlap: 2 / 3});
  });

  it("counts shared neighbors and cells that are their own nearest", () => {
    // Under the second seed cells 1 and 2 change places, so that only the outer ones keep a neighbor or themselves.
    const noise = seedNoise([fan([0, 0.5, 1.1, 1.8, 2.6]), fan([0, 1.1, 0.5, 1.8, 2.6])], 2);
    const [once] = noise.averages;
    const near = [
      [
        [1, 2, 3],
        [2, 0, 3],
        [1, 3, 0],
        [2, 4, 1],
        [3, 2, 1]
      ],
      [
        [2, 1, 3],
        [2, 3, 0],
        [0, 1, 3],
        [1, 4, 2],
        [3, 1, 2]
      ]
    ];
    const shared = near[0].map((own, cell) => own.filter((other) => near[1][cell].includes(other)).length);
    expect(noise.k).toBe(3);
    expect(once.overlap).toBeCloseTo(shared.reduce((sum, n) => sum + n, 0) / 15, 12);
    expect(once.foundAgain).toBe(3 / 5);
  });

  it("is nothing where seeds do not matter, and chance where nothing else does", () => {
    const [one] = noisyDraws(50, 6, 1, 0);
    const still = seedNoise([one, one, one], 6).averages[0];
    expect(still).toMatchObject({averaged: 1, pairs: 3, relativeError: 0, overlap: 1, foundAgain: 1});
    expect(still.cosine).toBeCloseTo(1, 12);
    const noise = seedNoise(noisyDraws(80, 6, 4, 1000), 6);
    expect(Math.abs(noise.averages[0].overlap - noise.chanceOverlap)).toBeLessThan(0.03);
    expect(noise.averages[0].foundAgain).toBeLessThan(0.1);
  });

  it("falls with the number of seeds averaged", () => {
    const {averages, sameCell} = seedNoise(noisyDraws(60, 8, 8, 0.6), 8);
    expect(averages.map(({averaged, pairs}) => [averaged, pairs])).toEqual([
      [1, 28],
      [2, 6],
      [4, 1]
    ]);
    expect(averages[0].cosine).toBeCloseTo(sameCell.mean, 12);
    for (const i of [1, 2]) {
      expect(averages[i].relativeError).toBeLessThan(0.85 * averages[i - 1].relativeError);
      expect(averages[i].overlap).toBeGreaterThan(averages[i - 1].overlap);
    }
  });

  it("has no pairs of types without types, and refuses one seed or two cells in words", () => {
    expect(seedNoise(noisyDraws(5, 3, 2, 1), 3).withinType).toMatchObject({count: 0, mean: NaN});
    expect(() => seedNoise(noisyDraws(5, 3, 1, 1), 3)).toThrow(/5 cells under 1 seeds/);
    expect(() => seedNoise(noisyDraws(2, 3, 2, 1), 3)).toThrow(/at least 3 cells/);
  });
});

it("a distribution of cosines has numpy's quantiles, and its bins hold every pair, 1 included", () => {
  const {quantiles, histogram, mean} = cosineDistribution(Float64Array.of(1, 0.5, 0.75, 0, -0.2), 0, 4);
  // numpy.quantile([-0.2, 0, 0.5, 0.75, 1], [0.05, 0.25, 0.5, 0.75, 0.95])
  [-0.16, 0, 0.5, 0.75, 0.95].forEach((value, i) => expect(quantiles[i]).toBeCloseTo(value, 12));
  expect([...histogram]).toEqual([2, 0, 1, 2]);
  expect(mean).toBeCloseTo(0.41, 12);
});
