import {createHash} from "node:crypto";
import {expect, test} from "vitest";
import {samplingSeed, samplingSeeds} from "../../../src/components/core/cells/index.js";

const names = ["AAACATACAACCAC-1", "cellule nº 2", "AAACATACAACCAC-1", ""];
const rows = Int32Array.of(0, 1, 2, 3);
const cells = {nCells: names.length, names: () => names};

test("by row, seeds are the reference's, and names are not asked for", async () => {
  const seedOf = await samplingSeeds("row", rows, {nCells: 4, names: () => expect.unreachable()});
  for (const row of rows) for (const k of [0, 1, 7]) expect(seedOf(row, k)).toBe(samplingSeed(row, k, 4));
});

test("by name, seeds are the beginning of the name's SHA-256, whole numbers of their own for each sampling", async () => {
  const seedOf = await samplingSeeds("name", rows, cells);
  for (const row of rows) {
    const start = Number(`0x${createHash("sha256").update(names[row], "utf8").digest("hex").slice(0, 11)}`);
    expect(seedOf(row, 0)).toBe(start);
    const seeds = Array.from({length: 64}, (_, k) => seedOf(row, k));
    expect(seeds.every(Number.isSafeInteger)).toBe(true);
    expect(new Set(seeds.map((seed) => seed % 16 ** 11))).toEqual(new Set([start]));
    expect(new Set(seeds).size).toBe(64);
  }
  expect(seedOf(0, 0)).toBe(seedOf(2, 0));
  expect(new Set([0, 1, 3].map((row) => seedOf(row, 0))).size).toBe(3);
});

test("by name, a cell keeps its seed where the file is put in another order or cut", async () => {
  const seedOf = await samplingSeeds("name", Int32Array.of(1, 3), cells);
  const other = await samplingSeeds("name", Int32Array.of(0, 1), {nCells: 2, names: () => ["", "cellule nº 2"]});
  expect([other(0, 2), other(1, 2)]).toEqual([seedOf(3, 2), seedOf(1, 2)]);
});
