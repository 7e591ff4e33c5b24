import {describe, expect, it} from "vitest";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import {alignGenes, cellSentence, normalize, samplingSeed} from "../../../src/components/core/cells/index.js";
import {streamRows} from "../../../src/components/core/anndata/stream-rows.js";
import type {Encoder} from "../../../src/components/core/embed/encoder.js";
import {uceBrainSentence} from "../../../src/components/core/convert/convert.js";
import {labelClasses} from "../../../src/components/core/pipeline/label-classes.js";
import type {PreparedCells} from "../../../src/components/core/pipeline/prepare-cells.js";
import {seedDraws} from "../../../src/components/core/pipeline/seed-draws.js";
import {spaceTrust, trustScores} from "../../../src/components/core/pipeline/trust-scores.js";
import {fakeReader} from "../anndata/fake-reader.js";
import {batches, labels, space, vectors} from "../space/fixture.js";

const {width, classes} = space;

describe("label classes", () => {
  it("numbers names in order, and leaves out what nobody labeled", () => {
    const found = labelClasses("type", ["b", "a", null, "Unknown", "b", "a", "n/a", "b"], 50);
    expect(found.names).toEqual(["a", "b"]);
    expect([...found.codes]).toEqual([1, 0, -1, -1, 1, 0, -1, 1]);
  });

  it("refuses a column that does not group cells, in words", () => {
    expect(() => labelClasses("id", ["a", "b", "c"], 50)).toThrow(
      /column id has 3 different values in these 3 cells.*several cells/
    );
    expect(() => labelClasses("one", ["a", "a", null], 50)).toThrow(/1 different value in/);
    expect(() =>
      labelClasses(
        "many",
        Array.from({length: 12}, (_, i) => String(i % 4)),
        3
      )
    ).toThrow(/2 to 3 groups/);
  });
});

describe("the scores of a space", () => {
  it("are the reference's: labels, across batches, and mixing within types", async () => {
    const found = await spaceTrust(vectors, width, {labels, classes, batches});
    expect([...found.labels.confusion]).toEqual(space.agreement.plain.confusion);
    expect([...found.acrossBatches!.confusion]).toEqual(space.agreement.acrossBatches.confusion);
    expect(found.mixing!.observed).toBeCloseTo(space.mixing.withinClass.observed, 12);
    expect(found.mixing!.expected).toBeCloseTo(space.mixing.withinClass.expected, 12);
  });

  it("tell how far they are, never backwards", async () => {
    const shares: number[] = [];
    await spaceTrust(
      vectors,
      width,
      {labels, classes, batches},
      {pauseEvery: 0, onProgress: (share) => void shares.push(share)}
    );
    expect(shares.length).toBeGreaterThan(6);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect([shares[0], shares.at(-1)]).toEqual([0, 1]);
  });

  it("leave cells of unknown batch out of what concerns batches only", async () => {
    const unknown = batches.map((batch, i) => (i % 7 === 0 ? -1 : batch));
    const found = await spaceTrust(vectors, width, {labels, classes, batches: unknown});
    expect([...found.labels.confusion]).toEqual(space.agreement.plain.confusion);
    const kept = labels.map((label, i) => (unknown[i] < 0 ? -1 : label));
    const without = await spaceTrust(vectors, width, {labels: kept, classes, batches});
    expect(found.acrossBatches).toEqual(without.acrossBatches);
    expect(found.mixing).toEqual(without.mixing);
  });

  it("have none of batches where types and batches are one, and none without batches", async () => {
    const one = labels.map((label) => Math.max(0, label));
    expect(await spaceTrust(vectors, width, {labels, classes, batches: one})).toMatchObject({
      acrossBatches: null,
      mixing: null
    });
    expect(await spaceTrust(vectors, width, {labels, classes})).toMatchObject({acrossBatches: null, mixing: null});
    await expect(spaceTrust(vectors, width, {labels, classes: 1, batches})).rejects.toThrow(/there are 1 classes/);
  });
});

