import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, test} from "vitest";
import {encodeSafetensors} from "../../../src/components/core/convert/write-safetensors.js";
import {tableFromBytes} from "../../../src/components/core/tables/file.js";
import {readProvenance} from "../../../src/components/core/tables/provenance.js";
import {readSentences} from "../../../src/components/core/tables/sentences.js";
import {embed, load, normalize, openFile, sample} from "../../../src/components/notebook/node.js";
import {hashedStored, smallSizes} from "../../core/convert/hashed-file.js";
import {cli} from "./run-program.js";

const config = smallSizes;
const fixtures = "tests/fixtures/species";
const fixture = (name: string) => `${fixtures}/${name}.h5ad`;
const expected = JSON.parse(readFileSync(`${fixtures}/expected.json`, "utf8")) as Record<
  string,
  {species: string; tokens: number[][]}
>;

let folder: string;
let both: string;
let humanOnly: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "species-"));
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  writeFileSync(join(folder, "model.safetensors"), encodeSafetensors(hashedStored(config)));
  both = join(folder, "both");
  humanOnly = join(folder, "human");
  const genes = `${fixtures}/dictionary.json`;
  const convert = (out: string, species: string) =>
    cli("convert", folder, "--genes", genes, "--species", species, "--out", out);
  expect(await convert(both, "human,mouse")).toMatchObject({status: 0});
  expect(await convert(humanOnly, "human")).toMatchObject({status: 0});
}, 60_000);
afterAll(() => rmSync(folder, {recursive: true}));

async function sentencesOf(name: string, ...options: string[]) {
  const out = join(folder, "sentences.arrow");
  const told = await cli("sentences", fixture(name), "--out", out, "--json", ...options);
  if (told.status !== 0) return {told, tokens: [], species: null};
  const table = tableFromBytes(readFileSync(out), out);
  const {tokens} = readSentences(table);
  return {told, tokens: [0, 1, 2].map((row) => [...tokens(row)!]), species: readProvenance(table)!.genes!.species};
}
const inspect = async (name: string, ...options: string[]) =>
  JSON.parse((await cli("inspect", fixture(name), "--json", ...options)).text) as {
    genes: {species: {verdict: string; used: string; asked: boolean; found: Record<string, unknown>[]}};
    problems: {code: string; severity: string; message: string; remedy: string}[];
  };

