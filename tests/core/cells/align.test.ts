import {describe, expect, test} from "vitest";
import {alignGenes} from "../../../src/components/core/cells/index.js";
import {genesAt} from "./helpers.js";

const genes = [
  {symbol: "ACTB", token: 20000, chromosome: 570, start: 500},
  {symbol: "CD4", token: 20001, chromosome: 575, start: 100},
  {symbol: "CD8A", token: 20002, chromosome: 565, start: 300}
];

describe("alignment", () => {
  test("keeps the file's order and its repeated names, and lists what the model does not have", () => {
    const alignment = alignGenes(["CD8A", "XYZ", "ACTB", "CD8A", "actb"], genes);
    expect([...alignment.columns]).toEqual([0, 2, 3]);
    expect([...alignment.modelGenes]).toEqual([2, 0, 2]);
    expect(alignment.symbols).toEqual(["CD8A", "ACTB", "CD8A"]);
    expect([...alignment.tokens]).toEqual([20002, 20000, 20002]);
    expect([...alignment.chromosomes]).toEqual([565, 570, 565]);
    expect([...alignment.starts]).toEqual([300, 500, 300]);
    expect([...alignment.alignedOfColumn]).toEqual([0, -1, 1, 2, -1]);
    expect(alignment.unmatched).toEqual(["XYZ", "actb"]);
    expect(alignment.nCols).toBe(5);
  });

  test("ranks genes by chromosome and start, equal where both are", () => {
    const places = genesAt([2, 10], [1, 900], [2, 10], [1, 5], [10, 1], [2, 9]);
    const alignment = alignGenes(["A", "B", "C", "D", "E", "F"], places);
    expect([...alignment.genomeRank]).toEqual([3, 1, 3, 0, 4, 2]);
  });

  test("does not take names that every object has for genes", () => {
    expect(alignGenes(["constructor", "ACTB", "__proto__"], genes).unmatched).toEqual(["constructor", "__proto__"]);
  });
});

describe("no gene in common", () => {
  const message = (names: string[]): string => {
    try {
      alignGenes(names, genes);
    } catch (error) {
      expect(error).toMatchObject({name: "WorkbookError", details: {domain: "genes", code: "no-gene-in-common"}});
      return (error as Error).message;
    }
    throw new Error("aligned");
  };

  test("shows some names of both sides", () => {
    expect(message(["g1", "g2", "g3", "g4"])).toBe(
      'none of the file\'s 4 gene names ("g1", "g2", "g3") is among the model\'s 3 ("ACTB", "CD4", "CD8A") (at /var): ' +
        "put gene symbols of the model's species in var_names or in a var column, for example feature_name"
    );
  });

  test("says so where the file has no genes at all", () => {
    expect(message([])).toMatch(/^the file has no genes \(at \/var\): /);
  });
});
