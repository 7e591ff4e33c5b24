import {readFileSync} from "node:fs";
import {resolve} from "node:path";
import {describe, expect, test} from "vitest";
import {formatAliases, parseAliases} from "../../../src/components/core/cells/alias-table.js";
import {parseGenes} from "../../../src/components/core/cells/index.js";
import {makeNames} from "../../../src/components/core/cells/make-names.js";
import {repairNames} from "../../../src/components/core/cells/repair-names.js";
import {repairReport} from "../../../src/components/core/cells/repair-report.js";
import {spreadsheetDate} from "../../../src/components/core/cells/spreadsheet-date.js";
import {
  certainRepairs,
  formatRepairs,
  parseRepairs,
  readRepairs,
  repairKinds
} from "../../../src/components/core/repair-kinds.js";

const known = new Set(parseGenes(readFileSync(resolve("src/data/human-genes.csv"), "utf8")).map(({symbol}) => symbol));
const aliases = parseAliases(readFileSync(resolve("src/data/gene-aliases.csv"), "utf8"));
const all = [...repairKinds];

/** What each name is read as with every repair. */
const read = (names: string[], repair: readonly string[] = all) => repairNames(names, known, aliases, repair).names;

describe("each kind of repair", () => {
  test.each([
    ["prefix", "GRCh38_CD4", "CD4"],
    ["prefix", "GRCh38______HLA-A", "HLA-A"],
    ["prefix", "hg19_TP53", "TP53"],
    ["prefix", "GRCh38-2020-A_MT-CO1", "MT-CO1"],
    ["prefix", "hg38-GAPDH", "GAPDH"],
    ["spaces", " TP53", "TP53"],
    ["spaces", "TP53\u00a0 ", "TP53"],
    ["spaces", '"TP53"', "TP53"],
    ["pair", "ENSG00000141510|TP53", "TP53"],
    ["pair", "TP53|ENSG00000141510.18", "TP53"],
    ["pair", "ENSG00000204287_HLA-DRA", "HLA-DRA"],
    ["pair", "HLA-DRA_ENSG00000204287", "HLA-DRA"],
    ["dots", "HLA.A", "HLA-A"],
    ["dots", "MT.CO1", "MT-CO1"],
    ["dates", "3-Mar", "MARCHF3"],
    ["dates", "Mar-03", "MARCHF3"],
    ["dates", "9-Sep", "SEPTIN9"],
    ["dates", "2001-09-07 00:00:00", "SEPTIN7"],
    ["dates", "2024-03-05", "MARCHF5"],
    ["dates", "X4.Mar", "MARCHF4"],
    ["aliases", "SEPT9", "SEPTIN9"],
    ["aliases", "MARCH1", "MARCHF1"],
    ["aliases", "IL8", "CXCL8"],
    ["aliases", "HIST1H4C", "H4C3"],
    ["case", "Tp53", "TP53"],
    ["case", "C1orf159", "C1ORF159"]
  ])("%s: %s is %s", (kind, name, symbol) => {
    const {names, taken, proposals} = repairNames([name], known, aliases, [kind]);
    expect(names).toEqual([symbol]);
    expect(taken).toEqual([{column: 0, from: name, to: symbol, kinds: [kind]}]);
    expect(proposals).toMatchObject({unclear: [], clashes: []});
    expect(
      read(
        [name],
        all.filter((each) => each !== kind)
      )
    ).toEqual([name]);
  });

  test("version: an Ensembl id without its version, for a model that knows ids", () => {
    const ids = new Set(["ENSG00000141510"]);
    const one = (name: string) => repairNames([name], ids, new Map(), ["version"]).names[0];
    expect(one("ENSG00000141510.18")).toBe("ENSG00000141510");
    expect(one("ENSG00000141510.18_PAR_Y")).toBe("ENSG00000141510");
    expect(read(["TBCE.1", "TP53.2", "INS.1"])).toEqual(["TBCE.1", "TP53.2", "INS.1"]); // made unique, or another transcript: not the gene
  });

  test("a name that needs several is repaired only where all of them are taken", () => {
    expect(read([" GRCh38_SEPT9"])).toEqual(["SEPTIN9"]);
    expect(read([" GRCh38_SEPT9"], ["spaces", "prefix"])).toEqual([" GRCh38_SEPT9"]);
    expect(read(["hg19_HLA.DRA", "ENSG00000184640_SEPT9"])).toEqual(["HLA-DRA", "SEPTIN9"]);
  });

  test("none takes names as they are", () => {
    expect(read(["GRCh38_CD4", " TP53", "SEPT9"], [])).toEqual(["GRCh38_CD4", " TP53", "SEPT9"]);
  });
});

