import {describe, expect, test} from "vitest";
import {createRandom} from "../../../src/components/core/random.js";
import {cosineHistogram} from "../../../src/components/core/space/cosine-histogram.js";
import {nearestInSpace} from "../../../src/components/core/vectors/nearest-in-space.js";
import {mapRanks} from "../../../src/components/core/space/map-ranks.js";
import {nearestOnMap} from "../../../src/components/core/space/nearest-on-map.js";
import {neighborOverlap} from "../../../src/components/core/space/neighbor-overlap.js";
import {nearestRows} from "../../../src/components/core/space/nearest-rows.js";
import {ranksInSpace} from "../../../src/components/core/vectors/ranks-in-space.js";
import {sharedCells} from "../../../src/components/core/vectors/shared-cells.js";
import {nearestNeighbors} from "../../../src/components/core/vectors/neighbors.js";
import {vectorSpread} from "../../../src/components/core/space/vector-spread.js";
import {trustworthiness} from "../../../src/components/core/space/trustworthiness.js";

const random = createRandom(3);
const [count, width] = [80, 6];
const vectors = Float32Array.from({length: count * width}, () => random.normal());
const positions = Float32Array.from({length: 2 * count}, () => random.normal());

describe("the neighbors of one cell", () => {
  test("in the space are those of the search over all cells, with the same cosines", async () => {
    const all = await nearestNeighbors(vectors, width, 7);
    for (const cell of [0, 17, count - 1]) {
      const {cells, cosines} = nearestInSpace(vectors, width, cell, 7);
      expect([...cells]).toEqual([...all.indices.subarray(cell * 7, cell * 7 + 7)]);
      cosines.forEach((cosine, i) => expect(1 - cosine).toBeCloseTo(all.distances[cell * 7 + i], 12));
    }
  });

  test("on the map are those of a Euclidean search, and fewer cells than asked for leave gaps", async () => {
    const all = await nearestNeighbors(positions, 2, 5, {metric: "euclidean"});
    for (const cell of [0, 40])
      expect([...nearestOnMap(positions, cell, 5)]).toEqual([...all.indices.subarray(cell * 5, cell * 5 + 5)]);
    expect([...nearestOnMap(Float32Array.of(0, 0, 1, 0, 5, 0), 1, 4)]).toEqual([0, 2, -1, -1]);
    expect([...nearestInSpace(Float32Array.of(1, 0, 0, 1), 2, 0, 4).cells]).toEqual([1]);
  });
});

describe("ranks among all others", () => {
  test("number the neighbors of a search in both spaces, ties included", () => {
    const all = count - 1;
    const space = nearestInSpace(vectors, width, 17, all);
    const numbered = Int32Array.from({length: all}, (_, i) => i + 1);
    const {ranks, cosines} = ranksInSpace(vectors, width, 17, space.cells);
    expect(ranks).toEqual(numbered);
    expect(cosines).toEqual(space.cosines);
    expect(mapRanks(positions, 17, nearestOnMap(positions, 17, all))).toEqual(numbered);
    expect(mapRanks(Float32Array.of(0, 0, 1, 0, -1, 0), 0, [1, 2])).toEqual(Int32Array.of(1, 2));
    expect(ranksInSpace(Float32Array.of(1, 0, 0, 1, 0, 1, NaN, 0), 2, 0, [2, 1, 3])).toEqual({
      ranks: Int32Array.of(2, 1, 0),
      cosines: Float64Array.of(0, 0, NaN)
    });
  });

  test("are asked of rows in the file", () => {
    const placed = {rows: Int32Array.of(4, 7, 9), positions: Float32Array.of(0, 0, 5, 0, 1, 0)};
    expect(nearestRows(placed, 4, 5)).toEqual(Int32Array.of(9, 7));
    expect(nearestRows(placed, 5, 5)).toEqual(new Int32Array(0));
  });
});

describe("neighbors kept on a map", () => {
  test("are all of them where the map is the space, and about chance where it is strewn at random", async () => {
    const flat = Float32Array.from({length: 2 * 200}, (_, i) =>
      i % 2 === 0 ? Math.cos(0.03 * (i >> 1)) : Math.sin(0.03 * (i >> 1))
    );
    const same = await neighborOverlap(flat, 2, flat, 10);
    expect(same.mean).toBe(1);
    expect(same.cells[10]).toBe(200);
    const strewn = await neighborOverlap(vectors, width, positions, 8, {most: 50});
    expect(strewn.asked).toBe(50);
    expect(strewn.cells.reduce((sum, n) => sum + n, 0)).toBe(50);
    expect(strewn.chance).toBeCloseTo(8 / 79, 12);
    expect(Math.abs(strewn.mean - strewn.chance)).toBeLessThan(0.08);
    expect((await trustworthiness(vectors, width, positions, 8)).value).toBeLessThan(0.65);
  });

  test("are refused for a map of other cells, and can be stopped", async () => {
    await expect(neighborOverlap(vectors, width, positions.subarray(2), 8)).rejects.toThrow(/79 of 80 cells/);
    await expect(neighborOverlap(vectors, width, positions, 8, {signal: AbortSignal.abort()})).rejects.toThrow(
      /abort/i
    );
    expect(sharedCells([1, 2, 3], [3, 4, 1])).toBe(2);
  });
});

describe("cosines of pairs", () => {
  test("are counted once each, split by group, with the mean that the spread has", async () => {
    const groups = Int32Array.from({length: count}, (_, i) => (i === 0 ? -1 : i % 3));
    const found = await cosineHistogram(vectors, width, {groups, bins: 40});
    expect(found.pairs.all).toBe((count * (count - 1)) / 2);
    expect(found.pairs.within + found.pairs.between).toBe(((count - 1) * (count - 2)) / 2);
    expect(found.mean.all).toBeCloseTo(vectorSpread(vectors, width).meanCosine, 10);
    expect(found.all.reduce((sum, n) => sum + n, 0)).toBe(found.pairs.all);
  });

  test("of a collapsed model stand in the last bin; of opposite vectors in the first", async () => {
    const alike = Float32Array.from({length: 20 * 4}, (_, i) => 1 + 1e-4 * Math.sin(i));
    const {all} = await cosineHistogram(alike, 4, {bins: 50});
    expect(all[49]).toBe(190);
    const opposite = await cosineHistogram(Float32Array.of(1, 0, -2, 0, 0, 0), 2, {bins: 10});
    expect([opposite.all[0], opposite.pairs.all, opposite.mean.all]).toEqual([1, 1, -1]);
  });
});
