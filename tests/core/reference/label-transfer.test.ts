import {describe, expect, test} from "vitest";
import {createRandom} from "../../../src/components/core/random.js";
import {calibrateLabels} from "../../../src/components/core/reference/calibrate-labels.js";
import {encodeReference} from "../../../src/components/core/reference/encode-reference.js";
import {neighborVotes} from "../../../src/components/core/reference/neighbor-votes.js";
import {openReference} from "../../../src/components/core/reference/open-reference.js";
import type {Reference} from "../../../src/components/core/reference/reference.js";
import {transferLabels} from "../../../src/components/core/reference/transfer-labels.js";
import {calibrationError} from "../../../src/components/core/statistics/calibration-error.js";
import {reliability} from "../../../src/components/core/statistics/reliability.js";
import {exactDistance} from "../../../src/components/core/vectors/exact-distance.js";
import {nearestInOther} from "../../../src/components/core/vectors/nearest-in-other.js";

const width = 12;

/** Clouds of `each` points; the directions of `groups` are at right angles to each other. */
function cells(groups: readonly number[], each: number, spread: number, seed: number) {
  const random = createRandom(seed);
  const codes = Int32Array.from(groups.flatMap((group) => new Array<number>(each).fill(group)));
  const vectors = new Float32Array(codes.length * width);
  codes.forEach((code, cell) => {
    for (let i = 0; i < width; i += 1) vectors[cell * width + i] = (i === 2 * code ? 3 : 0) + spread * random.normal();
  });
  return {codes, vectors};
}

function reference(spread: number, each = 60): Reference {
  const {codes, vectors} = cells([0, 1, 2, 3], each, spread, 1);
  return {name: "clouds", vectors, width, names: ["a", "b", "c", "d"], codes, model: {name: "m", hash: "h"}};
}

describe("nearest cells of another set", () => {
  test("are those that comparing all pairs finds, in that order", async () => {
    const among = cells([0, 1], 100, 1, 1).vectors;
    const asked = cells([0, 1, 2], 40, 1, 2).vectors;
    asked.fill(0, 0, width); // has cosine 0 with all
    asked.set(among.subarray(0, width), width); // has the same direction as a cell of the other set
    const {indices, distances, k} = await nearestInOther(asked, among, width, 7);
    const both = new Float32Array([...among, ...asked]);
    const distance = exactDistance(both, width, "cosine");
    for (let cell = 0; cell < 120; cell += 1) {
      const order = [...Array(200).keys()].map((other) => ({other, far: distance(200 + cell, other)}));
      order.sort((a, b) => a.far - b.far || a.other - b.other);
      expect([...indices.subarray(cell * k, (cell + 1) * k)]).toEqual(order.slice(0, 7).map(({other}) => other));
      expect([...distances.subarray(cell * k, (cell + 1) * k)]).toEqual(order.slice(0, 7).map(({far}) => far));
    }
  });

  test("are as many as there are, and need some", async () => {
    expect((await nearestInOther(new Float32Array(width).fill(1), cells([0], 3, 1, 1).vectors, width, 9)).k).toBe(3);
    const none = nearestInOther(new Float32Array(width), new Float32Array(0), width, 3);
    await expect(none).rejects.toMatchObject({code: "too-few-cells"});
  });
});

test("votes go to the most frequent label, of equals to the nearer", () => {
  const neighbors = {
    count: 2,
    k: 4,
    indices: Int32Array.of(0, 1, 2, 3, 3, 1, 0, 2),
    distances: new Float64Array(8).fill(0.5)
  };
  const votes = neighborVotes(neighbors, Int32Array.of(0, 1, 1, 0));
  expect([...votes.codes]).toEqual([0, 0]);
  expect([...votes.shares]).toEqual([0.5, 0.5]);
  expect([...votes.distances]).toEqual([0.5, 0.5]);
});

test("the calibration error is the bins' mean distance between stated and right", () => {
  const bins = reliability([0.95, 0.95, 0.25, 1], [1, 1, 0, 1]);
  expect(bins[2]).toEqual({cases: 1, stated: 0.25, right: 0});
  expect(bins[9]).toEqual({cases: 3, stated: (0.95 + 0.95 + 1) / 3, right: 1});
  expect(bins[5]).toEqual({cases: 0, stated: null, right: null});
  expect(calibrationError(bins)).toBeCloseTo((0.05 * 2 + 0.25) / 4, 12);
  expect(calibrationError([])).toBeNaN();
});