describe("what is never guessed", () => {
  test("a gene that the model knows, whatever it looks like", () => {
    const dates = new Set(["3-Mar", "SEPT9", "Tp53", "GRCh38_CD4", "MARCHF3", "SEPTIN9", "TP53", "CD4"]);
    const names = ["3-Mar", "SEPT9", "Tp53", "GRCh38_CD4"];
    expect(repairNames(names, dates, aliases, all)).toMatchObject({names, taken: [], proposals: {repairs: []}});
    for (const symbol of ["MARCO", "MARCKS", "DECR1", "SEPTIN9", "MARCHF1"]) {
      expect(repairNames([symbol], known, aliases, all).proposals).toEqual({repairs: [], unclear: [], clashes: []});
    }
  });

  test.each([
    ["1-Mar", ["MARCHF1", "MTARC1"]],
    ["Mar-02", ["MARCHF2", "MTARC2"]],
    ["2001-03-01 00:00:00", ["MARCHF1", "MTARC1"]],
    ["2-Sep", ["SEPTIN2", "SEPTIN6"]],
    ["SEPT2", ["SEPTIN2", "SEPTIN6"]],
    ["9/3", ["MARCHF9", "SEPTIN3"]],
    ["2003-09-01", ["SEPTIN1", "SEPTIN3"]],
    ["1-Dec", ["BHLHE40", "DELEC1"]],
    ["DEC1", ["BHLHE40", "DELEC1"]]
  ])("%s may be several", (name, symbols) => {
    const {names, proposals} = repairNames([name], known, aliases, all);
    expect(names).toEqual([name]);
    expect(proposals.unclear).toMatchObject([{name, symbols}]);
  });

  test("no ambiguous name of the table is repaired", () => {
    const ambiguous = [...aliases].filter(([, symbols]) => symbols.length > 1).map(([name]) => name);
    expect(ambiguous.length).toBeGreaterThan(1300);
    expect(repairNames(ambiguous, known, aliases, ["aliases", "dates"]).taken).toEqual([]);
  });

  test("names of no gene, of another genome, made unique, or unknown", () => {
    const names = ["ERCC-00002", "mm10_Actb", "chr1:0-500", "MALAT1", "GRCh38_", "TBCE-1", "31-Feb", "12", ""];
    expect(read(names)).toEqual(names);
  });

  test("two names of one symbol: the symbol itself stays, of two repairs the surer is taken, of equals neither", () => {
    const {names, proposals} = repairNames(
      ["SEPTIN9", "SEPT9", "GRCh38_SEPTIN7", "SEPT7", "MARCH3", "3-Mar", "TP53", " TP53"],
      known,
      aliases,
      all
    );
    expect(names).toEqual(["SEPTIN9", "SEPT9", "SEPTIN7", "SEPT7", "MARCH3", "3-Mar", "TP53", " TP53"]);
    expect(proposals.clashes.map(({name, symbol, other}) => [name, symbol, other])).toEqual([
      ["SEPT9", "SEPTIN9", "SEPTIN9"],
      ["SEPT7", "SEPTIN7", "GRCh38_SEPTIN7"],
      ["MARCH3", "MARCHF3", "3-Mar"],
      ["3-Mar", "MARCHF3", "MARCH3"],
      [" TP53", "TP53", "TP53"]
    ]);
  });

  test("a name that the file repeats is repaired wherever it stands", () => {
    expect(read(["SEPT9", "CD4", "SEPT9"])).toEqual(["SEPTIN9", "CD4", "SEPTIN9"]);
  });
});

describe("names that a person settles", () => {
  test("are taken beside the kinds, and are no longer unclear", () => {
    const repair = parseRepairs("1-Mar=MARCHF1, aliases");
    const {names, taken, proposals} = repairNames(["1-Mar", "IL8", "2-Sep"], known, aliases, repair);
    expect(names).toEqual(["MARCHF1", "CXCL8", "2-Sep"]);
    expect(taken[0]).toEqual({column: 0, from: "1-Mar", to: "MARCHF1", kinds: []});
    expect(proposals.unclear.map(({name}) => name)).toEqual(["2-Sep"]);
  });

  test.each([
    [["CD4"], "1-Mar=MARCHF1", /no gene called "1-Mar"/],
    [["1-Mar"], "1-Mar=MARCH1", /the model has no gene called "MARCH1"/],
    [["1-Mar", "MARCHF1"], "1-Mar=MARCHF1", /has a gene called "MARCHF1" already/],
    [["1-Mar", "Mar-01"], "1-Mar=MARCHF1,Mar-01=MARCHF1", /is to be "MARCHF1" as well/]
  ])("%j with %s are refused", (names, text, message) => {
    expect(() => repairNames(names, known, aliases, parseRepairs(text))).toThrow(message);
  });
});

test("a list of repairs is read, and written as short as it can be", () => {
  expect(parseRepairs("certain")).toEqual(certainRepairs);
  expect(parseRepairs("none")).toEqual([]);
  expect(parseRepairs("all")).toEqual(all);
  expect(parseRepairs("case, aliases")).toEqual(["spaces", "prefix", "version", "pair", "aliases", "case"]);
  for (const text of ["certain", "none", "all", "aliases", "dots,case", "aliases,1-Mar=MARCHF1", "all,a=B"])
    expect(formatRepairs(parseRepairs(text))).toBe(text);
  expect(readRepairs(parseRepairs("a=B"))).toEqual({kinds: new Set(certainRepairs), settled: new Map([["a", "B"]])});
  for (const text of ["", "alias", "none,case", "a=", "a=b=c"])
    expect(() => parseRepairs(text), text).toThrow(/cannot be repaired by/);
});

