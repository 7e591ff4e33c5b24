import {existsSync, readFileSync} from "node:fs";
import {resolve} from "node:path";
import {describe, expect, it} from "vitest";
import {openAnnData, type AnnData} from "../../../src/components/core/anndata/anndata.js";
import {chooseMatrix} from "../../../src/components/core/anndata/choose-matrix.js";
import {geneNames} from "../../../src/components/core/anndata/gene-names.js";
import {countKnown} from "../../../src/components/core/anndata/count-known.js";
import {inspectAnnData} from "../../../src/components/core/anndata/inspect.js";
import {throwNoCounts} from "../../../src/components/core/anndata/throw-no-counts.js";
import {qualityMeter} from "../../../src/components/core/cells/quality.js";
import {streamRows} from "../../../src/components/core/anndata/stream-rows.js";
import {geneCounts} from "../../../src/components/core/pipeline/gene-counts.js";
import {prepareCells} from "../../../src/components/core/pipeline/prepare-cells.js";
import type {ModelGene} from "../../../src/components/core/types.js";
import {openH5File} from "../../../src/components/runtime/node-h5.js";
import {WorkbookError} from "../../../src/components/core/errors.js";
import {openNodeModel} from "../../../src/components/runtime/node-model.js";
import {matrixFacts, namesFacts, type NamesFacts} from "./facts.js";

/** What is right for a file, from tests/reference/choice_fixtures.py. */
interface Right {
  matrix: string | null;
  facts: {shape: number[]; nonzero: number; sum: number; sha: string} | null;
  names: NamesFacts;
  leftOut: {type: string; count: number; share: number}[];
  notes: string[];
}

const rightOf = (kind: string): [string, Right][] =>
  Object.entries(
    JSON.parse(readFileSync(resolve("tests/fixtures", `${kind}-expected.json`), "utf8")) as Record<string, Right>
  );
const symbols =
  `TP53 CD3E CD4 CD8A MS4A1 NKG7 LYZ PPBP FOXP3 GAPDH ACTB B2M MALAT1 S100A8 S100A9 CST3 FCGR3A GNLY CCR7 IL7R
  CD14 CD19 CD79A HLA-DRA FCER1A PTPRC EPCAM KRT8 KRT18 VIM`.split(/\s+/);
/** The model of these tests knows the symbols of the fixtures, at places of their own. */
const model: ModelGene[] = symbols.map((symbol, i) => ({
  ...({} as ModelGene),
  symbol,
  token: 100 + i,
  chromosome: 1,
  start: 1000 * i
}));
const noteCodes = new Set([
  "features-left-out",
  "feature-types-unreadable",
  "rounded-counts",
  "recovered-counts",
  "binary",
  "more-genes-elsewhere"
]);

async function open(path: string): Promise<AnnData> {
  return openAnnData(await openH5File(path));
}

/** Checks the choice, every count, the names and what is told, in `inspect` and in a run. */
async function check(path: string, right: Right, genes: readonly ModelGene[]): Promise<void> {
  const anndata = await open(path);
  try {
    const known = new Set(genes.map(({symbol}) => symbol));
    const choice = await chooseMatrix(anndata, {genes: known});
    const used = choice.chosen?.name ?? choice.recoverable?.name ?? null;
    expect(used).toBe(right.matrix);
    if (right.matrix === null || right.facts === null) return void expect(choice.isCounts).toBe(false);
    const info = anndata.matrix(right.matrix);
    const {shape, nonzero, sum, sha} = await matrixFacts(anndata, info);
    expect({shape, nonzero, sum, sha}).toEqual(right.facts);
    expect(namesFacts(geneNames(anndata, info).names)).toEqual(right.names);
    const matrix = choice.chosen === null ? right.matrix : undefined;
    const inspection = await inspectAnnData(anndata, {genes: known, matrix});
    expect(inspection.matrix).toMatchObject({name: right.matrix, isCounts: true});
    const told = inspection.problems.filter(({code}) => noteCodes.has(code));
    expect(told.map(({code}) => code)).toEqual(right.notes);
    const prepared = await prepareCells(anndata, genes, {matrix: matrix ?? null, geneColumn: null}, null);
    expect(prepared.matrix.name).toBe(right.matrix);
    const noticed = prepared.notices.filter(({code}) => noteCodes.has(code));
    expect(noticed.map(({code}) => code)).toEqual(right.notes);
    noticed.forEach(({message}, i) => expect(message.startsWith(told[i].message)).toBe(true));
    expect(inspection.problems.map(({code}) => code)).not.toContain("few-genes-in-common");
    const evidence = inspection.matrices.find(({name}) => name === right.matrix)!.evidence!;
    expect(evidence.leftOut.map(({type, count}) => ({type, count}))).toEqual(
      right.leftOut.map(({type, count}) => ({type, count}))
    );
    evidence.leftOut.forEach(({share}, i) => expect(share).toBeCloseTo(right.leftOut[i].share, 12));
  } finally {
    anndata.close();
  }
}