describe("label transfer", () => {
  test("labels cells of the reference's kinds and calls others unknown", async () => {
    const known = reference(0.3);
    const calibration = await calibrateLabels(known);
    expect(calibration.heldOut.accuracy).toBe(1);
    expect(calibration.heldOut.unknown).toBeLessThan(0.05);
    expect(calibration.heldOut.labels.map(({unknownIfMissing}) => unknownIfMissing > 0.9)).toEqual([
      true,
      true,
      true,
      true
    ]);
    const asked = cells([0, 1, 2, 3, 4, 5], 30, 0.3, 3);
    const found = await transferLabels(asked.vectors, width, known, calibration);
    const told = (low: number, high: number) =>
      [...found.codes.keys()].filter((i) => asked.codes[i] >= low && asked.codes[i] <= high);
    expect(told(0, 3).filter((i) => found.codes[i] === asked.codes[i]).length).toBeGreaterThan(114);
    expect(told(4, 5).filter((i) => found.codes[i] === -1).length).toBeGreaterThan(57);
    expect(Math.min(...told(0, 3).map((i) => found.confidence[i]))).toBeGreaterThan(0.9);
  });

  test("states a confidence that comes true where kinds overlap", async () => {
    const {heldOut} = await calibrateLabels(reference(1.6, 250));
    expect(heldOut.accuracy).toBeGreaterThan(0.4);
    expect(heldOut.accuracy).toBeLessThan(0.95);
    expect(heldOut.calibrationError).toBeLessThan(0.08);
    expect(await calibrateLabels(reference(1.6))).toEqual(await calibrateLabels(reference(1.6)));
  });

  test("leaves cells without label out, and needs twenty with one of two", async () => {
    const known = reference(0.3);
    const fewer = {...known, codes: known.codes.map((code, i) => (i % 3 === 0 ? -1 : code))};
    expect((await calibrateLabels(fewer)).heldOut.cells).toBeLessThan(120);
    const few = {...known, codes: known.codes.map((code, i) => (i < 19 ? code : -1))};
    await expect(calibrateLabels(few)).rejects.toMatchObject({code: "too-few-cells"});
  });

  test("refuses vectors of another width", async () => {
    const known = reference(0.3);
    const calibration = await calibrateLabels(known);
    const asked = transferLabels(new Float32Array(8), 4, known, calibration);
    await expect(asked).rejects.toMatchObject({code: "other-width", message: expect.stringContaining("4 wide")});
  });
});

describe("a reference bundle", () => {
  const source = (files: Map<string, Uint8Array<ArrayBuffer>>) => ({
    name: "host",
    read: async (path: string) => files.get(path)!
  });
  const made = async () => {
    const known = reference(0.5);
    const calibration = await calibrateLabels(known);
    const map = Float32Array.from({length: known.codes.length * 2}, (_, i) => (i < 2 ? NaN : i));
    const stated = {name: "clouds", license: "CC0", citation: "", note: ""};
    const labeled = [{column: "kind", reference: known, calibration}];
    return {known, calibration, map, files: await encodeReference({labeled, map, provenance: null, stated})};
  };

  test("gives back labels, calibration and map as they were, and vectors within a 254th of each cell's largest number", async () => {
    const {known, calibration, map, files} = await made();
    const opened = await openReference(source(files), "kind");
    expect(opened.reference.codes).toEqual(known.codes);
    expect(opened.reference.names).toEqual(known.names);
    expect(opened.calibration).toEqual(calibration);
    expect(opened.map).toEqual(map);
    expect(opened.manifest).toMatchObject({license: "CC0", cells: 240, width, model: {hash: "h"}});
    expect(opened.manifest.relativeError).toBeLessThan(0.01);
    opened.reference.vectors.forEach((value, i) => {
      const row = known.vectors.subarray(Math.floor(i / width) * width, Math.floor(i / width + 1) * width);
      const largest = row.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
      expect(Math.abs(value - known.vectors[i])).toBeLessThanOrEqual(largest / 253);
    });
    expect((await made()).files).toEqual(files);
  });

  test("is refused where it is something else, damaged, or has no such labels", async () => {
    const {files} = await made();
    const other = openReference(source(new Map([["reference.json", new TextEncoder().encode("{}")]])), null);
    await expect(other).rejects.toMatchObject({code: "not-a-reference"});
    const damaged = new Map(files).set("vectors.int8", new Uint8Array(240 * width));
    await expect(openReference(source(damaged), null)).rejects.toMatchObject({code: "damaged"});
    const missing = openReference(source(files), "age");
    await expect(missing).rejects.toMatchObject({code: "no-such-column", message: expect.stringContaining("kind")});
  });
});
