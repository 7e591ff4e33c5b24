import {afterAll, expect, test, vi} from "vitest";
import type * as Kept from "../../src/components/core/vectors/keep-neighbors.js";
import {nearestNeighbors} from "../../src/components/core/vectors/neighbors.js";
import {embed, load, normalize, openFile, sample, umap} from "../../src/components/notebook/node.js";
import {demoFile} from "../demo-file.js";

const searches = vi.hoisted(() => [] as number[]);

vi.mock("../../src/components/core/vectors/keep-neighbors.js", async (original) => {
  const {keepNeighbors} = await original<typeof Kept>();
  return {
    keepNeighbors: <Key>(most?: number) =>
      keepNeighbors<Key>(most, (vectors, width, k, options) => {
        searches.push(k);
        return nearestNeighbors(vectors, width, k, options);
      })
  };
});

const demo = demoFile();
afterAll(() => demo.remove());

test("four seeds and another minimum distance are five umap stages and one search for neighbors; more neighbors are another", async () => {
  const file = await openFile(demo.path);
  const rows = Array.from({length: 12}, (_, i) => i);
  const embeddings = embed(sample(normalize(load(file, {cells: {mode: "rows", rows}}))));
  for (const seed of [42, 43, 44, 45]) await umap(embeddings, {neighbors: 5, seed}).table();
  await umap(embeddings, {neighbors: 5, minDist: 0.2}).table();
  expect(searches).toEqual([4]);
  await umap(embeddings, {neighbors: 8}).table();
  expect(searches).toEqual([4, 7]);
}, 60_000);
