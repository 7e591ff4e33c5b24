import {readFileSync} from "node:fs";
import {expect, test} from "vitest";
import {chromosomeName} from "../../../src/components/core/cells/chromosome-name.js";
import {parseGenes} from "../../../src/components/core/cells/genes-csv.js";

/** Where these genes are, as every atlas of the human genome has it. */
const places: Record<string, string> = {
  NRAS: "1",
  ALK: "2",
  TP63: "3",
  KIT: "4",
  APC: "5",
  TNF: "6",
  EGFR: "7",
  MYC: "8",
  ABL1: "9",
  PTEN: "10",
  HBB: "11",
  KRAS: "12",
  BRCA2: "13",
  AKT1: "14",
  FBN1: "15",
  CREBBP: "16",
  TP53: "17",
  BCL2: "18",
  APOE: "19",
  RPS21: "20",
  APP: "21",
  BCR: "22",
  DMD: "X",
  SRY: "Y",
  "MT-ND1": "MT"
};
const genes = parseGenes(readFileSync("src/data/human-genes.csv", "utf8"));

test("a chromosome has the name under which its genes are known", () => {
  const found = Object.fromEntries(
    genes.filter(({symbol}) => symbol in places).map(({symbol, chromosome}) => [symbol, chromosomeName(chromosome)])
  );
  expect(found).toEqual(places);
});

test("no two chromosomes share a name", () => {
  const ids = [...new Set(genes.map(({chromosome}) => chromosome))];
  expect(new Set(ids.map(chromosomeName)).size).toBe(ids.length);
  expect(chromosomeName(590)).toBe("scaffold 590");
});
