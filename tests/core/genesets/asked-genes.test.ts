import {readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {parsePasted} from "../../../src/components/core/genesets/parse-pasted.js";
import {presetNames, presetSets} from "../../../src/components/core/genesets/preset-sets.js";

describe("genes that were pasted", () => {
  test("are each by itself, or sets by their names, or GMT", () => {
    const text = "MS4A1, CD79A\nB cells: MS4A1 CD79A;CD79B\r\n\nT\thttp://x\tCD3D\tCD3E\n NKG7\nB cells: BANK1";
    expect(parsePasted(text)).toEqual([
      {name: "T", genes: ["CD3D", "CD3E"]},
      {name: "MS4A1", genes: ["MS4A1"]},
      {name: "CD79A", genes: ["CD79A"]},
      {name: "B cells", genes: ["MS4A1", "CD79A", "CD79B", "BANK1"]},
      {name: "NKG7", genes: ["NKG7"]}
    ]);
    expect(parsePasted(" \n")).toEqual([]);
    expect(parsePasted("empty set:")).toEqual([]);
  });

  test("with a tab and no genes after it are refused", () => {
    expect(() => parsePasted("name\tnothing")).toThrow(/what was pasted is not a list of gene sets/);
  });
});

describe("sets that are asked about in most files", () => {
  const table = readFileSync("src/data/human-genes.csv", "utf8");
  const symbols = table.split("\n").map((line) => line.split(",")[0]);
  const sets = new Map(presetSets(symbols).map(({name, genes}) => [name, genes]));

  test("hold the genes of their kind, of all human genes", () => {
    expect([...sets.keys()]).toEqual(presetNames);
    const ribosomal = sets.get("ribosomal proteins")!;
    expect(ribosomal).toEqual(
      expect.arrayContaining(["RPL3", "RPL10A", "RPL36AL", "RPLP0", "RPSA", "RPS4Y1", "RPS27L"])
    );
    // The cytosolic ribosome has 80 proteins; with those of one Y gene and of similar genes it is some 90.
    expect(ribosomal.length).toBeGreaterThanOrEqual(80);
    expect(ribosomal.length).toBeLessThanOrEqual(98);
    expect(ribosomal.filter((gene) => gene.startsWith("RPS6K"))).toEqual([]);
    expect(sets.get("mitochondrial genes")).toHaveLength(13);
    expect(sets.get("hemoglobin")!.toSorted()).toEqual("HBA1 HBA2 HBB HBD HBE1 HBG1 HBG2 HBM HBQ1 HBZ".split(" "));
    expect(sets.get("MHC class II")).toEqual(expect.arrayContaining(["HLA-DRA", "HLA-DRB1", "HLA-DPA1", "CD74"]));
    expect(sets.get("cell cycle")!.length).toBeGreaterThanOrEqual(97);
  });

  test("a file without such genes has no such set; names of mice are recognized where they are spelled alike", () => {
    expect(presetSets(["TP53"])).toEqual([]);
    const mouse = presetSets(["Rpl3", "mt-Nd1", "Hba-a1", "Hbegf", "Top2a"]);
    expect(mouse).toEqual([
      {name: "ribosomal proteins", genes: ["Rpl3"]},
      {name: "mitochondrial genes", genes: ["mt-Nd1"]},
      {name: "cell cycle", genes: ["Top2a"]},
      {name: "hemoglobin", genes: ["Hba-a1"]}
    ]);
  });
});
