import {describe, expect, test} from "vitest";
import {createRandom} from "../../../src/components/core/random.js";
import {batchMixing} from "../../../src/components/core/space/batch-mixing.js";
import {labelAgreement} from "../../../src/components/core/space/label-agreement.js";
import {meanError} from "../../../src/components/core/space/mean-error.js";
import {neighborOverlap} from "../../../src/components/core/space/neighbor-overlap.js";
import {seedNoise} from "../../../src/components/core/space/seed-noise.js";
import {shareError} from "../../../src/components/core/space/share-error.js";
import {trustworthiness} from "../../../src/components/core/space/trustworthiness.js";
import {isBatchColumn} from "../../../src/components/core/tables/batch-column.js";

const deviation = (values: number[]): number => meanError(values) * Math.sqrt(values.length);

/** n noisy vectors of 8 numbers about the corners of a simplex, and the corner of each. */
function cells(n: number, seed: number, noise = 0.6) {
  const random = createRandom(seed);
  const labels = Int32Array.from({length: n}, (_, i) => (i % 10 < 6 ? 0 : i % 10 < 9 ? 1 : 2));
  const vectors = Float32Array.from(
    {length: 8 * n},
    (_, at) => Number(at % 8 === labels[at >> 3]) + noise * (random.next() + random.next() - 1)
  );
  return {labels, vectors};
}

describe("standard errors", () => {
  test("of a share are never 0, and of many cells those of a binomial", () => {
    expect(shareError(20, 20)).toBeCloseTo(Math.sqrt((22 / 24) * (2 / 24) * (1 / 24)), 12);
    expect(shareError(0, 20)).toBeCloseTo(shareError(20, 20), 12);
    expect(shareError(9000, 10_000)).toBeCloseTo(Math.sqrt(0.09 / 10_000), 5);
    expect(shareError(0, 0)).toBeNaN();
  });

  test("of a mean are the deviation over the root of n", () => {
    expect(meanError([1, 2, 3, 4])).toBeCloseTo(Math.sqrt(5 / 3 / 4), 12);
    expect(meanError([7])).toBeNaN();
  });

  test("of accuracy and macro recall are what a bootstrap over the classified cells gives", async () => {
    const {labels, vectors} = cells(400, 5, 1.2);
    const found = await labelAgreement(vectors, 8, labels, 3);
    const random = createRandom(1);
    const hits = [0, 1, 2].map((k) => Math.round(found.recall[k] * found.support[k]));
    // Cells are drawn within their class, as macro recall takes the classes as given.
    const drawn = Array.from({length: 4000}, () =>
      hits.map((right, k) => {
        let again = 0;
        for (let i = 0; i < found.support[k]; ++i) again += Number(random.next() * found.support[k] < right);
        return again;
      })
    );
    const macro = drawn.map((one) => one.reduce((sum, right, k) => sum + right / found.support[k] / 3, 0));
    expect(found.macroRecallError / deviation(macro)).toBeGreaterThan(0.93);
    expect(found.macroRecallError / deviation(macro)).toBeLessThan(1.12);
    const share = found.accuracy;
    const accuracy = drawn.map(() => {
      let right = 0;
      for (let i = 0; i < 400; ++i) right += Number(random.next() < share);
      return right / 400;
    });
    expect(found.accuracyError / deviation(accuracy)).toBeGreaterThan(0.93);
    expect(found.accuracyError / deviation(accuracy)).toBeLessThan(1.12);
    expect(found.recallError[2]).toBe(shareError(found.confusion[8], 40));
  });

  test("stand beside mixing, trustworthiness, neighbors kept and the noise of seeds", async () => {
    const {labels, vectors} = cells(90, 1);
    const map = Float32Array.from({length: 180}, (_, i) => vectors[8 * (i >> 1) + (i & 1)]);
    const batches = Int32Array.from({length: 90}, (_, i) => (i < 40 ? 0 : 1));
    const mixing = await batchMixing(vectors, 8, batches, {labels});
    expect(mixing.observedError).toBeGreaterThan(0);
    expect(mixing.observedError, "more cells than any class").toBeLessThan(mixing.classes[2].observedError);
    expect((await trustworthiness(vectors, 8, map, 15)).error).toBeGreaterThan(0);
    expect((await trustworthiness(map, 2, map, 15, {metric: "euclidean"})).error).toBe(0);
    const kept = await neighborOverlap(vectors, 8, map, 15);
    const shares = Array.from(kept.cells).flatMap((n, shared) => new Array<number>(n).fill(shared / 15));
    expect(kept.error).toBeCloseTo(meanError(shares), 12);

    const again = [2, 3, 4, 5].map((seed) => cells(90, seed, 0.3).vectors);
    const [one, two] = seedNoise(again, 8).averages;
    for (const figure of ["cosine", "relativeError", "overlap", "foundAgain"] as const) {
      expect(one.errors[figure], figure).toBeGreaterThan(0);
      expect(one.errors[figure], figure).toBeLessThan(0.2);
    }
    expect(two.errors.relativeError).toBeLessThan(one.errors.relativeError * 1.5);
  });
});

test.each([
  ["donor", true],
  ["donor_id", true],
  ["donorId", true],
  ["batch.1", true],
  ["orig.ident", true],
  ["experiment_sample_name", true],
  ["SampleID", true],
  ["split", true],
  ["protocol", true],
  ["cell_type", false],
  ["sample_cell_type", false],
  ["batch_cluster", false],
  ["condition", false],
  ["total_counts", false],
  ["brain_region", false],
  ["transplant", false]
])("a column called %s looks like a batch: %s", (name, expected) => {
  expect(isBatchColumn(name)).toBe(expected);
});
