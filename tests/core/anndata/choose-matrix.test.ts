import {describe, expect, it} from "vitest";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import {chooseMatrix} from "../../../src/components/core/anndata/choose-matrix.js";
import {describeMatrix, wholeUpTo} from "../../../src/components/core/anndata/describe-matrix.js";
import {searchOrder} from "../../../src/components/core/anndata/search-order.js";
import {throwNoCounts} from "../../../src/components/core/anndata/throw-no-counts.js";
import {fakeReader} from "./fake-reader.js";
import {openFixture} from "./open.js";

describe("what the values of a matrix are", () => {
  const cases: [file: string, verdict: string, why: RegExp][] = [
    ["genes-mouse", "counts", /^all \d+ nonzero values looked at are whole numbers, the largest \d+$/],
    ["values-nan", "invalid", /^1 value is NaN, the first in row 2, column 3$/],
    ["values-infinite", "invalid", /^1 value is infinite, the first in row 4, column 1$/],
    ["values-negative", "invalid", /are negative, the first \(-1\) in row 5, column 0$/],
    [
      "values-non-integer",
      "normalized",
      /are not whole numbers \(0\.5 in row 3, column 2\), the others are: corrected or estimated counts/
    ],
    ["values-log", "log-normalized", /expm1 of every cell adds up to 10000$/],
    ["values-normalized", "normalized", /every cell adds up to 10000$/],
    ["values-scaled", "scaled", /centered or scaled data$/],
    ["values-zero", "empty", /^every value is zero$/],
    ["no-cells", "empty", /^it has no cells$/],
    ["no-cells-csr", "empty", /^it has no cells$/],
    ["no-genes", "empty", /^it has no genes$/]
  ];
  for (const [file, verdict, why] of cases) {
    it(`${file}: ${verdict}`, async () => {
      const anndata = await openFixture(file);
      const evidence = await describeMatrix(anndata, "X");
      expect(evidence).toMatchObject({matrix: "X", verdict, complete: true});
      expect(evidence.why).toMatch(why);
      anndata.close();
    });
  }

  it("a few fractions among whole numbers are no logarithms, many are, and a fraction is shown as one", async () => {
    const judge = async (value: (entry: number) => number) =>
      describeMatrix(openAnnData(fakeReader({nRows: 40, nCols: 10, perRow: 5, value})), "X");
    const few = await judge((k) => (k % 50 === 7 ? 2.5 : 1 + (k % 4)));
    expect(few).toMatchObject({verdict: "normalized", nonInteger: 4});
    expect(few.why).toBe(
      "2 % of nonzero values are not whole numbers (2.5 in row 1, column 2), " +
        "the others are: corrected or estimated counts, it seems"
    );
    expect(await judge((k) => Math.log2(1 + (k % 3 === 0 ? 2 : 1 + (k % 2))))).toMatchObject({
      verdict: "log-normalized"
    });
    expect((await judge((k) => (k === 0 ? 3.001100063323974 : 4))).why).toMatch(/\(3\.0011 in row 0, column 0\)/);
  });

  it("the figures are those of the values", async () => {
    const anndata = await openFixture("encodings");
    expect(await describeMatrix(anndata, "layers/csr_unsorted_twice_zero")).toMatchObject({
      valuesExamined: 4,
      fractionNonzero: 4 / (12 * 9),
      min: 2,
      max: 16.5,
      nonInteger: 1,
      negative: 0,
      nan: 0,
      infinite: 0,
      firstNonInteger: {row: 1, column: 2, value: 16.5},
      rowsExamined: 12
    });
    expect(await describeMatrix(anndata, "layers/csc_strange")).toMatchObject({
      nan: 1,
      infinite: 1,
      negative: 1,
      min: -2.5
    });
    anndata.close();
  });

  it("the same values get the same verdict from every encoding", async () => {
    const anndata = await openFixture("encodings");
    const {matrix: _, ...expected} = await describeMatrix(anndata, "X");
    const same = anndata.matrices.filter(({name}) => !/strange|twice|empty|bool/.test(name));
    expect(same.length).toBeGreaterThan(25);
    for (const {name} of same) expect(await describeMatrix(anndata, name)).toEqual({matrix: name, ...expected});
    anndata.close();
  });
});

