import {describe, expect, test} from "vitest";
import {findClusters, type ClusterOptions} from "../../../src/components/core/clusters/find-clusters.js";
import {createRandom} from "../../../src/components/core/random.js";
import {adjustedRand} from "../../../src/components/core/statistics/adjusted-rand.js";
import {nearestNeighbors} from "../../../src/components/core/vectors/neighbors.js";
import {louvain} from "../../../src/components/runtime/louvain.js";

/** `groups` clouds of `each` points in 10 dimensions, `apart` standard deviations from each other; the clouds' sizes fall by `less`. */
function clouds(groups: number, each: number, apart: number, less = 0) {
  const random = createRandom(1);
  const labels = Array.from({length: groups}, (_, g) => new Array<number>(each - g * less).fill(g)).flat();
  const centers = Array.from({length: groups * 10}, () => apart * random.normal());
  const vectors = Float32Array.from({length: labels.length * 10}, (_, i) => {
    return centers[labels[Math.floor(i / 10)] * 10 + (i % 10)] + random.normal();
  });
  return {vectors, labels};
}

async function clusters(vectors: Float32Array, options: ClusterOptions, k = 14) {
  return findClusters(await nearestNeighbors(vectors, 10, k, {metric: "euclidean"}), louvain, options);
}

describe("clusters", () => {
  test("find clouds again, the largest first, and hold under other seeds", async () => {
    const {vectors, labels} = clouds(4, 60, 5, 10);
    const found = await clusters(vectors, {});
    expect([...found.sizes]).toEqual([60, 50, 40, 30]);
    expect(adjustedRand(found.codes, labels)).toBe(1);
    expect([...found.codes]).toEqual(labels);
    expect(found.loweredFrom).toBeNull();
    expect(found.stability.map(({resolution}) => resolution)).toEqual([0.5, 1, 2]);
    expect(found.stability[1]).toMatchObject({betweenSeeds: 1, withChosen: 1, clusters: [4, 4, 4, 4, 4]});
  });

  test("are the same for the same seed, and more at a higher resolution", async () => {
    const {vectors} = clouds(1, 300, 1);
    const few = await clusters(vectors, {resolution: 0.5, once: true});
    const many = await clusters(vectors, {resolution: 4, once: true});
    expect(many.sizes.length).toBeGreaterThan(few.sizes.length);
    expect(await clusters(vectors, {resolution: 4, once: true})).toEqual(many);
    expect(many.stability).toEqual([]);
  });

  test("are never more than 50 unless a resolution is named", async () => {
    const {vectors} = clouds(80, 12, 1.2);
    const named = await clusters(vectors, {resolution: 8, once: true}, 5);
    expect(named.sizes.length).toBeGreaterThan(50);
    const unasked = await clusters(vectors, {once: true}, 5);
    expect(unasked.sizes.length).toBeLessThanOrEqual(50);
  });

  test("are refused where the cells fall into many pieces, and made if a resolution is named", async () => {
    const {vectors} = clouds(60, 6, 60);
    await expect(clusters(vectors, {once: true}, 3)).rejects.toMatchObject({code: "too-many-clusters"});
    expect((await clusters(vectors, {resolution: 1, once: true}, 3)).sizes.length).toBe(60);
  });

  test("need three cells", async () => {
    await expect(clusters(clouds(1, 2, 1).vectors, {})).rejects.toMatchObject({code: "too-few-cells"});
  });
});
