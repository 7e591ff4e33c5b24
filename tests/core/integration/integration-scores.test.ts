import {readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {batchVariance} from "../../../src/components/core/integration/batch-variance.js";
import {graphConnectivity} from "../../../src/components/core/integration/graph-connectivity.js";
import {
  integrationScores,
  type IntegrationScores
} from "../../../src/components/core/integration/integration-scores.js";
import {kbetAcceptance} from "../../../src/components/core/integration/kbet.js";
import {lisi} from "../../../src/components/core/integration/lisi.js";
import {silhouettes} from "../../../src/components/core/integration/silhouettes.js";
import {adjustedRand} from "../../../src/components/core/statistics/adjusted-rand.js";
import {chiSquareTail} from "../../../src/components/core/statistics/chi-square-tail.js";
import {normalizedMutualInformation} from "../../../src/components/core/statistics/mutual-information.js";
import {louvain} from "../../../src/components/runtime/louvain.js";

const {width, ...fixture} = JSON.parse(readFileSync("tests/fixtures/answers/integration.json", "utf8")) as {
  width: number;
  vectors: number[];
  labels: number[];
  batches: number[];
  clusters: number[];
  expected: Record<string, number>;
};
const vectors = Float32Array.from(fixture.vectors);
const labels = Int32Array.from(fixture.labels);
const batches = Int32Array.from(fixture.batches);

describe("the metrics of integration", () => {
  test("equal those computed from the papers' formulas (tests/reference/answer_oracles.py)", async () => {
    const {scores, best} = await integrationScores({vectors, width, labels, batches}, louvain);
    const {nmi, ari, ...others} = fixture.expected;
    for (const [name, value] of Object.entries(others))
      expect(Math.abs(scores[name as keyof IntegrationScores]! - value), name).toBeLessThan(1e-9);
    expect(normalizedMutualInformation(fixture.clusters, labels)).toBeCloseTo(nmi, 12);
    expect(adjustedRand(fixture.clusters, labels)).toBeCloseTo(ari, 12);
    expect(scores.nmi).toBe(normalizedMutualInformation(best.codes, labels));
    expect(scores.ari).toBe(adjustedRand(best.codes, labels));
    expect(scores.clusters).toBe(new Set(best.codes).size);
  });

  test("have none of batches where there are none", async () => {
    const {scores} = await integrationScores({vectors, width, labels}, louvain);
    expect(scores).toMatchObject({ilisi: null, cilisi: null, kbet: null, batchVariance: null, silhouetteBatch: null});
    expect(scores.graphConnectivity).toBeCloseTo(fixture.expected["graphConnectivity"], 12);
  });
});

describe("LISI", () => {
  const neighbors = (distances: number[]) => ({
    count: 1,
    k: distances.length,
    indices: Int32Array.from(distances.keys()),
    distances: Float64Array.from(distances)
  });

  test("is the number of groups where all are as near, and 1 where one is alone", () => {
    expect(lisi(neighbors([1, 1, 1, 1]), Int32Array.of(0, 1, 0, 1), 2, 2)[0]).toBeCloseTo(2, 12);
    expect(lisi(neighbors([1, 2, 3, 4]), Int32Array.of(1, 1, 1, 1), 2, 2)[0]).toBeCloseTo(1, 12);
  });

  test("weighs near cells more, and is NaN without neighbors", () => {
    const [found] = lisi(neighbors([0.1, 0.2, 5, 6]), Int32Array.of(0, 0, 1, 1), 2, 2);
    expect(found).toBeGreaterThan(1);
    expect(found).toBeLessThan(1.2);
    expect(
      lisi({count: 1, k: 1, indices: Int32Array.of(-1), distances: new Float64Array(1)}, Int32Array.of(0), 1, 1)
    ).toEqual(Float64Array.of(NaN));
  });
});

test("a label in two pieces of the graph is connected by half", () => {
  const indices = Int32Array.of(1, 0, 3, 2, 5, 4);
  const graph = {count: 6, k: 1, indices, distances: new Float64Array(6)};
  expect(graphConnectivity(graph, Int32Array.of(0, 0, 0, 0, 1, 1), 2)).toBe(0.75);
  expect(graphConnectivity(graph, Int32Array.of(0, 0, -1, 0, 1, 1), 2)).toBeCloseTo((2 / 3 + 1) / 2, 12);
});

test("batches in one place each are rejected by kBET, and explain the variance", async () => {
  const apart = Float32Array.from({length: 160}, (_, i) => (i < 80 ? 0 : 9) + Math.sin(i * i));
  const codes = Int32Array.from({length: 80}, (_, i) => (i < 40 ? 0 : 1));
  expect(await kbetAcceptance(apart, 2, new Int32Array(80), codes)).toBe(0);
  expect(batchVariance(apart, 2, codes)).toBeGreaterThan(0.9);
  expect(
    await kbetAcceptance(
      apart,
      2,
      new Int32Array(80),
      codes.map((_, i) => i % 2)
    )
  ).toBeGreaterThan(0.9);
  expect(batchVariance(new Float32Array(8), 2, Int32Array.of(0, 0, 1, 1))).toBeNaN();
});

test("silhouettes of copies are 1, of a cell alone 0", () => {
  expect([...silhouettes(Float32Array.of(1, 0, 1, 0, 0, 1), 2, Int32Array.of(0, 0, 1))]).toEqual([1, 1, 0]);
});

describe("the chi-square tail", () => {
  // scipy.stats.chi2.sf(x, freedom)
  test.for([
    [0, 1, 1.0],
    [0.01, 1, 0.920344325445942],
    [3.84, 1, 0.05004352124870519],
    [2.5, 2, 0.2865047968601901],
    [7, 4, 0.13588822540043327],
    [0.3, 5, 0.9976430862605289],
    [30, 12, 0.0027924293327009145],
    [100, 3, 1.5541594313896026e-21],
    [55, 60, 0.6585210814081093]
  ] as [number, number, number][])("above %d with %d degrees of freedom is %d", ([x, freedom, p]) => {
    expect(Math.abs(chiSquareTail(x, freedom) - p)).toBeLessThan(1e-12);
  });
});