describe("of files that users have, the right values are read", () => {
  for (const [name, right] of rightOf("choice")) {
    it(name, () => check(resolve("tests/fixtures/choice", `${name}.h5ad`), right, model));
  }
});

describe("of the shared users' files, the right values are read", () => {
  for (const [name, right] of rightOf("users-files-choice")) {
    const path = resolve("../shared/data/users-files", `${name}.h5ad`);
    it(name, async (context) => {
      if (!existsSync(path)) return context.skip(`${path} is not here`);
      await check(path, right, (await openNodeModel(undefined)).genes);
    });
  }
});

const fixture = (name: string) => open(resolve("tests/fixtures/choice", `${name}.h5ad`));

describe("features that are not genes", () => {
  it("are in no total, no count of genes and no gene's counts, in any encoding", async () => {
    const totals: number[][] = [];
    for (const name of ["modality_mixed_csc", "modality_mixed_dense"]) {
      const anndata = await fixture(name);
      const {names} = geneNames(anndata, anndata.matrix("X"));
      expect(anndata.nVar).toBe(names.length);
      const meter = qualityMeter(names, anndata.nObs);
      const sums = new Float64Array(anndata.nObs);
      for await (const block of streamRows(anndata, "X")) meter.add(block);
      for (const gene of names)
        (await geneCounts(anndata, "X", gene, null, names)).counts.forEach((n, i) => (sums[i] += n));
      expect([...meter.result.totalCounts]).toEqual([...sums]);
      totals.push([...sums]);
      await expect(geneCounts(anndata, "X", "HTO1", null, names)).rejects.toThrow(/no gene called HTO1/);
      anndata.close();
    }
    expect(totals[0]).toEqual(totals[1]);
  });

  it("are not told apart by a column that cannot be read: nothing is computed then, and the way out is told", async () => {
    const reader = await openH5File(resolve("tests/fixtures/choice", "unknown_beside_expression.h5ad"));
    const damaged = (place: string) => place === "/var/FeatureType";
    const fault = new WorkbookError({
      domain: "file",
      code: "damaged-data",
      fault: "a block is damaged",
      remedy: "copy it"
    });
    const anndata = openAnnData({
      ...reader,
      read(place, selection) {
        if (damaged(place)) throw fault;
        return reader.read(place, selection);
      }
    });
    expect(anndata.nVar).toBe(34);
    const {problems} = await inspectAnnData(anndata, {genes: new Set(symbols)});
    const told = problems.find(({code}) => code === "feature-types-unreadable");
    expect(told).toMatchObject({
      severity: "error",
      place: "/var/FeatureType",
      message: expect.stringMatching(/which features are genes cannot be told.*a block is damaged/),
      remedy: expect.stringMatching(/del h5py\.File\("unknown_beside_expression\.h5ad", "a"\)\["\/var\/FeatureType"\]/)
    });
    const run = prepareCells(anndata, model, {matrix: "X", geneColumn: null}, null);
    await expect(run).rejects.toMatchObject({details: {code: told!.code, fault: told!.message, remedy: told!.remedy}});
    anndata.close();
  });

  it("are not told apart by a column of another length; raw/var goes by that of var, so neither by its own silence", async () => {
    for (const name of ["unknown_beside_expression", "raw_without_types"]) {
      const reader = await openH5File(resolve("tests/fixtures/choice", `${name}.h5ad`));
      const column = openAnnData(reader)
        .features("var")
        .source!.replace(/^var\//, "");
      const anndata = openAnnData({
        ...reader,
        node(place) {
          const node = reader.node(place);
          if (!place.startsWith(`/var/${column}`) || node?.kind !== "dataset" || place.endsWith("categories"))
            return node;
          return {...node, shape: [node.shape[0] - 1]};
        }
      });
      const raw = anndata.matrices.some(({name: matrix}) => matrix === "raw/X");
      const run = prepareCells(anndata, model, {matrix: raw ? "raw/X" : "X", geneColumn: null}, null);
      await expect(run).rejects.toThrow(/cannot be told.*has (\d+) values, its table (\d+) rows.*\(at \/var\//);
      anndata.close();
    }
  });

  it("alone make a file without genes, which says so", async () => {
    const anndata = await fixture("antibodies_alone");
    const run = prepareCells(anndata, model, {matrix: null, geneColumn: null}, null);
    await expect(run).rejects.toThrow(/no genes.*4 of Antibody Capture/);
    const {problems} = await inspectAnnData(anndata, {genes: new Set(symbols)});
    expect(problems[0]).toMatchObject({code: "no-genes", message: expect.stringMatching(/4 of Antibody Capture/)});
    anndata.close();
  });
});

describe("where no matrix holds counts", () => {
  it("the refusal names the option that recovers them, and none that takes logarithms for counts", async () => {
    for (const [name, right] of rightOf("choice")) {
      if (!right.matrix?.startsWith("recovered:")) continue;
      const anndata = await fixture(name);
      const choice = await chooseMatrix(anndata);
      const refuse = () => throwNoCounts(anndata, choice);
      expect(refuse).toThrow(`--matrix ${right.matrix} `);
      expect(refuse).not.toThrow(/all the same/);
      const {problems} = await inspectAnnData(anndata, {genes: new Set(symbols)});
      expect(problems.find(({code}) => code === "no-counts")?.remedy).toContain(`--matrix ${right.matrix} `);
      expect(problems.map(({remedy}) => remedy).join()).not.toMatch(/all the same/);
      anndata.close();
    }
  });
});

describe("a matrix that was asked for", () => {
  it("is told of where another of counts knows more genes, in inspect and in a run", async () => {
    const anndata = await fixture("subset_x");
    const genes = new Set(symbols);
    const {richer, chosen} = await chooseMatrix(anndata, {matrix: "X", genes});
    expect([chosen?.name, richer]).toEqual(["X", {name: "raw/X", genes: 30, instead: 8}]);
    const {problems} = await inspectAnnData(anndata, {genes, matrix: "X"});
    const note = problems.find(({code}) => code === "more-genes-elsewhere");
    expect(note?.message).toBe(
      "matrix raw/X holds counts of more genes than X, which was asked for: 30 that can be used, not 8"
    );
    const {notices} = await prepareCells(anndata, model, {matrix: "X", geneColumn: null}, null);
    expect(notices.map(({code}) => code)).toContain("more-genes-elsewhere");
    anndata.close();
  });

  it("is rounded too where it holds counts with noise", async () => {
    const anndata = await fixture("noise_dense_zeros_too");
    await prepareCells(anndata, model, {matrix: "X", geneColumn: null}, null);
    for await (const {values} of streamRows(anndata, "X", {rows: Int32Array.of(3)}))
      expect(values.every((value) => Number.isInteger(value) && value > 0)).toBe(true);
    anndata.close();
  });

  it("whose genes the other table names but in part is told of, with the share of the counts that is left out", async () => {
    const anndata = await fixture("raw_ids_symbols_in_index");
    const {problems} = await inspectAnnData(anndata, {genes: new Set(symbols)});
    const told = problems.find(({code}) => code === "names-missing");
    expect(told?.message).toMatch(
      /^\d+ of 30 genes of raw\/var have an id alone .*they carry [\d.]+ % of the counts looked at$/
    );
    expect(told?.severity).toBe("warning");
    const {notices} = await prepareCells(anndata, model, {matrix: null, geneColumn: null}, null);
    expect(notices.map(({code}) => code)).toContain("names-missing");
    anndata.close();
  });

  it("under ids with a genome's name is told of the column whose names match once that is taken away", () => {
    const known = new Set(symbols);
    expect(
      countKnown(
        symbols.map((name) => `GRCh38_${name}`),
        known
      )
    ).toBe(30);
    expect(countKnown(["GRCh38_TP53", "CD4"], known)).toBe(1);
  });

  it("takes a column of the other table by the ids", async () => {
    const anndata = await fixture("raw_ids_symbols_in_column");
    expect(geneNames(anndata, anndata.matrix("raw/X"), {column: "feature_name"})).toMatchObject({
      names: symbols,
      source: "var/feature_name, by the ids of raw/var",
      axis: "raw/var"
    });
    expect(() => geneNames(anndata, anndata.matrix("raw/X"), {column: "nothing"})).toThrow(/no readable column/);
    anndata.close();
  });
});