describe("a file's species, for a model of two", () => {
  test.each(["human", "mouse", "mouse-ids"])(
    "%s is recognized, and gets the sentences of its own genes",
    async (name) => {
      const {species, tokens} = expected[name];
      const found = await sentencesOf(name, "--model", both);
      expect(found.told.errors).toBe("");
      expect(found).toMatchObject({species, tokens});
      const {genes, problems} = await inspect(name, "--model", both);
      expect(genes.species).toMatchObject({
        verdict: "one",
        used: species,
        asked: false,
        found: [{species, inModel: true}]
      });
      expect(problems).toEqual([]);
      const text = await cli("inspect", fixture(name), "--model", both);
      expect(text.text).toMatch(
        new RegExp(`species ${species}: \\d+ names by the model's symbols, 100.0 % .*; read as ${species}`)
      );
    }
  );

  test("two in one file: both named with genes and counts, refused until one is chosen", async () => {
    const {told} = await sentencesOf("barnyard", "--model", both);
    expect(told.status).toBe(2);
    expect(told.errors).toMatch(
      /of two species, human \(68 genes with \d+\.\d % of the counts looked at; GRCh38_GENE0, .*\) and mouse \(53 genes with \d+\.\d % .*; mm10___Gene0, .*choose one: --species human or --species mouse \(on a page: Species\)/
    );
    const chosen = await sentencesOf("barnyard", "--model", both, "--species", "human");
    expect(chosen).toMatchObject(expected.barnyard);
    expect(chosen.told.errors).toMatch(/only those of human are read: leave out the cells of mouse/);
    const {problems} = await inspect("barnyard", "--model", both, "--species", "mouse");
    expect(problems.find(({code}) => code === "two-species")).toMatchObject({severity: "warning"});
    // A model of human alone says the same, and that it lacks the other.
    const alone = await sentencesOf("barnyard", "--model", humanOnly);
    expect(alone.told.errors).toMatch(/; the model lacks mouse .*: choose one: --species human \(on a page/);
    expect(await sentencesOf("barnyard", "--model", humanOnly, "--species", "human")).toMatchObject(expected.barnyard);
  });

  test("what cannot be told is asked for", async () => {
    const {told} = await sentencesOf("shared", "--model", both);
    expect(told.status).toBe(2);
    expect(told.errors).toMatch(
      /cannot be told by the 8 gene names: 8 match those of human, 8 match those of mouse .*choose it: --species human or --species mouse/
    );
    expect(await sentencesOf("shared", "--model", both, "--species", "mouse")).toMatchObject({
      species: "mouse",
      told: {status: 0}
    });
    expect(await sentencesOf("shared", "--model", humanOnly)).toMatchObject({species: "human", told: {status: 0}});
  });

  test("one that the model lacks is refused, and told where only the ids show it", async () => {
    const {told} = await sentencesOf("mouse", "--model", humanOnly);
    expect(told.errors).toMatch(
      /look like those of mouse or rat .* match the model's human symbols only in capitals.*give human cells, or map the genes to their human orthologs first; to go on all the same, --repair-genes case/
    );
    expect((await inspect("rat-ids", "--model", both)).problems).toMatchObject([
      {
        code: "other-ids",
        severity: "warning",
        message: expect.stringMatching(/read as mouse, the ids .* of rat \(ENSRNOG/)
      }
    ]);
  });

  test("another one than the genes show is a warning, and one that the model has not a fault", async () => {
    const {problems} = await inspect("mouse", "--model", both, "--species", "human");
    expect(problems.map(({code, severity}) => `${severity} ${code}`)).toContain("error other-species");
    const lacking = await sentencesOf("mouse", "--model", both, "--species", "rat");
    expect(lacking.told.errors).toMatch(/has no species "rat": choose one of: human, mouse/);
  });
});

test("mouse symbols in capitals, as the published dictionaries have them, are those of a mouse file", async () => {
  const {human, mouse} = JSON.parse(readFileSync(`${fixtures}/dictionary.json`, "utf8")) as Record<string, object>;
  const capitals = Object.fromEntries(
    Object.entries(mouse).map(([symbol, entry]) => [symbol.toUpperCase(), entry as object])
  );
  const apart = Object.fromEntries(Object.entries(human).filter(([symbol]) => symbol.startsWith("GENE")));
  writeFileSync(join(folder, "capitals.json"), JSON.stringify({human: apart, mouse: capitals}));
  const out = join(folder, "capitals");
  const genes = ["--genes", join(folder, "capitals.json"), "--species", "all"];
  expect(await cli("convert", folder, ...genes, "--out", out)).toMatchObject({status: 0});
  const found = await sentencesOf("mouse-ids", "--model", out);
  expect(found.species).toBe("mouse");
  expect(found.told.errors).toMatch(/45 gene names in other letters|Gene0 read as GENE0/);
  expect(found.tokens).toEqual(expected["mouse-ids"].tokens);
  expect(await sentencesOf("human", "--model", out)).toMatchObject({species: "human", told: {status: 0}});
});

test("a stage of another species is another result; the choice that is recognized is the same one", async () => {
  const chain = async (species: string | null) => {
    const file = await openFile(fixture("shared"), {model: both});
    const vectors = embed(sample(normalize(load(file, {model: both, species}))));
    return {address: vectors.address, table: await vectors.table(), provenance: readProvenance(await vectors.table())!};
  };
  const [human, mouse] = [await chain("human"), await chain("mouse")];
  expect(mouse.address).not.toBe(human.address);
  expect([human, mouse].map(({provenance}) => provenance.genes!.species)).toEqual(["human", "mouse"]);
  expect(mouse.provenance.model!.hash).not.toBe(human.provenance.model!.hash);
  const vector = ({table}: typeof human) => [...(table.getChild("embedding")!.get(0) as Iterable<number>)];
  expect(vector(mouse)).not.toEqual(vector(human));
}, 60_000);
