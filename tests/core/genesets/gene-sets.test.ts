import {readFileSync} from "node:fs";
import {expect, test} from "vitest";
import {parseGmt} from "../../../src/components/core/genesets/parse-gmt.js";
import {scoreGeneSets} from "../../../src/components/core/genesets/score-gene-sets.js";

const fixture = JSON.parse(readFileSync("tests/fixtures/answers/gene-sets.json", "utf8")) as {
  genes: number;
  indptr: number[];
  indices: number[];
  values: number[];
  sets: number[][];
  expected: number[][];
};

const block = (values: Float32Array) => ({
  rows: Int32Array.from({length: fixture.indptr.length - 1}, (_, i) => i),
  nCols: fixture.genes,
  indptr: Int32Array.from(fixture.indptr),
  indices: Int32Array.from(fixture.indices),
  values
});

test("scores of gene sets equal UCell's formula (tests/reference/answer_oracles.py)", () => {
  const sets = fixture.sets.map((columns, i) => ({name: `${i}`, columns: Int32Array.from(columns)}));
  const found = scoreGeneSets(block(Float32Array.from(fixture.values)), sets);
  fixture.expected.flat().forEach((value, i) => expect(found[i]).toBeCloseTo(value, 12));
  expect(new Set(found).size).toBeGreaterThan(20);
});

test("a cell with values that are no counts, and a set without genes, have no score", () => {
  const values = Float32Array.from(fixture.values);
  values[0] = NaN;
  const sets = [
    {name: "one", columns: Int32Array.of(3)},
    {name: "none", columns: new Int32Array(0)}
  ];
  const found = scoreGeneSets(block(values), sets);
  expect([found[0], found[1], found[3]]).toEqual([NaN, NaN, NaN]);
  expect(found[2]).not.toBeNaN();
});

test("a GMT file gives sets by name, each gene once", () => {
  expect(parseGmt("B cells\thttp\tMS4A1\tCD79A\tMS4A1\t\r\n\nT\t\tCD3D\n", "x.gmt")).toEqual([
    {name: "B cells", genes: ["MS4A1", "CD79A"]},
    {name: "T", genes: ["CD3D"]}
  ]);
});

test.for([
  ["", /it has no sets/],
  ["A\tb\n", /line 1 has no name, or no genes/],
  ["A\tb\tC\nA\tb\tD", /two sets are called "A"/]
] as [string, RegExp][])("%j is no GMT file", ([text, words]) => {
  expect(() => parseGmt(text, "x.gmt")).toThrow(words);
});
