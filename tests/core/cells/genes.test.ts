import {existsSync, readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {formatGenes, parseGeneDictionary, parseGenes} from "../../../src/components/core/cells/index.js";

const table = readFileSync(new URL("../../../src/data/human-genes.csv", import.meta.url), "utf8");
const dictionary = new URL("../../../../shared/data/human_gene_dict.json", import.meta.url);

describe("the human gene table", () => {
  const genes = parseGenes(table);

  test("holds what the checkpoints' dictionary is described to hold", () => {
    expect(genes.length).toBe(19656);
    const tokens = genes.map((gene) => gene.token);
    expect(new Set(tokens).size).toBe(19656);
    expect([Math.min(...tokens), Math.max(...tokens)]).toEqual([13466, 33255]);
    const chromosomes = new Set(genes.map((gene) => gene.chromosome));
    expect([chromosomes.size, Math.min(...chromosomes), Math.max(...chromosomes)]).toEqual([39, 564, 613]);
  });

  test("has exactly three pairs of genes that share chromosome and start", () => {
    const groups = new Map<string, string[]>();
    for (const {symbol, chromosome, start} of genes) {
      const place = `${chromosome}:${start}`;
      groups.set(place, [...(groups.get(place) ?? []), symbol].sort());
    }
    const tied = [...groups.values()].filter((group) => group.length > 1);
    expect(tied.sort()).toEqual([
      ["ABCF2-H2BE1", "H2BE1"],
      ["MRPS6", "SLC5A3"],
      ["PIGY", "PYURF"]
    ]);
  });

  test("cites its source and is what formatGenes writes", () => {
    const comment = table
      .split("\n")
      .filter((line) => line.startsWith("# "))
      .map((line) => line.slice(2));
    expect(comment.join(" ")).toMatch(/KuanP\/uce-brain-pilot-8l-512d/);
    expect(formatGenes(genes, comment)).toBe(table);
  });

  test.skipIf(!existsSync(dictionary))("agrees with the public dictionary gene by gene (needs ../shared/data)", () => {
    expect([{name: "human", genes}]).toEqual(parseGeneDictionary(readFileSync(dictionary, "utf8"), ["human"]));
  });
});

describe("parseGenes", () => {
  const head = "# note\nsymbol,token,chromosome,start\n";

  test("reads Windows line ends and a byte order mark", () => {
    expect(parseGenes(`\ufeff${head}A,1,2,3\n`.replaceAll("\n", "\r\n"))).toEqual([
      {symbol: "A", token: 1, chromosome: 2, start: 3}
    ]);
  });

  test.each([
    ["", /the gene table is empty \(at line 1\)/],
    [head, /a header and no genes/],
    ["symbol,token\nA,1\n", /begins with "symbol,token" instead of "symbol,token,chromosome,start" \(at line 1\)/],
    [`${head}A,1,2\n`, /a line has 3 fields instead of 4 \("A,1,2"\) \(at line 3\)/],
    [`${head},1,2,3\n`, /a gene has no symbol \(at line 3\)/],
    [`${head}A,1,2,x\n`, /gene "A" has "x" as start, which is not a whole number \(at line 3\)/],
    [`${head}A,-1,2,3\n`, /gene "A" has "-1" as token/],
    [`${head}A,1,,3\n`, /gene "A" has "" as chromosome/],
    [`${head}A,1,2,2147483648\n`, /gene "A" has "2147483648" as start/],
    [`${head}A,1,2,3\nA,2,2,3\n`, /the symbol "A" stands twice, first in line 3 \(at line 4\)/],
    [`${head}A,1,2,3\n\nB,1,2,3\n`, /the token "1" stands twice, first in line 3 \(at line 5\)/]
  ])("refuses %j in words", (text, message) => {
    expect(() => parseGenes(text)).toThrow(message);
  });

  test("formatGenes refuses a symbol that would break the table", () => {
    expect(() => formatGenes([{symbol: "A,B", token: 1, chromosome: 2, start: 3}])).toThrow(
      /"A,B" cannot stand in the gene table/
    );
  });
});

describe("parseGeneDictionary", () => {
  const entry = {protein_embedding_id: "5", chromosome_id: "6", location: "7"};
  const parse = (value: unknown, species?: string) =>
    parseGeneDictionary(
      JSON.stringify(value),
      species === undefined || species === "all" ? species : species.split(",")
    );

  test("takes the only species, or the one that is named", () => {
    const genes = [{symbol: "A", token: 5, chromosome: 6, start: 7}];
    const human = {name: "human", genes};
    expect(parse({human: {A: entry}})).toEqual([human]);
    expect(parse({mouse: {}, human: {A: entry}}, "human")).toEqual([human]);
  });

  test("takes several species in the order they are named in, or all in the dictionary's", () => {
    const all = {human: {A: entry}, mouse: {A: entry}, pig: {A: entry}};
    const names = (species: string) => parse(all, species).map(({name}) => name);
    expect(names("all")).toEqual(["human", "mouse", "pig"]);
    expect(names("pig,human,pig")).toEqual(["pig", "human"]);
  });

  test("says of several which one it does not have", () => {
    expect(() => parse({human: {A: entry}, mouse: {A: entry}}, "human,rat")).toThrow(/has no species "rat"/);
  });

  test.each([
    [
      {human: {A: entry}, mouse: {A: entry}},
      undefined,
      /holds 2 species and none was chosen: choose one or more of: human, mouse/
    ],
    [{human: {A: entry}}, "mouse", /no species "mouse": choose one or more of: human/],
    [{human: {A: entry}}, "constructor", /no species "constructor"/],
    [{human: {}}, "human", /species "human" holds no genes/],
    [{human: [entry]}, "human", /species "human" holds no genes/],
    [[1], undefined, /not a JSON object/],
    [{human: {A: entry, B: null}}, "human", /gene "B" is not an object with three fields \(at human\/B\)/],
    [{human: {B: {...entry, location: undefined}}}, "human", /gene "B" has no location \(at human\/B\/location\)/],
    [{human: {B: {...entry, location: "12.5"}}}, "human", /gene "B" has the value "12.5" as location/],
    [{human: {B: {...entry, chromosome_id: null}}}, "human", /gene "B" has the value null as chromosome_id/],
    [
      {human: {B: {...entry, protein_embedding_id: "-1"}}},
      "human",
      /gene "B" has the value "-1" as protein_embedding_id/
    ]
  ])("refuses %j (species %s) in words", (value, species, message) => {
    expect(() => parse(value, species)).toThrow(message);
  });

  test("refuses what is not JSON", () => {
    expect(() => parseGeneDictionary("version https://git-lfs")).toThrow(
      /^the gene dictionary is not JSON: give the checkpoint's/
    );
  });
});
