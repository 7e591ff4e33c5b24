import {expect, test} from "vitest";
import {keepNeighbors} from "../../../src/components/core/vectors/keep-neighbors.js";
import {nearestNeighbors, type NeighborSearch} from "../../../src/components/core/vectors/neighbors.js";
import {createUmapEngine} from "../../../src/components/core/space/umap-engine.js";
import {mapEmbeddings} from "../../../src/components/core/pipeline/map-embeddings.js";
import {readUmap} from "../../../src/components/core/tables/umap.js";
import {space, vectors} from "../space/fixture.js";

const {width} = space;

function counted() {
  const searches: number[] = [];
  const search: NeighborSearch = (some, wide, k, options) => {
    searches.push(k);
    return nearestNeighbors(some, wide, k, options);
  };
  return {searches, search};
}

test("equal vectors are searched once for as many neighbors or fewer, and again for more", async () => {
  const {searches, search} = counted();
  const find = keepNeighbors<string>(2, search);
  const first = await find("a", vectors, width, 14);
  expect(await find("a", vectors, width, 14)).toBe(first);
  expect(await find("a", vectors, width, 4)).toBe(first);
  expect((await find("a", vectors, width, 20)).k).toBe(20);
  expect(await find("a", vectors, width, 14)).toMatchObject({k: 20});
  expect(searches).toEqual([14, 20]);
});

test("it keeps what was asked for last, and no more than it is told", async () => {
  const {searches, search} = counted();
  const find = keepNeighbors<string>(2, search);
  const few = vectors.slice(0, 30 * width);
  for (const key of ["a", "b", "a", "c", "a", "b"]) await find(key, few, width, 3);
  expect(searches).toHaveLength(4);
  // As many neighbors as there are others are enough, however many are asked for.
  await find("b", few, width, 60);
  await find("b", few, width, 90);
  expect(searches).toHaveLength(5);
});

test("a failed search is not kept", async () => {
  let calls = 0;
  const find = keepNeighbors<string>(2, (...args) => {
    if (calls++ === 0) return Promise.reject(new Error("stopped"));
    return nearestNeighbors(...args);
  });
  await expect(find("a", vectors, width, 3)).rejects.toThrow("stopped");
  expect((await find("a", vectors, width, 3)).k).toBe(3);
});

test("four seeds and another minimum distance of the same vectors search once, and their maps are as without it", async () => {
  const {searches, search} = counted();
  const find = keepNeighbors<string>(2, search);
  const count = vectors.length / width;
  const cells = {
    rows: Int32Array.from({length: count}, (_, i) => i),
    cellIds: Array.from({length: count}, (_, i) => `c${i}`),
    vectors,
    width,
    index: Int32Array.from({length: count}, (_, i) => i)
  };
  const map = async (seed: number, minDist: number | null, kept: boolean): Promise<Float32Array> => {
    let positions = new Float32Array(0);
    await mapEmbeddings(cells, {
      engine: createUmapEngine(),
      neighbors: 15,
      minDist,
      seed,
      epochs: 5,
      provenance: {
        format: 1,
        stage: "umap",
        software: {name: "", version: ""},
        source: {name: "", bytes: 0, identity: ""},
        parameters: {}
      },
      search: kept ? (some, wide, k, options) => find("these", some, wide, k, options) : undefined,
      onEvent(event) {
        if (event.type === "table") positions = readUmap(event.table).positions as Float32Array<ArrayBuffer>;
      }
    });
    return positions;
  };
  for (const [seed, minDist] of [
    [1, null],
    [2, null],
    [3, null],
    [4, null],
    [1, 0.05]
  ] as const) {
    expect(await map(seed, minDist, true)).toEqual(await map(seed, minDist, false));
  }
  expect(searches).toEqual([14]);
});
