import {describe, expect, it} from "vitest";
import {batchMixing} from "../../../src/components/core/space/batch-mixing.js";
import {labelAgreement} from "../../../src/components/core/space/label-agreement.js";
import {createRandom} from "../../../src/components/core/random.js";
import {trustworthiness} from "../../../src/components/core/space/trustworthiness.js";
import {vectorSpread} from "../../../src/components/core/space/vector-spread.js";
import {batches, labels, plane, space, vectors} from "./fixture.js";

const {width, classes} = space;

describe("trustworthiness", () => {
  it.each(["cosine", "euclidean"] as const)("is scikit-learn's, %s", async (metric) => {
    for (const [k, expected] of Object.entries(space.trustworthiness[metric])) {
      const trust = await trustworthiness(vectors, width, plane, Number(k), {metric});
      expect(trust.value).toBeCloseTo(expected, 10);
      expect(trust).toMatchObject({k: Number(k), asked: 300, count: 300});
    }
  });

  it("is 1 for a map that is the space, and low for a shuffled one", async () => {
    expect((await trustworthiness(plane, 2, plane, 10, {metric: "euclidean"})).value).toBe(1);
    const random = createRandom(8);
    const scattered = plane.map(() => random.normal());
    expect((await trustworthiness(plane, 2, scattered, 10, {metric: "euclidean"})).value).toBeLessThan(0.55);
  });

  it("of a sample is near that of all cells, and the same for the same seed", async () => {
    const options = {exactUpTo: 100, sample: 150, seed: 3};
    const sampled = await trustworthiness(vectors, width, plane, 15, options);
    expect(sampled.asked).toBe(150);
    expect(Math.abs(sampled.value - space.trustworthiness.cosine["15"])).toBeLessThan(0.03);
    expect(await trustworthiness(vectors, width, plane, 15, options)).toEqual(sampled);
    const whole = await trustworthiness(vectors, width, plane, 15, {exactUpTo: 100, sample: 300});
    expect(whole.value).toBeCloseTo(space.trustworthiness.cosine["15"], 10);
  });

  it("refuses where it is not defined, and maps of other cells", async () => {
    await expect(trustworthiness(vectors, width, plane, 150)).rejects.toThrow(
      /150 neighbors is not defined for 300 cells.* 1 to 149/
    );
    await expect(trustworthiness(vectors, width, plane.slice(2), 5)).rejects.toThrow(
      /map has 299 cells, the space 300/
    );
    await expect(trustworthiness(plane.slice(0, 4), 2, plane.slice(0, 4), 1)).rejects.toThrow(
      /not defined for 2 cells/
    );
  });
});

describe("label agreement", () => {
  it("is the reference's: accuracy, macro recall, confusion, majority; cells without label apart", async () => {
    const found = await labelAgreement(vectors, width, labels, classes);
    const {excluded, confusion, ...numbers} = space.agreement.plain;
    for (const [name, value] of Object.entries(numbers)) expect(found[name as "accuracy"]).toBeCloseTo(value, 12);
    expect([...found.confusion]).toEqual(confusion);
    expect(found.excluded).toEqual(excluded);
    expect([...found.recall]).toEqual(Array.from(found.support, (cells, i) => confusion[i * classes + i] / cells));
  });

  it("across batches is the reference's, classes of one batch left out", async () => {
    const found = await labelAgreement(vectors, width, labels, classes, {batches});
    const {excluded, confusion, ...numbers} = space.agreement.acrossBatches;
    for (const [name, value] of Object.entries(numbers)) expect(found[name as "accuracy"]).toBeCloseTo(value, 12);
    expect([...found.confusion]).toEqual(confusion);
    expect(found.excluded).toEqual([4]);
    expect(excluded).toEqual([4]);
    expect(found.recall[4]).toBeNaN();
  });

  it("gives a tie to the class whose nearest voter is nearest", async () => {
    const angles = [0, 0.1, -0.11, 0.12, -0.13, 2];
    const fan = Float32Array.from(angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)]));
    const found = await labelAgreement(fan, 2, Int32Array.of(2, 1, 0, 0, 1, 2), 3, {k: 4});
    expect(found.confusion[2 * 3 + 1]).toBeGreaterThan(0);
  });

  it("refuses labels that do not fit and too few cells", async () => {
    await expect(labelAgreement(vectors, width, labels.slice(1), classes)).rejects.toThrow(/299 labels .* 300 cells/);
    await expect(labelAgreement(vectors, width, labels, 2)).rejects.toThrow(/A label is \d where there are 2 classes/);
    await expect(
      labelAgreement(
        vectors,
        width,
        labels.map(() => -1),
        classes
      )
    ).rejects.toThrow(/Only 0 of the cells/);
  });
});

describe("batch mixing", () => {
  it.each([
    ["all", {}],
    ["withinClass", {labels}]
  ] as const)("is the reference's: %s", async (name, options) => {
    const found = await batchMixing(vectors, width, batches, options);
    const expected = space.mixing[name];
    expect(found.observed).toBeCloseTo(expected.observed, 12);
    expect(found.expected).toBeCloseTo(expected.expected, 12);
    expect(found.classes.map(({label, cells}) => ({label, cells}))).toEqual(
      expected.classes.map(({label, cells}) => ({label, cells}))
    );
    found.classes.forEach((ofClass, i) => {
      expect(ofClass.observed).toBeCloseTo(expected.classes[i].observed, 12);
      expect(ofClass.expected).toBeCloseTo(expected.classes[i].expected, 12);
    });
    expect(found.excluded).toEqual(name === "all" ? [] : [4]);
  });

  it("is what chance gives where batches are drawn at random, and none where they lie apart", async () => {
    const random = createRandom(5);
    const drawn = Int32Array.from(batches, () => (random.next() < 0.3 ? 1 : 0));
    const mixed = await batchMixing(vectors, width, drawn);
    expect(Math.abs(mixed.observed - mixed.expected)).toBeLessThan(0.03);
    const halves = Float32Array.from({length: 200}, (_, i) => (i < 100 ? 1 : -1) * (i % 2 === 0 ? 1 : 0.01 * i));
    expect(
      (
        await batchMixing(
          halves,
          2,
          Int32Array.from({length: 100}, (_, i) => (i < 50 ? 0 : 1))
        )
      ).observed
    ).toBe(0);
  });

  it("refuses a single batch", async () => {
    await expect(batchMixing(vectors, width, new Int32Array(300))).rejects.toThrow(/No class has cells of two batches/);
  });
});

describe("the spread of vectors", () => {
  it("is the reference's", () => {
    const {meanCosine, norm} = vectorSpread(vectors, width);
    expect(meanCosine).toBeCloseTo(space.spread.meanCosine, 12);
    for (const name of ["min", "mean", "max"] as const) expect(norm[name]).toBeCloseTo(space.spread.norm[name], 10);
  });

  it("shows a collapsed model", () => {
    const collapsed = vectors.map((value, i) => 0.001 * value + ((i % width) + 1));
    expect(vectorSpread(collapsed, width).meanCosine).toBeGreaterThan(0.9999);
  });

  it("has no cosine for fewer than two directions", () => {
    expect(vectorSpread(new Float32Array(0), 3)).toEqual({
      count: 0,
      norm: {min: NaN, mean: NaN, max: NaN},
      meanCosine: NaN
    });
    expect(vectorSpread(Float32Array.of(1, 0, 0, 0), 2).meanCosine).toBeNaN();
  });
});
