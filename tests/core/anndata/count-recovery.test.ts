import {describe, expect, test} from "vitest";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import {findCountRecovery} from "../../../src/components/core/anndata/count-recovery.js";
import {countScales, recoverCounts} from "../../../src/components/core/anndata/recover-counts.js";
import {createRandom} from "../../../src/components/core/random.js";
import {fakeReader} from "./fake-reader.js";
import {openFixture} from "./open.js";

const generator = createRandom(11);
const random = () => generator.next();
/** Counts as cells have them: mostly ones and twos, a few large. */
const counts = (genes: number, scale = 1) =>
  Float64Array.from({length: genes}, () => scale * Math.ceil(Math.exp(random() ** 3 * 7)));
const block = (rows: readonly ArrayLike<number>[]) => {
  const values = Float32Array.from(rows.flatMap((row) => Array.from(row)));
  const indptr = Int32Array.from([
    0,
    ...rows.map((_, i) => rows.slice(0, i + 1).reduce((sum, row) => sum + row.length, 0))
  ]);
  return {
    rows: Int32Array.from(rows.keys()),
    nCols: 5000,
    indptr,
    values,
    indices: Int32Array.from(rows.flatMap((row) => Array.from({length: row.length}, (_, k) => k)))
  };
};
const logged = (cell: Float64Array, target: number, base: number) => {
  const total = cell.reduce((sum, count) => sum + count, 0);
  return cell.map((count) => Math.log1p((count / total) * target) / Math.log(base));
};

describe("counts behind logarithms", () => {
  test.each([
    [10_000, Math.E],
    [1_000_000, Math.E],
    [10_000, 2],
    [1e5, 10]
  ])("are found again: scaled to %d, base %d", (target, base) => {
    const cells = Array.from({length: 20}, (_, i) => counts(50 + 100 * i));
    const found = recoverCounts(block(cells.map((cell) => logged(cell, target, base))), {base, label: ""});
    found.forEach(({counts: whole, recovered, error, factor}, i) => {
      expect(recovered).toBe(true);
      expect(whole).toEqual(cells[i]);
      expect(error).toBeLessThan(0.01);
      expect(factor * cells[i].reduce((sum, count) => sum + count, 0)).toBeCloseTo(target, -Math.log10(target) + 4);
    });
  });

  test("are found where no gene has a count of one", () => {
    const cell = Float64Array.from({length: 300}, (_, i) => 2 + (i % 9));
    const [found] = recoverCounts(block([logged(cell, 10_000, Math.E)]), countScales[0]);
    expect(found.counts).toEqual(cell);
  });

  test("are refused where values are multiples of nothing", () => {
    const cells = Array.from({length: 10}, () => Float64Array.from({length: 200}, () => 0.2 + 3 * random()));
    for (const scale of countScales) {
      for (const {recovered, counts: whole, error} of recoverCounts(block(cells), scale)) {
        expect(recovered).toBe(false);
        expect(whole).toHaveLength(0);
        expect(error).toBeGreaterThan(0.3);
      }
    }
  });

  test("are refused in a cell with a negative value or NaN, and an empty cell has none", () => {
    const [negative, nan, empty] = recoverCounts(block([[0.5, -0.1, 0.7], [0.5, NaN, 0.7], []]), countScales[0]);
    expect([negative.recovered, nan.recovered, empty.recovered]).toEqual([false, false, true]);
    expect([...empty.counts]).toEqual([]);
  });
});

describe("recovery from a file", () => {
  test("finds scale, target and counts of a log-normalized matrix", async () => {
    const [perRow, nRows] = [40, 60];
    const count = (entry: number) => 1 + ((entry * 7) % 23);
    const total = (row: number) =>
      Array.from({length: perRow}, (_, k) => count(row * perRow + k)).reduce((sum, value) => sum + value, 0);
    const value = (entry: number) => Math.log1p((count(entry) / total(Math.floor(entry / perRow))) * 10_000);
    const found = await findCountRecovery(openAnnData(fakeReader({nRows, nCols: 100, perRow, value})), "X", null);
    expect(found).toMatchObject({
      possible: true,
      complete: true,
      cells: nRows,
      recovered: nRows,
      unscaled: false,
      scale: {base: Math.E}
    });
    expect(found.target).toBeCloseTo(10_000, 0);
    found.rows.forEach((row, i) => expect([row, found.totals[i]]).toEqual([row, total(row)]));
    expect(found.why).toMatch(/^undoing ln\(1 \+ x\) gives whole numbers in 60 of 60 cells/);
  });

  test("sees that counts were never scaled, and looks at the cells asked for", async () => {
    const reader = fakeReader({
      nRows: 60,
      nCols: 100,
      perRow: 40,
      value: (entry) => Math.log1p(1 + ((entry * 7) % 23))
    });
    const found = await findCountRecovery(openAnnData(reader), "X", Int32Array.of(3, 5, 8));
    expect(found).toMatchObject({possible: true, unscaled: true, target: null});
    expect([...found.rows]).toEqual([3, 5, 8]);
  });

  test("does not believe cells of few values, which come out whole by chance", async () => {
    const reader = fakeReader({nRows: 200, nCols: 100, perRow: 2, value: (entry) => 0.3 + ((entry * 0.618034) % 1)});
    const found = await findCountRecovery(openAnnData(reader), "X", null);
    expect(found.recovered).toBe(found.cells);
    expect(found).toMatchObject({
      possible: false,
      why: "its cells have too few different values, too far from whole numbers, to tell whether they are multiples of something"
    });
  });

  test("refuses a scaled matrix in words", async () => {
    const found = await findCountRecovery(await openFixture("values-scaled"), "X", null);
    expect(found.possible).toBe(false);
    expect(found.why).toMatch(/only 0 of \d+ cells turn out whole numbers/);
  });
});