describe("a matrix too large to be looked at whole", () => {
  const size = {nRows: 200_000, nCols: 20_000, perRow: 1000};

  it("is sampled from its first rows to its last, about two million values, the same every time", async () => {
    const reader = fakeReader(size);
    const anndata = openAnnData(reader);
    const evidence = await describeMatrix(anndata, "X");
    expect(evidence).toMatchObject({verdict: "counts", complete: false, max: 5, fractionNonzero: 1000 / 20_000});
    expect(evidence.valuesExamined).toBeGreaterThan(1_900_000);
    expect(evidence.valuesExamined).toBeLessThanOrEqual(2_000_000);
    const read = reader.reads.reduce((sum, {count}) => sum + count, 0);
    expect(read).toBeLessThan(2 * 2_000_000 + 20 * 65_536);
    const before = [...reader.reads];
    reader.reads.length = 0;
    expect(await describeMatrix(anndata, "X")).toEqual(evidence);
    expect(reader.reads).toEqual([]);
    expect(await describeMatrix(openAnnData(reader), "X")).toEqual(evidence);
    expect(reader.reads).toEqual(before);
    for (const row of [0, 199_999]) {
      const bad = openAnnData(fakeReader({...size, value: (k) => (Math.floor(k / 1000) === row ? -1 : 2)}));
      expect(await describeMatrix(bad, "X")).toMatchObject({
        verdict: "invalid",
        firstNegative: {row, column: 0, value: -1}
      });
    }
  });

  it("of columns is sampled by its columns", async () => {
    const reader = fakeReader({nRows: 30_000, nCols: 20_000, perRow: 5000, encoding: "csc"});
    const anndata = openAnnData(reader);
    const evidence = await describeMatrix(anndata, "X");
    expect(evidence).toMatchObject({verdict: "counts", complete: false, max: 5, valuesExamined: wholeUpTo / 2});
    expect(evidence.fractionNonzero).toBeCloseTo(5000 / 30_000, 6);
    expect(reader.reads.reduce((sum, {count}) => sum + count, 0)).toBeLessThan(wholeUpTo + 16 * 20_001 * 3);
    const half = fakeReader({
      nRows: 30_000,
      nCols: 20_000,
      perRow: 5000,
      encoding: "csc",
      value: (k) => (k === 99_999_999 ? 0.5 : 1)
    });
    expect(await describeMatrix(openAnnData(half), "X")).toMatchObject({
      firstNonInteger: {row: 4999, column: 19_999, value: 0.5}
    });
  });
});

describe("the matrix of counts", () => {
  it("is X where X holds counts, and nothing else is looked at", async () => {
    const anndata = await openFixture("encodings");
    const choice = await chooseMatrix(anndata);
    expect(choice.chosen?.name).toBe("X");
    expect(choice.candidates).toHaveLength(1);
    expect(choice.reason).toMatch(/^X holds counts: all/);
    anndata.close();
  });

  it("is raw/X where X is log-normalized, and the reason says so", async () => {
    const anndata = await openFixture("values-counts-in-raw");
    const choice = await chooseMatrix(anndata);
    expect(choice).toMatchObject({chosen: {name: "raw/X", nCols: 9}, isCounts: true});
    expect(choice.reason).toMatch(/^raw\/X holds counts: .* \(X is log-normalized: /);
    anndata.close();
  });

  it("is the layer named counts before any other that holds counts", async () => {
    const anndata = await openFixture("values-counts-in-layer");
    expect(searchOrder(anndata)).toEqual([
      "X",
      "layers/counts",
      "layers/spliced",
      "layers/log_counts",
      "layers/scaled"
    ]);
    const choice = await chooseMatrix(anndata);
    expect(choice.chosen?.name).toBe("layers/counts");
    const all = await chooseMatrix(anndata, {all: true});
    expect(all.chosen?.name).toBe("layers/counts");
    expect(all.candidates.map(({name, evidence}) => `${name} ${evidence?.verdict}`)).toEqual([
      "X log-normalized",
      "layers/counts counts",
      "layers/spliced counts",
      "layers/log_counts log-normalized",
      "layers/scaled scaled"
    ]);
    anndata.close();
  });

  it("is whatever the caller asks for, and is looked at all the same", async () => {
    const anndata = await openFixture("values-counts-in-raw");
    const choice = await chooseMatrix(anndata, {matrix: "X"});
    expect(choice).toMatchObject({chosen: {name: "X"}, isCounts: false});
    expect(choice.reason).toMatch(/^X was asked for; it does not hold counts, it is log-normalized: /);
    await expect(chooseMatrix(anndata, {matrix: "layers/counts"})).rejects.toThrow(
      /has no matrix layers\/counts: choose one of X, raw\/X/
    );
    anndata.close();
  });

  it("is none where none holds counts, and each candidate's reason is told", async () => {
    const anndata = await openFixture("values-log");
    const choice = await chooseMatrix(anndata);
    expect(choice).toMatchObject({chosen: null, isCounts: false});
    expect(() => throwNoCounts(anndata, choice)).toThrow(/values-log\.h5ad holds no counts: X is log-normalized: /);
    anndata.close();
    const nothing = await openFixture("no-x");
    const none = await chooseMatrix(nothing);
    expect(() => throwNoCounts(nothing, none)).toThrow(expect.objectContaining({code: "no-x", domain: "matrix"}));
    nothing.close();
  });

  it("stops when told to", async () => {
    const anndata = openAnnData(fakeReader({nRows: 200_000, nCols: 20_000, perRow: 1000}));
    await expect(chooseMatrix(anndata, {signal: AbortSignal.abort()})).rejects.toMatchObject({name: "AbortError"});
  });
});
