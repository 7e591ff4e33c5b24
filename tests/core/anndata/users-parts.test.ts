import {describe, expect, it} from "vitest";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import {fileTree} from "../../../src/components/core/anndata/file-tree.js";
import {geneNameCandidates, geneNames} from "../../../src/components/core/anndata/gene-names.js";
import {inspectAnnData} from "../../../src/components/core/anndata/inspect.js";
import {prepareCells} from "../../../src/components/core/pipeline/prepare-cells.js";
import {openH5File} from "../../../src/components/runtime/node-h5.js";
import {openUserFixture, usersFile} from "./users.js";

const symbols = ["TP53", "GAPDH", "ACTB", "CD3E", "MS4A1", "NKG7", "LYZ", "PPBP", "FOXP3"];
const genes = new Set(symbols);
const modelGenes = symbols.map((symbol, i) => ({symbol, token: i, chromosome: 1, start: i, tableRow: i}));

describe("a column of another length than its table", () => {
  it("is never laid on the genes: too long, it is refused with both lengths and its place", async () => {
    const anndata = await openUserFixture("gene-column-too-long");
    const says = /has 10 values, its table 9 rows.*\(at \/var\/feature_name\): choose another column/;
    expect(() => geneNames(anndata, {genes: "var"})).toThrow(says);
    expect(() => geneNames(anndata, {genes: "var"}, {column: "feature_name"})).toThrow(says);
    await expect(prepareCells(anndata, modelGenes, {matrix: null, geneColumn: null}, null)).rejects.toThrow(says);
    expect(geneNameCandidates(anndata, {genes: "var"}).map(({source}) => source)).toEqual(["var_names"]);
    anndata.close();
  });

  it("too short, likewise: users-files/gene_column_too_short", async (context) => {
    const path = usersFile("gene_column_too_short");
    if (path === null) return context.skip("../shared/data/users-files is not here");
    const anndata = openAnnData(await openH5File(path));
    const says = /has 140 values, its table 146 rows.*\(at \/var\/gene_name\)/;
    expect(() => geneNames(anndata, {genes: "var"})).toThrow(says);
    await expect(inspectAnnData(anndata, {genes})).rejects.toThrow(says);
    anndata.close();
  });

  it("is passed over where another one holds the names", async () => {
    const anndata = await openUserFixture("gene-column-spared");
    expect(geneNames(anndata, {genes: "var"})).toEqual({names: symbols, source: "var/gene_symbols", axis: "var"});
    const {problems} = await inspectAnnData(anndata, {genes});
    expect(problems).toMatchObject([
      {code: "unreadable-part", place: "/var/feature_name", message: expect.stringMatching(/has 8 values, its table 9/)}
    ]);
    anndata.close();
  });

  it("is refused of every kind: codes, values and masks", async () => {
    const anndata = await openUserFixture("obs-lengths");
    for (const name of ["short", "long_codes", "long_values"]) {
      expect(() => anndata.column("obs", name)).toThrow(expect.objectContaining({code: "column-length"}));
    }
    expect(() => anndata.column("obs", "short_mask")).toThrow(/its mask has 11 values, its data 12/);
    const known = anndata.columns("obs").map(({name, kind}) => [name, kind]);
    expect(known).toEqual([
      ["good", "numeric"],
      ["short", "other"],
      ["long_codes", "other"],
      ["long_values", "other"],
      ["short_mask", "other"]
    ]);
    anndata.close();
  });

  it("that is an index keeps its matrices from being read", async () => {
    const anndata = await openUserFixture("index-too-short");
    expect(() => anndata.matrix("X")).toThrow(/it has 9 columns for 8 genes/);
    anndata.close();
    const raw = await openUserFixture("raw-index-too-long");
    expect(() => raw.matrix("raw/X")).toThrow(/it has 9 columns for 10 genes/);
    expect(raw.matrix("X").fault).toBeNull();
    raw.close();
  });
});

describe("parts of encoding-type null are nothing", () => {
  it("no matrix, no column, no array, no fault", async () => {
    const anndata = await openUserFixture("null-parts");
    expect(anndata.matrices.map(({name, fault}) => [name, fault])).toEqual([["layers/counts", null]]);
    expect([anndata.columns("obs"), anndata.obsm, anndata.faults()]).toEqual([[], [], []]);
    const {problems, matrix} = await inspectAnnData(anndata, {genes});
    expect(matrix.name).toBe("layers/counts");
    expect(problems.map(({severity}) => severity)).toEqual(["info"]);
    anndata.close();
  });
});

describe("a part that cannot be read", () => {
  it("is marked with the reason and refuses nothing", async () => {
    const anndata = await openUserFixture("damaged-parts");
    const found = await inspectAnnData(anndata, {genes});
    expect(found.matrix.name).toBe("X");
    expect(found.obsm).toEqual([{name: "X_umap", nRows: 12, nCols: 2}]);
    const faults = Object.fromEntries(anndata.faults().map(({place, fault}) => [place, fault]));
    expect(faults).toEqual({
      "/obs/gone": expect.stringMatching(/leads nowhere \(to \/uns\/nowhere\)/),
      "/obs/snappy": expect.stringMatching(/filter 32003 \(Snappy\)/),
      "/obs/codes": expect.stringMatching(/row 0 has category 9 of 2/),
      "/obsm/X_pca": "it has 13 rows for 12 cells",
      "/obsm/far": expect.stringMatching(/another file, elsewhere\.h5, which is not read/)
    });
    expect(found.problems.map(({code, place}) => [code, place])).toEqual(
      Object.keys(faults).map((place) => ["unreadable-part", place])
    );
    expect(found.obs.find(({name}) => name === "codes")).toMatchObject({kind: "other", fault: /category 9/});
    expect(() => anndata.readObsm("far")).toThrow(/array far cannot be read.*choose one of X_umap/);
    const run = await prepareCells(anndata, modelGenes, {matrix: null, geneColumn: null}, null);
    expect(run.alignment.columns).toHaveLength(9);
    expect(fileTree(anndata.reader).children.find(({name}) => name === "varm")).toMatchObject({kind: "unreadable"});
    anndata.close();
  });

  it("that a matrix needs keeps that matrix from being read, and no other", async () => {
    const anndata = await openUserFixture("raw-var-gone");
    expect(anndata.matrices.map(({name}) => name)).toEqual(["X", "raw/X"]);
    expect(() => anndata.matrix("raw/X")).toThrow(/its genes cannot be read: .*leads nowhere \(to \/nowhere\)/);
    expect(anndata.matrix("X").fault).toBeNull();
    expect(anndata.faults()).toMatchObject([{place: "/layers"}]);
    anndata.close();
  });

  for (const [name, place, says] of [
    ["obs_column_link_gone", "/obs/linked", /another file, nowhere\.h5/],
    ["var_other_column_damaged", "/var/highly_variable_rank", /row 0 has category 9 of 2/]
  ] as const) {
    it(`users-files/${name}`, async (context) => {
      const path = usersFile(name);
      if (path === null) return context.skip("../shared/data/users-files is not here");
      const anndata = openAnnData(await openH5File(path));
      const {problems, matrix} = await inspectAnnData(anndata, {genes});
      expect(matrix.name).toBe("X");
      const [found] = problems.filter(({code}) => code === "unreadable-part");
      expect(found).toMatchObject({place, message: expect.stringMatching(says)});
      anndata.close();
    });
  }
});
