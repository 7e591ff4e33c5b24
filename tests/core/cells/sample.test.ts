import {describe, expect, test} from "vitest";
import {
  cumulativeDistribution,
  drawGenes,
  NumpyGenerator,
  placeInDistribution,
  samplingSeed
} from "../../../src/components/core/cells/index.js";
import type {RandomSource} from "../../../src/components/core/cells/index.js";

const choice = (seed: number, size: number, probabilities: Float32Array | Float64Array): number[] => [
  ...drawGenes(cumulativeDistribution(probabilities), size, "reference", new NumpyGenerator(seed))
];

/** Random probabilities over `length` genes, most of them 0, and the same without the zeros. */
function sparseAndDense(length: number, seed: number): {dense: Float32Array; genes: number[]; stored: Float32Array} {
  const generator = new NumpyGenerator(seed);
  const dense = Float32Array.from({length}, () => (generator.double() < 0.08 ? generator.double() ** 6 : 0));
  dense[0] = 0;
  const total = dense.reduce((sum, probability) => sum + probability, 0);
  for (let i = 0; i < length; ++i) dense[i] /= total;
  const genes = [...dense.keys()].filter((i) => dense[i] > 0);
  return {dense, genes, stored: Float32Array.from(genes, (i) => dense[i])};
}

/** A generator that always gives the same double. */
const constantSource = (u: number): RandomSource => ({
  double: () => u,
  fillDoubles: (out) => out.fill(u),
  shuffle: () => undefined
});

describe("reference sampling", () => {
  test.each([
    [42, [4, 2, 4, 3, 0, 4, 4, 4, 1, 2]],
    [0, [3, 1, 0, 0, 4, 4, 3, 3, 2, 4]],
    [1, [2, 4, 1, 4, 2, 2, 4, 2, 2, 0]]
  ])("seed %i draws what numpy's choice draws", (seed, drawn) => {
    expect(choice(seed, 10, Float64Array.of(0.1, 0.2, 0.3, 0.15, 0.25))).toEqual(drawn);
  });

  test("leaving zeros out draws the very genes that the dense distribution draws", () => {
    for (let seed = 0; seed < 6; ++seed) {
      const {dense, genes, stored} = sparseAndDense(3000, seed);
      const denseCdf = [...cumulativeDistribution(dense)];
      const uniform = [...new NumpyGenerator(seed).fillDoubles(new Float64Array(1024))];
      const expected = uniform.map((u) => denseCdf.findIndex((value) => value > u));
      expect(choice(seed, 1024, stored).map((place) => genes[place])).toEqual(expected);
    }
  });

  test("a number that falls on a step goes to the next gene, and 0 to the first that has probability", () => {
    const cdf = cumulativeDistribution(Float64Array.of(0, 0.25, 0.25, 0, 0.5));
    const draw = (u: number): number => drawGenes(cdf, 1, "reference", constantSource(u))[0];
    expect([0, 0.1, 0.25, 0.4999, 0.5, 1 - 2 ** -53].map(draw)).toEqual([1, 1, 2, 2, 4, 4]);
    expect([0, 0.1, 0.25, 0.4999, 0.5, 1 - 2 ** -53].map((u) => placeInDistribution(cdf, u))).toEqual([
      1, 1, 2, 2, 4, 4
    ]);
  });

  test("a number equal to any entry of the distribution goes past it", () => {
    const {stored} = sparseAndDense(3000, 3);
    const cdf = cumulativeDistribution(stored);
    const drawn = [...cdf.subarray(0, -1)].map((u) => drawGenes(cdf, 1, "reference", constantSource(u))[0]);
    // A probability too small to move the sum leaves two entries equal; the number goes past both.
    expect(drawn).toEqual([...cdf.subarray(0, -1)].map((u) => [...cdf].findIndex((value) => value > u)));
  });

  test("the last entry of the distribution is exactly 1, so that no number falls past it", () => {
    for (let seed = 0; seed < 50; ++seed) {
      expect(cumulativeDistribution(sparseAndDense(500, seed).stored).at(-1)).toBe(1);
    }
  });
});

describe("low-variance sampling", () => {
  test("each gene stands floor or ceil of its expected number of times", () => {
    for (let seed = 0; seed < 20; ++seed) {
      const {stored} = sparseAndDense(3000, seed);
      const cdf = cumulativeDistribution(stored);
      const drawn = drawGenes(cdf, 1024, "low-variance", new NumpyGenerator(seed));
      const times = new Float64Array(stored.length);
      for (const place of drawn) ++times[place];
      const wrong = times.filter((n, i) => {
        const expected = 1024 * (cdf[i] - (i === 0 ? 0 : cdf[i - 1]));
        return n < Math.floor(expected - 1e-9) || n > Math.ceil(expected + 1e-9);
      });
      expect([...wrong]).toEqual([]);
    }
  });

  test("takes the genes at (i + u) / size and no more than one number from the generator", () => {
    const {stored} = sparseAndDense(3000, 5);
    const cdf = cumulativeDistribution(stored);
    const generator = new NumpyGenerator(5);
    const drawn = drawGenes(cdf, 1024, "low-variance", generator);
    const beside = new NumpyGenerator(5);
    const u = beside.double();
    expect([...drawn]).toEqual(Array.from({length: 1024}, (_, i) => placeInDistribution(cdf, (i + u) / 1024)));
    expect(generator.state).toEqual(beside.state);
  });

  test("an offset that rounds up to 1 stays with the last gene", () => {
    const cdf = cumulativeDistribution(Float64Array.of(0.5, 0.5));
    expect((1023 + (1 - 2 ** -53)) / 1024).toBe(1);
    expect(drawGenes(cdf, 1024, "low-variance", constantSource(1 - 2 ** -53))[1023]).toBe(1);
  });
});

test("the seed of a cell's k-th sentence is its row plus k times the cells of the file", () => {
  expect([samplingSeed(7, 0, 100), samplingSeed(7, 1, 100), samplingSeed(99, 3, 100)]).toEqual([7, 107, 399]);
});