test("dates are read in every form that spreadsheets write, and nothing else is", () => {
  for (const name of ["1-Mar", "01-Mar", "1-MAR-2001", "Mar-01", "March 1", "1.Mar", "X1.Mar", "2001-03-01 00:00:00"])
    expect(spreadsheetDate(name), name).toEqual(["1-MAR"]);
  expect(spreadsheetDate("3/1/2001")).toEqual(["1-MAR", "3-JAN"]);
  for (const name of ["MARCH1", "MAR1", "SEPT9", "DEC-205", "MARCO", "32-Mar", "0-Mar", "2001-13-01", "12-HETER", ""])
    expect(spreadsheetDate(name), name).toEqual([]);
});

test("make.names is R's", () => {
  // R 4: make.names(c("HLA-A", "5S_rRNA", "a b", "_x", ".2way", "..x", "TP53"))
  const made = ["HLA.A", "X5S_rRNA", "a.b", "X_x", "X.2way", "..x", "TP53"];
  expect(["HLA-A", "5S_rRNA", "a b", "_x", ".2way", "..x", "TP53"].map(makeNames)).toEqual(made);
});

test("a report sums up names and counts by kind", () => {
  const names = ["CD4", "SEPT9", "IL8", "GRCh38_CD3E", "1-Mar", "Tp53", "unknown", "SEPTIN7", "7-Sep"];
  const sums = Float64Array.of(10, 4, 1, 5, 2, 3, 20, 4, 1);
  const report = repairReport(repairNames(names, known, aliases, parseRepairs("dates")), sums);
  expect(report.kinds).toEqual([
    {
      kind: "prefix",
      certain: true,
      needs: ["prefix"],
      taken: true,
      names: 1,
      countShare: 0.1,
      examples: [{from: "GRCh38_CD3E", to: "CD3E"}]
    },
    {
      kind: "aliases",
      certain: false,
      needs: ["aliases"],
      taken: false,
      names: 2,
      countShare: 0.1,
      examples: [
        {from: "SEPT9", to: "SEPTIN9"},
        {from: "IL8", to: "CXCL8"}
      ]
    },
    {
      kind: "case",
      certain: false,
      needs: ["case"],
      taken: false,
      names: 1,
      countShare: 0.06,
      examples: [{from: "Tp53", to: "TP53"}]
    }
  ]);
  expect(report.unclear).toEqual({
    names: 1,
    countShare: 0.04,
    examples: [{name: "1-Mar", symbols: ["MARCHF1", "MTARC1"]}]
  });
  expect(report.clashes).toEqual({
    names: 1,
    countShare: 0.02,
    examples: [{name: "7-Sep", symbol: "SEPTIN7", other: "SEPTIN7"}]
  });
});

describe("the table of aliases", () => {
  test("is written and read back, and damage is told with its line", () => {
    const table = new Map([
      ["SEPT9", ["SEPTIN9"]],
      ["MSF", ["SEPTIN9", "MST1"]],
      ["MSF1", ["SEPTIN9"]]
    ]);
    const text = formatAliases(table, ["of a test"]);
    expect(text).toBe("# of a test\nMST1,cF\nSEPTIN9,MSF,d1,SEPT9\n");
    expect(new Map([...parseAliases(text)].map(([name, symbols]) => [name, [...symbols].sort()]))).toEqual(
      new Map([...table].map(([name, symbols]) => [name, [...symbols].sort()]))
    );
    expect(() => parseAliases("TP53\n")).toThrow(/line 1/);
    expect(() => parseAliases("# x\nTP53,z9\n")).toThrow(/a name of TP53 is "z9" \(at line 2\)/);
    expect(() => formatAliases(new Map([["a,b", ["X"]]]))).toThrow(/cannot stand/);
  });

  test("names no symbol of the model's, and holds nothing but what the source says", (context) => {
    expect(aliases.size).toBe(41_288);
    expect([...aliases.keys()].filter((name) => known.has(name))).toEqual([]);
    const path = resolve("../shared/data/gene-aliases.tsv");
    let source: string;
    try {
      source = readFileSync(path, "utf8");
    } catch {
      return context.skip(`${path} is not here`);
    }
    const lines = source.split("\n").slice(1, -1);
    const expected = lines.map((line) => line.split("\t")).filter(([name]) => !/^\d{1,2}[-/]\d{1,2}$/.test(name));
    expect(aliases.size).toBe(expected.length);
    for (const [name, symbols] of expected) {
      if (name === "DEC1" || name === "1-DEC") continue;
      expect([...aliases.get(name)!].sort().join(), name).toBe(symbols.split(",").sort().join());
    }
  });
});
