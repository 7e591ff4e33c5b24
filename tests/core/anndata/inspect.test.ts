import {describe, expect, it} from "vitest";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import {wholeUpTo} from "../../../src/components/core/anndata/describe-matrix.js";
import {inspectAnnData} from "../../../src/components/core/anndata/inspect.js";
import type {Inspection, InspectOptions} from "../../../src/components/core/anndata/inspect.js";
import {fakeReader} from "./fake-reader.js";
import {logReads, openFixture, openFixtureReader} from "./open.js";

const genes = new Set(["TP53", "GAPDH", "ACTB", "CD3E", "MS4A1", "NKG7", "LYZ", "PPBP", "FOXP3", "CD8A"]);

async function inspect(name: string, options: Partial<InspectOptions> = {}): Promise<Inspection> {
  const anndata = await openFixture(name);
  try {
    const found = await inspectAnnData(anndata, {genes, ...options});
    expect(JSON.parse(JSON.stringify(found))).toEqual(found); // plain JSON: nothing is lost on the way to a page
    return found;
  } finally {
    anndata.close();
  }
}

describe("a file that is fine", () => {
  it("is described, without a problem", async () => {
    const found = await inspect("values-empty-cells");
    expect(found).toMatchObject({
      file: {name: "values-empty-cells.h5ad"},
      layout: "anndata 0.1.0",
      nObs: 12,
      nVar: 9,
      matrix: {name: "X", isCounts: true},
      genes: {
        source: "var_names",
        nGenes: 9,
        aligned: 9,
        countShare: 1,
        better: null,
        examples: ["TP53", "GAPDH", "ACTB", "CD3E", "MS4A1"]
      },
      duplicates: {cells: {count: 0, first: null}, genes: {count: 0, first: null}},
      problems: []
    });
    expect(found.matrices).toMatchObject([
      {
        name: "X",
        encoding: "csr",
        nRows: 12,
        nCols: 9,
        dtype: "float32",
        indexDtype: "int32",
        compression: [],
        fault: null,
        evidence: {verdict: "counts"}
      }
    ]);
    expect(found.matrices[0]).not.toHaveProperty("place");
  });

  it("with counts beside X has no problem either", async () => {
    expect((await inspect("values-counts-in-layer")).problems).toEqual([]);
    const raw = await inspect("values-counts-in-raw");
    expect(raw.problems).toEqual([]);
    expect(raw.genes).toMatchObject({source: "raw/var/feature_name", aligned: 9, nGenes: 9});
  });

  it("tells the share of counts on genes that the model knows", async () => {
    const few = await inspect("values-empty-cells", {genes: new Set(["TP53"])});
    expect(few.genes.aligned).toBe(1);
    expect(few.genes.countShare).toBeGreaterThan(0.05);
    expect(few.genes.countShare).toBeLessThan(0.5);
    expect(few.problems.map(({code}) => code)).toEqual(["few-genes-in-common"]);
  });
});

it("says once, and exactly, where a matrix is damaged", async () => {
  const {problems, matrices} = await inspect("faults/indptr-falls");
  expect(problems[0]).toMatchObject({code: "damaged-matrix", place: "/X/indptr"});
  expect(problems[0].message).not.toMatch(/\/X/);
  expect(matrices[0].fault).toMatch(/are damaged: entry 2 is 3/);
});

it("reads the sample of a large matrix once", async () => {
  const reader = fakeReader({nRows: 20_000, nCols: 1000, perRow: 400, chunk: 1 << 20, unpacked: true});
  const aligned = new Set(Array.from({length: 100}, (_, k) => `gene${k}`));
  const found = await inspectAnnData(openAnnData(reader), {genes: aligned});
  expect(found.genes.countShare).toBeCloseTo(0.25, 6); // columns 0 to 399 hold counts, all alike
  expect(found.matrices[0].evidence).toMatchObject({verdict: "counts", complete: false});
  const values = reader.reads.filter(({place}) => place === "/X/data").reduce((sum, {count}) => sum + count, 0);
  expect(values).toBe(found.matrices[0].evidence!.valuesExamined);
  expect(values).toBeLessThanOrEqual(wholeUpTo / 2);
});

describe("a file that is inspected under a choice, too", () => {
  it("has its values read once, and its answers are those of a file that was opened for that choice alone", async () => {
    const reader = logReads(await openFixtureReader("values-counts-in-layer"));
    const anndata = openAnnData(reader);
    const ofValues = () => reader.reads.filter(({place}) => /^\/(X|layers|raw)\b/.test(place)).length;
    try {
      const byRule = await inspectAnnData(anndata, {genes});
      const once = ofValues();
      expect(once).toBeGreaterThan(0);
      const names = byRule.matrices.map(({name}) => name);
      expect(names.length).toBeGreaterThan(1);
      for (const matrix of names) {
        const chosen = await inspectAnnData(anndata, {genes, matrix});
        expect(chosen).toEqual(await inspect("values-counts-in-layer", {matrix}));
      }
      expect(ofValues()).toBe(once);
    } finally {
      anndata.close();
    }
  });
});

