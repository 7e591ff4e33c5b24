import {describe, expect, it} from "vitest";
import {nearestNeighbors} from "../../../src/components/core/vectors/neighbors.js";
import {exactDistance} from "../../../src/components/core/vectors/exact-distance.js";
import {createRandom} from "../../../src/components/core/random.js";
import {batches, labels, space, vectors} from "../space/fixture.js";

const {width} = space;

describe("nearest neighbors", () => {
  it.each(["cosine", "euclidean"] as const)("are those of a full sort in numpy: %s", async (metric) => {
    const found = await nearestNeighbors(vectors, width, 7, {metric});
    expect([...found.indices]).toEqual(space.neighbors[metric].indices);
    space.neighbors[metric].distances.forEach((distance, i) => expect(found.distances[i]).toBeCloseTo(distance, 8));
  });

  it("come lower number first where cells are equally far", async () => {
    const copies = Float32Array.from({length: 200 * 3}, (_, i) => [1, 2, 3][i % 3] * (1 + (Math.floor(i / 3) % 2)));
    const found = await nearestNeighbors(copies, 3, 4, {metric: "cosine"});
    expect([...found.indices.subarray(0, 4)]).toEqual([1, 2, 3, 4]);
    expect([...found.indices.subarray(100 * 4, 101 * 4)]).toEqual([0, 1, 2, 3]);
    const apart = await nearestNeighbors(copies, 3, 4, {metric: "euclidean"});
    expect([...apart.indices.subarray(101 * 4, 102 * 4)]).toEqual([1, 3, 5, 7]);
    expect([...apart.distances]).toEqual(new Array(800).fill(0));
  });

  it("can be sought within a group and outside another", async () => {
    const found = await nearestNeighbors(vectors, width, 5, {within: labels, outside: batches});
    const k = found.k;
    let short = 0;
    found.indices.forEach((other, at) => {
      const cell = Math.floor(at / k);
      if (other < 0) {
        short += 1;
        expect(found.distances[at]).toBe(Infinity);
      } else {
        expect(labels[other]).toBe(labels[cell]);
        expect(batches[other]).not.toBe(batches[cell]);
      }
    });
    // Class 4 is of one batch: none of its cells has a candidate.
    expect(short).toBeGreaterThanOrEqual(5 * labels.filter((label) => label === 4).length);
  });

  it("are those of a plain double loop for sizes around a tile", async () => {
    const random = createRandom(11);
    for (const count of [1, 2, 3, 63, 64, 65, 129]) {
      for (const dims of [1, 3, 8]) {
        const cells = Float32Array.from({length: count * dims}, () => random.normal());
        const found = await nearestNeighbors(cells, dims, 6, {metric: "euclidean"});
        expect(found.k).toBe(Math.min(6, count - 1));
        expect([...found.indices]).toEqual(plain(cells, dims, found.k));
      }
    }
  });

  it.each([0, 1e-7, 1e-5, 1e-3, 1])("are those of a full sort in float64 where %s is between cells", async (noise) => {
    const {normal} = createRandom(5);
    const [count, dims, k] = [250, 40, 15];
    const middle = Float64Array.from({length: dims}, normal);
    const cells = Float32Array.from({length: count * dims}, (_, i) => middle[i % dims] + noise * normal());
    const found = await nearestNeighbors(cells, dims, k);
    const distance = exactDistance(cells, dims, "cosine");
    const everyOne = Array.from({length: count}, (_, j) => j);
    for (const cell of everyOne) {
      const order = everyOne.filter((other) => other !== cell);
      order.sort((a, b) => distance(cell, a) - distance(cell, b) || a - b);
      expect([...found.indices.subarray(cell * k, (cell + 1) * k)]).toEqual(order.slice(0, k));
    }
  });

  it("of no cell and of one cell are none", async () => {
    expect(await nearestNeighbors(new Float32Array(0), 4, 5)).toMatchObject({count: 0, k: 0});
    expect(await nearestNeighbors(Float32Array.of(1, 2), 2, 5)).toMatchObject({count: 1, k: 0});
  });

  it("keep their precision far from the origin", async () => {
    const far = Float32Array.from({length: 100}, (_, i) => 1e6 + i * 0.125);
    const found = await nearestNeighbors(far, 1, 2, {metric: "euclidean"});
    expect([...found.indices.subarray(100, 102)]).toEqual([49, 51]);
    expect(found.distances[100]).toBeCloseTo(0.125, 6);
  });

  it("stop when told to, and report progress", async () => {
    const random = createRandom(2);
    const many = Float32Array.from({length: 3000 * 16}, () => random.normal());
    const stop = new AbortController();
    const seen: number[] = [];
    const run = nearestNeighbors(many, 16, 5, {
      signal: stop.signal,
      pauseEvery: 0,
      onProgress: (share) => {
        seen.push(share);
        if (share > 0.2) stop.abort();
      }
    });
    await expect(run).rejects.toMatchObject({name: "AbortError"});
    expect(seen.at(-1)).toBeLessThan(0.3);
  });

  it("are the same however often the work pauses", async () => {
    const often = await nearestNeighbors(vectors, width, 5, {pauseEvery: 0, pause: () => Promise.resolve()});
    expect(often).toEqual(await nearestNeighbors(vectors, width, 5));
  });

  it("are refused of values that are not finite, and of wrong sizes", async () => {
    await expect(nearestNeighbors(Float32Array.of(1, 2, NaN, 4), 2, 1)).rejects.toThrow(
      /Row 1 of the matrix holds NaN/
    );
    await expect(nearestNeighbors(new Float32Array(5), 2, 1)).rejects.toThrow(/5 values do not fill rows of width 2/);
    await expect(nearestNeighbors(vectors, width, 0)).rejects.toThrow(/0 neighbors/);
    await expect(nearestNeighbors(vectors, width, 3, {within: new Int32Array(2)})).rejects.toThrow(
      /2 groups for 300 cells/
    );
  });
});

function plain(cells: Float32Array, dims: number, k: number): number[] {
  const count = cells.length / dims;
  return Array.from({length: count}, (_, i) => {
    const distances = Array.from({length: count}, (_, j) => {
      let square = 0;
      for (let d = 0; d < dims; d += 1) square += (cells[i * dims + d] - cells[j * dims + d]) ** 2;
      return {j, square};
    });
    const others = distances.filter(({j}) => j !== i).sort((a, b) => a.square - b.square || a.j - b.j);
    return others.slice(0, k).map(({j}) => j);
  }).flat();
}
