import {copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, test} from "vitest";
import {encodeSafetensors} from "../../../src/components/core/convert/write-safetensors.js";
import {openBundle} from "../../../src/components/core/model/open-bundle.js";
import {folderBundle} from "../../../src/components/adapters/node-files.js";
import {hashedStored, smallSizes} from "../../core/convert/hashed-file.js";
import {cli} from "./run-program.js";

const config = smallSizes;

/** A species of a gene dictionary: `count` genes from token `first` on, on chromosomes from `chromosome` on. */
function speciesOf(count: number, symbol: string, first: number, chromosome: number): Record<string, unknown> {
  const entry = (i: number) => ({
    protein_embedding_id: String(first + i),
    chromosome_id: String(chromosome + (i % 3)),
    location: String(1000 * i)
  });
  return Object.fromEntries(Array.from({length: count}, (_, i) => [`${symbol}${i}`, entry(i)]));
}

let folder: string;
let dictionary: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "convert-species-"));
  dictionary = join(folder, "dictionary.json");
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  writeFileSync(join(folder, "model.safetensors"), encodeSafetensors(hashedStored(config)));
  const species = {human: speciesOf(60, "GENE", 2100, 564), mouse: speciesOf(45, "Gene", 2200, 620)};
  writeFileSync(dictionary, JSON.stringify(species));
});
afterAll(() => rmSync(folder, {recursive: true}));

describe("convert --species", () => {
  test.each([
    ["human", 60, "GENE0", 2100, 564],
    ["mouse", 45, "Gene0", 2200, 620]
  ])("takes the genes of %s out of a dictionary of two", async (species, genes, symbol, token, chromosome) => {
    const out = join(folder, `bundle-${species}`);
    expect(await cli("convert", folder, "--genes", dictionary, "--species", species, "--out", out)).toMatchObject({
      status: 0,
      errors: ""
    });
    const bundle = await openBundle(folderBundle(out));
    expect(bundle.manifest.species).toEqual([{name: species, genes}]);
    expect(bundle.genes[0]).toEqual({symbol, token, chromosome, start: 0});
    expect(bundle.manifest.tableRows).toBe(genes + 3 + 3);
    expect(JSON.parse(readFileSync(join(out, "manifest.json"), "utf8"))).toEqual(bundle.manifest);
  });

  test.each(["human,mouse", "all"])(
    "%s puts both into one bundle, each with genes and table of its own",
    async (names) => {
      const out = join(folder, `bundle-${names.replace(",", "-")}`);
      const converted = await cli("convert", folder, "--genes", dictionary, "--species", names, "--out", out);
      expect(converted).toMatchObject({status: 0, errors: ""});
      expect(converted.text).toMatch(
        /, human, 66 table rows, 60 genes\n {2}fp32: .*\n.*, mouse, 51 table rows, 45 genes\n/
      );
      const human = await openBundle(folderBundle(out));
      const mouse = await human.forSpecies("mouse");
      expect([human.genes[0].symbol, mouse.genes[0].symbol]).toEqual(["GENE0", "Gene0"]);
      for (const bundle of [human, mouse])
        for (const {path} of bundle.manifest.variants[0].files) await bundle.file(path);
    }
  );

  test("tells a program of each species", async () => {
    const out = join(folder, "bundle-json");
    const {text} = await cli(
      "convert",
      folder,
      "--genes",
      dictionary,
      "--species",
      "mouse,human",
      "--out",
      out,
      "--json"
    );
    const {tableRows, species} = JSON.parse(text) as {tableRows: number; species: object[]};
    expect(tableRows).toBe(51);
    expect(species).toMatchObject([
      {name: "mouse", genes: 45, tableRows: 51, variants: [{precision: "fp32"}]},
      {name: "human", genes: 60, tableRows: 66, variants: [{precision: "fp32"}]}
    ]);
  });

  test("has to be given where the dictionary holds several, and be one of them", async () => {
    const out = join(folder, "none");
    const none = await cli("convert", folder, "--genes", dictionary, "--out", out);
    expect(none).toMatchObject({status: 2, text: ""});
    expect(none.errors).toMatch(/holds 2 species and none was chosen: choose one or more of: human, mouse; or all/);
    const lacking = await cli("convert", folder, "--genes", dictionary, "--species", "zebrafish", "--out", out);
    expect(lacking.errors).toMatch(/has no species "zebrafish": choose one or more of: human, mouse; or all/);
    const bare = await cli("convert", folder, "--species", "mouse", "--out", out);
    expect(bare).toMatchObject({status: 1});
    expect(bare.errors).toMatch(/--species mouse needs a gene dictionary: add --genes DICT\.json/);
  });
});

describe("convert carries what is stated of a model", () => {
  const cells = "tests/fixtures/species/human.h5ad";
  const convert = (out: string, ...more: string[]) =>
    cli("convert", folder, "--genes", dictionary, "--species", "human", "--out", out, ...more);

  test("training sets, from files or from entries; license and citation; no part of its identity but the last two", async () => {
    const sets = join(folder, "sets.json");
    writeFileSync(sets, JSON.stringify({"cells.h5ad": "twelve made-up cells"}));
    copyFileSync(cells, join(folder, "cells.h5ad"));
    const [plain, told, again] = ["plain", "told", "again"].map((name) => join(folder, name));
    expect(await convert(plain)).toMatchObject({status: 0});
    const stated = ["--license", "CC BY 4.0", "--citation", "Somebody 2026"];
    expect(await convert(told, "--trained-on", sets, ...stated)).toMatchObject({status: 0, errors: ""});
    const {manifest, hash} = await openBundle(folderBundle(told));
    expect(manifest.source).toMatchObject({license: "CC BY 4.0", citation: "Somebody 2026"});
    expect(manifest.trainedOn).toMatchObject([{name: "twelve made-up cells", cells: 12}]);
    writeFileSync(sets, JSON.stringify(manifest.trainedOn));
    expect(await convert(again, "--trained-on", sets)).toMatchObject({status: 0});
    const other = await openBundle(folderBundle(again));
    expect(other.manifest.trainedOn).toEqual(manifest.trainedOn);
    expect(other.hash).toBe((await openBundle(folderBundle(plain))).hash);
    expect(hash).not.toBe(other.hash);
    const inspected = await cli("inspect", cells, "--model", told);
    expect(inspected.text).toMatch(
      /all 12 cells are of a data set that the model was trained on \(twelve made-up cells\)/
    );
  });

  test.each([
    ["{", /is not JSON: give JSON like/],
    ["[]", /is no list of training sets/],
    ['[{"name": "x"}]', /is no list of training sets/],
    ['{"gone.h5ad": "x"}', /gone\.h5ad/]
  ])("%s is no list of training sets, in words", async (text, message) => {
    const sets = join(folder, "bad.json");
    writeFileSync(sets, text);
    const refused = await convert(join(folder, "refused"), "--trained-on", sets);
    expect(refused.status).not.toBe(0);
    expect(refused.errors).toMatch(message);
  });
});
