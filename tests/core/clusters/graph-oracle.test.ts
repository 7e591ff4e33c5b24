import {readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {findClusters} from "../../../src/components/core/clusters/find-clusters.js";
import {fuzzyGraph} from "../../../src/components/core/space/fuzzy-graph.js";
import {withSelf} from "../../../src/components/core/space/with-self.js";
import {adjustedRand} from "../../../src/components/core/statistics/adjusted-rand.js";
import {nearestNeighbors} from "../../../src/components/core/vectors/neighbors.js";
import {louvain} from "../../../src/components/runtime/louvain.js";

type Edge = [from: number, to: number, weight: number];

/** Made by tests/reference/cluster_fixtures.py: the graph by scipy, modularity and the best of fifty communities by igraph. */
const fixture = JSON.parse(readFileSync("tests/fixtures/clusters/clouds.json", "utf8")) as {
  width: number;
  k: number;
  vectors: number[];
  edges: Edge[];
  partition: number[];
  modularity: Record<string, number>;
  best: {resolution: number; louvain: number; leiden: number; clusters: number[]}[];
};
const vectors = Float32Array.from(fixture.vectors);
const near = nearestNeighbors(vectors, fixture.width, fixture.k);

/** Reichardt and Bornholdt 2006: the share of weight within communities, less `resolution` times what chance would put there. */
function modularity(edges: readonly Edge[], codes: ArrayLike<number>, resolution: number): number {
  const degree = new Map<number, number>();
  let [all, within] = [0, 0];
  for (const [from, to, weight] of edges) {
    for (const cell of [from, to]) degree.set(codes[cell], (degree.get(codes[cell]) ?? 0) + weight);
    all += weight;
    if (codes[from] === codes[to]) within += weight;
  }
  const chance = [...degree.values()].reduce((sum, weight) => sum + (weight / (2 * all)) ** 2, 0);
  return within / all - resolution * chance;
}

describe("clusters beside igraph's", () => {
  test("the graph has the same edges, with the same weights", async () => {
    const {from, to, strength} = fuzzyGraph(withSelf(await near, vectors.length / fixture.width, fixture.k + 1));
    const edges = [...from.keys()].filter((i) => from[i] < to[i]).map((i): Edge => [from[i], to[i], strength[i]]);
    expect(edges.map(([a, b]) => [a, b])).toEqual(fixture.edges.map(([a, b]) => [a, b]));
    // UMAP's own tolerance for the sum of a cell's weights.
    const off = edges.map(([, , weight], i) => Math.abs(weight - fixture.edges[i][2]));
    expect(Math.max(...off)).toBeLessThan(1e-5);
  });

  test.each(fixture.best)("reach igraph's modularity at resolution $resolution", async ({resolution, ...best}) => {
    const given = modularity(fixture.edges, fixture.partition, resolution);
    expect(given, "modularity as igraph has it").toBeCloseTo(fixture.modularity[String(resolution)], 12);
    const found = await findClusters(await near, louvain, {resolution, once: true});
    const mine = modularity(fixture.edges, found.codes, resolution);
    expect(modularity(fixture.edges, best.clusters, resolution)).toBeCloseTo(best.leiden, 12);
    // The best of fifty runs may be better than one, by little.
    expect(mine).toBeGreaterThan(Math.max(best.louvain, best.leiden) - 0.01);
    if (resolution < 2) expect(adjustedRand(found.codes, best.clusters)).toBeGreaterThan(0.9);
  });
});