it("components stand beside the model on the same cells, and cells that other batches cannot tell are counted", async () => {
  const anndata = openAnnData(fakeReader({nRows: 40, nCols: 12, perRow: 12, value: (k) => 1 + ((k * k) % 11)}));
  const rows = Int32Array.from({length: 20}, (_, i) => 2 * i);
  const place = Float32Array.from({length: 40}, (_, i) => Math.sin(i));
  const types = Int32Array.from({length: 20}, (_, i) => (i < 10 ? 0 : 1));
  // Type 0: two cells in batch 1, so the eight of batch 0 have too few elsewhere; type 1 has five and five.
  const ofBatch = Int32Array.from({length: 20}, (_, i) => (i < 10 ? Number(i >= 8) : i % 2));
  const found = await trustScores(anndata, "X", {
    rows,
    vectors: place,
    width: 2,
    labels: types,
    classes: 2,
    batches: ofBatch
  });
  expect(found.scarce).toBe(8);
  expect(found.nComponents).toBe(12);
  for (const {labels: plain, acrossBatches, mixing} of [found.model, found.components]) {
    expect([plain.count, acrossBatches!.count, mixing!.classes.map(({cells}) => cells)]).toEqual([20, 20, [10, 10]]);
  }
  expect(found.model.mixing!.expected).toBeCloseTo(found.components.mixing!.expected, 12);
});

describe("cells under several seeds", () => {
  const names = Array.from({length: 30}, (_, i) => `gene${i}`);
  const alignment = alignGenes(
    names,
    names.map((symbol, i) => ({symbol, token: 5000 + i, chromosome: 564 + (i % 3), start: 100 * i}))
  );
  const anndata = openAnnData(fakeReader({nRows: 9, nCols: 30, perRow: 30}));
  const rows = Int32Array.of(1, 4, 7);
  const prepared: Partial<PreparedCells> = {anndata, alignment, rows, matrix: anndata.matrix("X")};
  const constants = uceBrainSentence;

  /** A direction that every token and its place have a part in. */
  const directionOf = (tokens: Int32Array) => {
    const angle = tokens.reduce((sum, token, i) => (sum + token * (i + 1)) % 6007, 0);
    return [Math.cos(angle), Math.sin(angle)];
  };
  const encoder = (onCall = () => {}): Encoder => ({
    name: "fake",
    backend: "fake",
    compute: "fp32",
    storage: "fp32",
    limits: {maxBatch: 8, preferredBatch: 4},
    width: 2,
    async embed(tokens, batch, length) {
      onCall();
      return Float32Array.from({length: batch}, (_, i) => i).reduce(
        (out, i) => {
          out.set(directionOf(tokens.subarray(i * length, (i + 1) * length)), 2 * i);
          return out;
        },
        new Float32Array(2 * batch)
      );
    },
    async close() {}
  });

  it.each(["reference", "low-variance"] as const)(
    "have the vectors of their own sentences, %s sampling",
    async (sampling) => {
      const seen: number[] = [];
      const found = await seedDraws(prepared as PreparedCells, encoder(), {
        sampling,
        seeds: "row",
        draws: 3,
        constants,
        onProgress: (done, total) => void seen.push(done, total)
      });
      expect([...found.rows]).toEqual([1, 4, 7]);
      expect(found.sentences).toBe(9);
      expect(seen.slice(-2)).toEqual([9, 9]);
      for await (const block of streamRows(anndata, "X", {rows})) {
        normalize(block, alignment).forEach((cell, i) => {
          for (const [k, vectors] of found.draws.entries()) {
            const {tokens} = cellSentence(cell, alignment, {sampling, seed: samplingSeed(cell.row, k, 9), constants});
            expect([...vectors.subarray(2 * i, 2 * i + 2)]).toEqual([...Float32Array.from(directionOf(tokens!))]);
          }
        });
      }
      expect(found.draws[0]).not.toEqual(found.draws[1]);
    }
  );

  it("hear an abort between calls of the model", async () => {
    const stop = new AbortController();
    let calls = 0;
    const asked = seedDraws(
      prepared as PreparedCells,
      encoder(() => {
        calls += 1;
        setTimeout(() => stop.abort(), 0);
      }),
      {sampling: "reference", seeds: "row", draws: 8, constants, batch: 1, signal: stop.signal}
    );
    await expect(asked).rejects.toThrow(expect.objectContaining({name: "AbortError"}));
    expect(calls).toBeLessThan(4);
  });
});
