import {expect, test} from "vitest";
import {folderBundle} from "../../../src/components/adapters/node-files.js";
import {openReference} from "../../../src/components/core/reference/open-reference.js";
import {placeOnMap} from "../../../src/components/core/space/place-on-map.js";
import {nearestInOther} from "../../../src/components/core/vectors/nearest-in-other.js";
import {pickVectors} from "../../../src/components/core/vectors/pick-vectors.js";

/** Three neighbors of one cell on a map of four points. */
const map = Float32Array.of(0, 0, 4, 0, 0, 4, 9, 9);
const one = (distances: number[], indices = [0, 1, 2]) => ({
  count: 1,
  k: 3,
  indices: Int32Array.from(indices),
  distances: Float64Array.from(distances)
});

test("a cell begins at the mean of its neighbors, weighted by edges that add up to log2(k) beyond the first", async () => {
  const distances = [0.1, 0.2, 0.4];
  // The scale by a search of its own: exp(-0.2 / s) + exp(-0.4 / s) = log2(3).
  let [low, high] = [1e-6, 100];
  for (let i = 0; i < 200; i += 1) {
    const scale = (low + high) / 2;
    if (Math.exp(-0.2 / scale) + Math.exp(-0.4 / scale) > Math.log2(3)) high = scale;
    else low = scale;
  }
  const [a, b, c] = distances.map((distance) => Math.exp(-distance / low));
  const [x, y] = await placeOnMap(one(distances), map, {epochs: 0});
  expect(x).toBeCloseTo((4 * b) / (a + b + c), 4);
  expect(y).toBeCloseTo((4 * c) / (a + b + c), 4);
});

test("a cell without neighbors has no place, one on a point stays finite, and a map with gaps is refused", async () => {
  expect([...(await placeOnMap(one([0, 0, 0], [-1, -1, -1]), map))]).toEqual([NaN, NaN]);
  const placed = await placeOnMap(one([0, 0, 0], [3, 3, 3]), map);
  expect(placed.every(Number.isFinite)).toBe(true);
  const gaps = placeOnMap(one([0.1, 0.2, 0.4]), Float32Array.of(0, 0, NaN, NaN, 1, 1));
  await expect(gaps).rejects.toMatchObject({code: "bad-shape", message: expect.stringContaining("point 1")});
});

test("held-out cells of the shipped reference land among their own, and its points do not move", async () => {
  const {reference, map: whole} = await openReference(folderBundle("src/data/reference-pbmc"), "subpop");
  const {vectors, width, codes} = reference;
  const all = [...codes.keys()];
  const [held, kept] = [all.filter((i) => i % 5 === 0), all.filter((i) => i % 5 !== 0)];
  const at = (cell: number) => [whole![2 * cell], whole![2 * cell + 1]];
  const points = Float32Array.from(kept.flatMap(at));
  const before = points.slice();
  const neighbors = await nearestInOther(
    pickVectors(vectors, width, held),
    pickVectors(vectors, width, kept),
    width,
    15
  );
  const placed = await placeOnMap(neighbors, points);
  expect(points).toEqual(before);
  expect(placed).toEqual(await placeOnMap(neighbors, points));
  const far = held.map((cell, i) => Math.hypot(placed[2 * i] - at(cell)[0], placed[2 * i + 1] - at(cell)[1]));
  far.sort((a, b) => a - b);
  const across = Math.hypot(...[0, 1].map((axis) => spread(all.map((cell) => at(cell)[axis]))));
  // The map is 24 units across; half of the cells land within 0.8 of where the layout of all had them.
  expect(far[held.length >> 1]).toBeLessThan(0.05 * across);
  const isAmongOwn = held.map((cell, i) => {
    const near = kept.map((other, j) => ({
      other,
      d: Math.hypot(placed[2 * i] - points[2 * j], placed[2 * i + 1] - points[2 * j + 1])
    }));
    near.sort((a, b) => a.d - b.d);
    return near.slice(0, 15).filter(({other}) => codes[other] === codes[cell]).length > 7;
  });
  expect(isAmongOwn.filter(Boolean).length / held.length).toBeGreaterThan(0.95);
});

function spread(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}
