import {existsSync, mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join, resolve} from "node:path";
import {afterAll, beforeAll, describe, expect, test} from "vitest";
import type {Inspection} from "../../../src/components/core/anndata/inspect.js";
import {tableFromBytes} from "../../../src/components/core/tables/file.js";
import {readProvenance} from "../../../src/components/core/tables/provenance.js";
import {readSentences} from "../../../src/components/core/tables/sentences.js";
import {cli} from "./run-program.js";

interface Expected {
  repair: string | null;
  exact: number;
  aligned: number | null;
}

const names = resolve("tests/fixtures/names");
const users = resolve("../shared/data/users-files");
const expected = JSON.parse(readFileSync(join(names, "expected.json"), "utf8")) as Record<string, Expected>;
let folder: string;
/** Tokens of the cells under the names of the model. */
let plain: number[][];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "repair-"));
  plain = (await sentences(join(names, "plain.h5ad"))).tokens;
});
afterAll(() => rmSync(folder, {recursive: true}));

/** Tokens of every cell, and the provenance, as `sentences` writes them. */
async function sentences(path: string, ...options: string[]) {
  const out = join(folder, "sentences.arrow");
  const told = await cli("sentences", path, "--out", out, ...options);
  expect(told).toMatchObject({status: 0});
  const table = tableFromBytes(readFileSync(out), out);
  const {rows, tokens} = readSentences(table);
  return {tokens: Array.from(rows, (_, i) => [...(tokens(i) ?? [])]), provenance: readProvenance(table)!, told};
}

const inspect = async (path: string, ...options: string[]) =>
  JSON.parse((await cli("inspect", path, "--json", ...options)).text) as Inspection;

describe("files of the same counts under other names", () => {
  test.each(Object.entries(expected))("%s", async (name, {repair, exact, aligned}) => {
    const path = join(names, `${name}.h5ad`);
    const asTheyAre = await inspect(path, "--repair-genes", "none");
    expect(asTheyAre.genes).toMatchObject({exact, aligned: exact});
    if (repair === null) {
      for (const kinds of ["certain", "none", "all"]) {
        const told = await cli("embed", path, "--out", join(folder, "x.arrow"), "--repair-genes", kinds);
        expect(told).toMatchObject({status: 2, errors: expect.stringMatching(/look like those of (mouse|zebrafish)/)});
      }
      return;
    }
    expect((await inspect(path, "--repair-genes", repair)).genes).toMatchObject({exact, aligned});
    const ours = await sentences(path, "--repair-genes", repair);
    if (name === "clash") expect(ours.told.errors).toMatch(/names-clash|would become a symbol that another name has/);
    else expect(ours.tokens).toEqual(plain);
    expect(ours.provenance.genes).toMatchObject({aligned, repaired: aligned! - exact});
    if (repair === "none") expect(ours.provenance.genes?.repair).toEqual([]);
  });

  test("the certain repairs are taken unasked, and said; none is without them", async () => {
    const path = join(names, "prefixed.h5ad");
    const {tokens, told, provenance} = await sentences(path);
    expect(tokens).toEqual((await sentences(join(names, "plain.h5ad"))).tokens);
    expect(told.errors).toMatch(/30 gene names with the name of a genome in front \(GRCh38_TP53 read as TP53, /);
    expect(provenance.genes).toEqual({
      names: "var_names",
      inFile: 32,
      aligned: 30,
      species: "human",
      repair: ["spaces", "prefix", "version", "pair"],
      repaired: 30
    });
    const none = await cli("sentences", path, "--out", join(folder, "n.arrow"), "--repair-genes", "none");
    expect(none).toMatchObject({
      status: 2,
      errors: expect.stringMatching(/none of the 32 gene names .*take the repair/)
    });
  });

  test("raw/X is read where it has more genes, also behind a prefix", async () => {
    const {tokens, provenance} = await sentences(join(names, "prefixed-raw.h5ad"));
    expect(provenance.matrix).toBe("raw/X");
    expect(tokens).toEqual((await sentences(join(names, "plain.h5ad"))).tokens);
  });

  test("another species is refused by every command, with ways to insist that work", async () => {
    const path = join(names, "mouse-symbols.h5ad");
    for (const command of ["sentences", "embed"]) {
      const refused = await cli(command, path, "--out", join(folder, "m.arrow"));
      expect(refused).toMatchObject({status: 2, errors: expect.stringMatching(/mouse or rat .*--repair-genes case/)});
    }
    expect((await inspect(path)).problems[0]).toMatchObject({code: "other-species", severity: "error"});
    const {told} = await sentences(path, "--repair-genes", "case");
    expect(told.errors).toMatch(/the genes look like those of mouse or rat/);
  });

  test("an option that means nothing is a usage error with the words that do", async () => {
    const told = await cli("inspect", join(names, "plain.h5ad"), "--repair-genes", "alias");
    expect(told).toMatchObject({status: 1, errors: expect.stringMatching(/"alias".*spaces,prefix,.*aliases,case/)});
  });
});

describe("files of users", () => {
  const file = (name: string) => join(users, `${name}.h5ad`);
  if (!existsSync(users)) test("are not here", (context) => context.skip(`${users} is not here`));

  test.runIf(existsSync(users))("prefixed_grch38 gives control's tokens, unasked", async () => {
    expect((await sentences(file("prefixed_grch38"))).tokens).toEqual((await sentences(file("control"))).tokens);
  });

  test.runIf(existsSync(users))(
    "excel_dates_and_old_symbols lists names, meanings, counts and the option",
    async () => {
      const {genes, problems} = await inspect(file("excel_dates_and_old_symbols"));
      expect(genes.repair.kinds).toMatchObject([{kind: "aliases", taken: false, names: 7}]);
      expect(genes.repair.kinds[0].examples).toContainEqual({from: "SEPT6", to: "SEPTIN6"});
      expect(genes.repair.kinds[0].countShare).toBeGreaterThan(0.05);
      expect(genes.repair.unclear.examples).toEqual([
        {name: "1-Mar", symbols: ["MARCHF1", "MTARC1"]},
        {name: "2-Sep", symbols: ["SEPTIN2", "SEPTIN6"]}
      ]);
      expect(problems.map(({code, severity}) => [code, severity])).toEqual([
        ["names-repairable", "warning"],
        ["names-unclear", "warning"]
      ]);
      expect(problems[0].remedy).toContain("--repair-genes aliases");
      const settled = ["--repair-genes", "aliases,1-Mar=MARCHF1,2-Sep=SEPTIN2"];
      expect((await sentences(file("excel_dates_and_old_symbols"), ...settled)).tokens).toEqual(
        (await sentences(file("control"))).tokens
      );
    }
  );

  test.runIf(existsSync(users))("mouse_symbols_few_in_common is refused; in capitals it is control", async () => {
    const mouse = file("mouse_symbols_few_in_common");
    const refused = await cli("embed", mouse, "--out", join(folder, "m.arrow"));
    expect(refused).toMatchObject({status: 2, errors: expect.stringMatching(/138 of 146 .* 6 as they are/)});
    expect((await inspect(mouse, "--repair-genes", "case")).genes).toMatchObject({exact: 6, aligned: 144});
    await sentences(mouse, "--repair-genes", "none");
  });
});
