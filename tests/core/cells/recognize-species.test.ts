import {readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import type {AnnData} from "../../../src/components/core/anndata/anndata.js";
import {namedGenes} from "../../../src/components/core/anndata/named-genes.js";
import {parseGenes} from "../../../src/components/core/cells/genes-csv.js";
import {recognizeSpecies} from "../../../src/components/core/cells/recognize-species.js";
import {speciesCalled} from "../../../src/components/core/cells/species-called.js";
import type {SpeciesGenes} from "../../../src/components/core/types.js";

const listOf = (name: string, symbols: readonly string[]): SpeciesGenes => ({
  name,
  genes: symbols.map((symbol, i) => ({symbol, token: i + 10, chromosome: 564, start: i}))
});
const humanGenes = parseGenes(readFileSync("src/data/human-genes.csv", "utf8"));
const human: SpeciesGenes = {name: "human", genes: humanGenes};
const symbols = humanGenes.slice(0, 3000).map(({symbol}) => symbol);
/** Made up from human symbols by the letters that mouse symbols have: Cd4, Gapdh. */
const mouseSymbols = symbols.map((symbol) => `${symbol[0]}${symbol.slice(1).toLowerCase()}`);
const mouse = listOf("mouse", mouseSymbols);
/** Shares most symbols with human, and lacks some. */
const macaque = listOf("macaca_mulatta", symbols.slice(0, 2400));
const told = (names: readonly string[], model: SpeciesGenes[], ids?: string[]) => {
  const {verdict, found, ids: other} = recognizeSpecies(names, model, {ids});
  return [
    verdict,
    ...found.map(({species, inModel, by}) => `${species} ${inModel ? "in" : "not in"} by ${by}`),
    other?.species
  ];
};

describe("the species of one file", () => {
  test.each<[string, string[], SpeciesGenes[], string]>([
    ["human symbols", symbols, [human], "human in by symbols"],
    ["human symbols, of two lists", symbols, [human, mouse], "human in by symbols"],
    ["mouse symbols, of two lists", mouseSymbols, [human, mouse], "mouse in by symbols"],
    ["mouse symbols, for a model of human", mouseSymbols, [human], "mouse or rat not in by case"],
    [
      "small letters",
      symbols.map((name) => name.toLowerCase()),
      [human],
      "zebrafish, frog or another species not in by case"
    ],
    ["human ids", ["ENSG00000141510", "ENSG00000010610"], [human], "human in by ids"],
    ["mouse ids", ["ENSMUSG00000059552", "ENSMUSG00000000001.5", "x"], [human], "mouse not in by ids"],
    ["mouse ids, in the model", ["ENSMUSG00000059552", "ENSMUSG00000000001"], [human, mouse], "mouse in by ids"],
    [
      "ids of a species that the model calls by its Latin name",
      ["ENSMMUG00000000001"],
      [human, macaque],
      "macaca_mulatta in by ids"
    ],
    ["zebrafish ids", ["ENSDARG00000035559", "ENSDARG00000000001"], [human], "zebrafish not in by ids"],
    ["ids with symbols", ["ENSMUSG00000059552|Trp53", "ENSMUSG00000023274|Cd4"], [human], "mouse not in by ids"],
    ["ids of whoever", ["ENSABCG00000000001", "ENSABCG00000000002"], [human], "another species not in by ids"],
    ["a genome before the names", ["mm10___Cd4", "mm10___Cd3e", "mm10___Actb"], [human, mouse], "mouse in by genome"],
    ["human and macaque share symbols: what one has more decides", symbols, [human, macaque], "human in by symbols"],
    [
      "open reading frames",
      ["C1orf159", "C1orf174", "C9orf78", ...symbols.slice(0, 5)],
      [human],
      "human in by symbols"
    ],
    [
      "some names in small letters",
      ["CD4", "CD8A", "Tp53", "Cd3e", "MYC", "Gapdh", "ACTB"],
      [human],
      "human in by symbols"
    ]
  ])("%s", (_, names, model, finding) => {
    expect(told(names, model)).toEqual(["one", finding, undefined]);
  });
});

describe("two species in one file", () => {
  const marked = [...symbols.map((name) => `GRCh38_${name}`), ...mouseSymbols.map((name) => `mm10___${name}`)];

  test("a genome before each name: both, with genes and counts of each", () => {
    const sums = Float64Array.from(marked, (_, column) => (column < symbols.length ? 3 : 1));
    const {verdict, found} = recognizeSpecies(marked, [human], {columnSums: sums});
    expect(verdict).toBe("several");
    expect(found).toMatchObject([
      {species: "human", inModel: true, genes: 3000, countShare: 0.75, by: "genome"},
      {
        species: "mouse",
        inModel: false,
        genes: 3000,
        countShare: 0.25,
        by: "genome",
        examples: [/^mm10___/, /^mm10/, /^mm10/].map((like) => expect.stringMatching(like))
      }
    ]);
  });

  test("ids of two", () => {
    const ids = ["ENSG00000141510", "ENSMUSG00000059552"].flatMap((id) => Array<string>(5).fill(id));
    expect(told(ids, [human, mouse])).toEqual(["several", "human in by ids", "mouse in by ids", undefined]);
  });

  test("symbols of two lists, and symbols in two kinds of letters where the model has one", () => {
    const both = [...symbols, ...mouseSymbols];
    expect(told(both, [human, mouse])).toEqual(["several", "human in by symbols", "mouse in by symbols", undefined]);
    expect(told(both, [human])).toEqual(["several", "human in by symbols", "mouse or rat not in by case", undefined]);
  });

  test("a spike-in's worth of another genome is none", () => {
    const few = [...marked.slice(0, 3000), ...marked.slice(3000, 3020)];
    expect(told(few, [human, mouse])).toEqual(["one", "human in by genome", undefined]);
  });
});

describe("what cannot be told", () => {
  test("few genes, or genes that species share", () => {
    expect(told(["CD4", "MYC"], [human, macaque]).at(0)).toBe("unclear");
    expect(told(symbols.slice(0, 40), [human, macaque])).toEqual([
      "unclear",
      "human in by symbols",
      "macaca_mulatta in by symbols",
      undefined
    ]);
    expect(recognizeSpecies(["peak1", "peak2"], [human])).toEqual({verdict: "unclear", found: [], ids: null});
    expect(recognizeSpecies([], [human, mouse])).toEqual({verdict: "unclear", found: [], ids: null});
  });

  test("ids beside the symbols decide, and are told where they are of another species", () => {
    const ids = (beginning: string) => symbols.slice(0, 40).map((_, i) => `${beginning}${String(i).padStart(11, "0")}`);
    const shared = symbols.slice(0, 40);
    expect(told(shared, [human, macaque], ids("ENSMMUG"))).toEqual(["one", "macaca_mulatta in by ids", undefined]);
    expect(told(symbols, [human], ids("ENSMUSG"))).toEqual(["one", "human in by symbols", "mouse"]);
    expect(told(symbols, [human], ids("ENSG"))).toEqual(["one", "human in by symbols", undefined]);
  });
});

describe("a model that has mouse in capitals, as the published dictionaries do", () => {
  const capitals = listOf("mouse", [...symbols.slice(0, 2800), "GM1234", "RP23-1"]);
  const pig = listOf("pig", symbols.slice(100, 2900));

  test("mouse symbols are mouse, human symbols human, however many both lists share", () => {
    expect(told(mouseSymbols, [human, capitals, pig])).toEqual(["one", "mouse in by symbols", undefined]);
    expect(told(symbols, [human, capitals])).toEqual(["one", "human in by symbols", undefined]);
    expect(told(symbols.slice(200, 230), [human, capitals])).toEqual(["one", "human in by symbols", undefined]);
    const both = [...symbols, ...mouseSymbols];
    expect(told(both, [human, capitals])).toEqual(["several", "human in by symbols", "mouse in by symbols", undefined]);
  });

  test("human symbols are not taken for mouse where mouse is all that it has", () => {
    expect(told(mouseSymbols, [capitals])).toEqual(["one", "mouse in by symbols", undefined]);
    expect(told(symbols, [capitals])).toEqual([
      "one",
      "human, or another species written in capitals not in by case",
      undefined
    ]);
  });

  test("its names are read in capitals unasked, and not where names are to stay as they are", async () => {
    const anndata = {varNames: () => ["Cd4", "CD8A", "Actb"], columns: () => []} as unknown as AnnData;
    const model = {species: "mouse", lists: [listOf("mouse", ["CD4", "ACTB", "TP53"])]};
    const known = new Set(["CD4", "ACTB", "TP53"]);
    const named = (repair?: string[]) => namedGenes(anndata, {genes: "var"}, {known, model, repair});
    expect((await named()).names).toEqual(["CD4", "CD8A", "ACTB"]);
    expect((await named([])).names).toEqual(["Cd4", "CD8A", "Actb"]);
  });
});

test("the species of the published dictionaries are known", () => {
  // Keys of all_species_gene_dict_multi_2025-11-08.json, as the public loader lists them.
  const keys =
    "human mouse pig macaca_fascicularis zebrafish frog mouse_lemur macaca_mulatta callithrix_jacchus pan_troglodytes";
  for (const key of keys.split(" ")) expect(speciesCalled(key), key).not.toBeNull();
});

test("a dictionary's name of a species, in whatever letters", () => {
  expect(
    ["human", "Homo sapiens", "Mus_musculus", "mouse_lemur", "crab_eating_macaque"].map(
      (name) => speciesCalled(name)?.name
    )
  ).toEqual(["human", "human", "mouse", "mouse lemur", "crab-eating macaque"]);
  expect(speciesCalled("unicorn")).toBeNull();
});