describe("each fault has its own answer", () => {
  const cases: [file: string, codes: string[], says: RegExp, remedy: RegExp][] = [
    [
      "values-nan",
      ["nan", "no-counts"],
      /matrix X is invalid: 1 value is NaN, the first in row 2, column 3/,
      /replace such values/
    ],
    ["values-infinite", ["infinite", "no-counts"], /1 value is infinite/, /replace such values/],
    [
      "values-negative",
      ["negative", "no-counts"],
      /are negative, the first \(-1\) in row 5, column 0/,
      /put raw counts into/
    ],
    ["values-scaled", ["negative", "no-counts"], /matrix X is scaled/, /cannot be turned back/],
    [
      "values-non-integer",
      ["non-integer", "no-counts"],
      /not whole numbers \(0\.5 in row 3, column 2\)/,
      /put raw counts/
    ],
    ["values-log", ["non-integer", "no-counts"], /matrix X is log-normalized/, /with --matrix recovered:ln:X/],
    ["values-zero", ["all-zero", "no-counts"], /every value is zero/, /open a file with counts/],
    ["no-x", ["no-x"], /the file has no X/, /write the counts into X/],
    ["no-cells", ["no-cells"], /the file has no cells/, /a filter/],
    ["no-cells-csr", ["no-cells"], /the file has no cells/, /a filter/],
    ["no-genes", ["no-genes"], /the file has no genes/, /a filter/],
    [
      "genes-unknown",
      ["no-gene-in-common"],
      /none of the 9 gene names \(feature0, feature1, feature2, \.\.\.\) is known to the model$/,
      /feature_name/
    ],
    [
      "genes-mouse",
      ["other-species"],
      /the genes look like those of mouse or rat \(Tp53, .*: \d of 9 match the model's human symbols only in capitals, 0 as they are/,
      /give human cells, .*--repair-genes case takes \d names in capitals/
    ],
    [
      "genes-spike-in",
      ["no-gene-in-common"],
      /ERCC-00002, .*they look like Ensembl ids of human genes$/,
      /use var\/feature_name for the gene names instead: 8 of its 9/
    ],
    [
      "names-twice",
      ["duplicate-cells", "duplicate-genes"],
      /1 cell has a name that stands more than once, "c0" for one/,
      /obs_names_make_unique/
    ],
    ["compressed/snappy", ["unknown-compression", "no-counts"], /filter 32003 \(Snappy\)/, /compression="gzip"/],
    ["compressed/damaged-gzip", ["damaged-data", "no-counts"], /a block of data cannot be unpacked$/, /download/],
    ["faults/too-few-rows", ["damaged-matrix", "no-counts"], /it has 12 rows for 15 cells/, /write_h5ad/],
    ["faults/column-outside", ["damaged-matrix", "no-counts"], /row 0 has an entry in column 9 of 9/, /write_h5ad/],
    ["faults/external-link", ["external-link", "no-counts"], /keeps this part in another file/, /write/]
  ];
  for (const [file, codes, says, remedy] of cases) {
    it(`${file}: ${codes.join(", ")}`, async () => {
      const {problems} = await inspect(file);
      expect(problems.map(({code}) => code)).toEqual(codes);
      expect(problems[0].message).toMatch(says);
      expect(problems[0].remedy).toMatch(remedy);
      const harmless = file === "names-twice";
      expect(problems.every(({severity}) => severity === (harmless ? "warning" : "error"))).toBe(true);
    });
  }

  it("where no matrix can be read, to name one is not offered", async () => {
    const {problems} = await inspect("faults/too-few-rows");
    expect(problems[1]).toMatchObject({code: "no-counts", remedy: "write the file again with anndata's write_h5ad"});
    expect((await inspect("values-negative")).problems[1].remedy).toMatch(/name the matrix to use all the same/);
  });

  it("a matrix that the caller asks for is a warning, not an error", async () => {
    const found = await inspect("values-log", {matrix: "X"});
    expect(found.matrix).toMatchObject({name: "X", isCounts: false});
    expect(found.problems).toMatchObject([{code: "non-integer", severity: "warning"}]);
  });

  it("the column that was offered is taken", async () => {
    const found = await inspect("genes-spike-in", {geneColumn: "feature_name"});
    expect(found.genes).toMatchObject({source: "var/feature_name", aligned: 8});
    expect(found.problems).toEqual([]);
  });

  it("a column that fits better is pointed out", async () => {
    const {problems} = await inspect("genes-ensembl", {geneColumn: "gene_symbols"});
    expect(problems).toMatchObject([
      {code: "better-gene-column", severity: "warning", remedy: "use var/feature_name for the gene names instead"}
    ]);
  });

  it("nothing but 0 and 1 is worth a word", async () => {
    const {problems} = await inspect("encodings", {matrix: "layers/dense_bool"});
    expect(problems.find(({code}) => code === "binary")).toMatchObject({severity: "warning"});
  });
});
