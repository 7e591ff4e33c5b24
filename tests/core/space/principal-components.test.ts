import {describe, expect, it} from "vitest";
import {logNormalize} from "../../../src/components/core/space/log-normalize.js";
import {denseMatrix, sparseMatrix} from "../../../src/components/core/space/matrices.js";
import {
  type PrincipalComponents,
  principalComponents
} from "../../../src/components/core/space/principal-components.js";
import {createRandom} from "../../../src/components/core/random.js";
import {counts, countsBlock, space, vectors} from "./fixture.js";

/** Largest difference of scores and of variances, against the largest of each. */
function distance(found: PrincipalComponents, expected: {scores: number[]; variance: number[]}) {
  const most = Math.max(...expected.scores.map(Math.abs));
  return {
    scores: Math.max(...expected.scores.map((score, i) => Math.abs(score - found.scores[i]))) / most,
    variance: Math.max(...expected.variance.map((value, i) => Math.abs(value / found.variance[i] - 1)))
  };
}

describe("principal components", () => {
  it("of a dense matrix are numpy's, signs included", async () => {
    const found = await principalComponents(denseMatrix(vectors, space.width), 4);
    expect(distance(found, space.components).scores).toBeLessThan(1e-6);
    expect(distance(found, space.components).variance).toBeLessThan(1e-10);
    expect(found.totalVariance).toBeCloseTo(space.components.totalVariance, 10);
  });

  it("of log-normalized sparse counts are numpy's to 1e-5, 30 of them", async () => {
    const found = await principalComponents(sparseMatrix(logNormalize(countsBlock)), 30);
    expect(found).toMatchObject({count: counts.cells, components: 30});
    expect(distance(found, counts).scores).toBeLessThan(1e-5);
    expect(distance(found, counts).variance).toBeLessThan(1e-8);
    expect(found.totalVariance).toBeCloseTo(counts.totalVariance, 6);
  });

  it("have orthogonal unit loadings, and scores that are the products with them", async () => {
    const found = await principalComponents(sparseMatrix(logNormalize(countsBlock)), 30);
    const {genes} = counts;
    let worst = 0;
    for (let a = 0; a < 30; a += 1) {
      for (let b = 0; b <= a; b += 1) {
        let product = 0;
        for (let j = 0; j < genes; j += 1) product += found.loadings[a * genes + j] * found.loadings[b * genes + j];
        worst = Math.max(worst, Math.abs(product - (a === b ? 1 : 0)));
      }
    }
    expect(worst).toBeLessThan(1e-6);
  });

  it("are the same from either side of a matrix and from any seed", async () => {
    const random = createRandom(4);
    const wide = Float32Array.from({length: 40 * 90}, (_, i) => random.normal() * (1 + (i % 7)));
    const doubled = Float32Array.from([...wide, ...wide, ...wide]);
    const a = await principalComponents(denseMatrix(wide, 90), 5);
    const b = await principalComponents(denseMatrix(doubled, 90), 5, {seed: 9});
    // Three copies of 40 cells: the sum of squares is three times as large, the denominator 119 and not 39.
    const expected = {
      scores: Array.from(b.scores.keys(), (i) => a.scores[i % 200]),
      variance: [...a.variance.map((value) => (value * 117) / 119)]
    };
    expect(distance(b, expected).scores).toBeLessThan(1e-6);
    expect(distance(b, expected).variance).toBeLessThan(1e-8);
  });

  it("find every direction of equal variance", async () => {
    const cross = new Float32Array(12 * 6);
    for (let i = 0; i < 6; i += 1) {
      cross[i * 6 + i] = 1;
      cross[(i + 6) * 6 + i] = -1;
    }
    const found = await principalComponents(denseMatrix(cross, 6), 6);
    found.variance.forEach((value) => expect(value).toBeCloseTo(2 / 11, 12));
  });

  it("are no more than cells less one, and zero where nothing varies", async () => {
    const two = denseMatrix(Float32Array.of(1, 2, 3, 4, 5, 7), 3);
    expect(await principalComponents(two, 5)).toMatchObject({components: 1});
    expect(await principalComponents(denseMatrix(new Float32Array(0), 3), 5)).toMatchObject({components: 0, count: 0});
    const flat = await principalComponents(denseMatrix(new Float32Array(30).fill(2), 3), 2);
    expect([...flat.scores].every((score) => score === 0)).toBe(true);
  });

  it("stop when told to", async () => {
    const stop = new AbortController();
    const run = principalComponents(denseMatrix(vectors, space.width), 2, {
      signal: stop.signal,
      pauseEvery: 0,
      pause: async () => stop.abort()
    });
    await expect(run).rejects.toMatchObject({name: "AbortError"});
  });
});
