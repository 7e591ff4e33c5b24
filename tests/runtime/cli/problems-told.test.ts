import {existsSync, mkdtempSync, readdirSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join, resolve} from "node:path";
import {afterAll, beforeAll, describe, expect, test} from "vitest";
import type {Inspection} from "../../../src/components/core/anndata/inspect.js";
import {shortModel} from "../../short-model.js";
import {cli} from "./run-program.js";

let folder: string;
let model: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "problems-"));
  model = ["--model", await shortModel(folder)];
});
afterAll(() => rmSync(folder, {recursive: true}));

/** Notices of a run that say what was chosen or done: no problem of the file. */
const ofTheRun = new Set(["matrix", "not-counts", "resumed", "not-stored"]);

interface Told {
  notices: {severity: string; code: string; message: string}[];
}

/** Codes of the problems that bear on a result, as inspect and as embed tell them. */
async function compare(path: string): Promise<void> {
  const out = join(folder, "out.arrow");
  const inspect = await cli("inspect", path, ...model, "--json");
  const embed = await cli("embed", path, "--out", out, "--rows", "0", ...model, "--json");
  if (inspect.status !== 0) {
    // What cannot be opened is refused by both, in the same words.
    expect(embed).toMatchObject({status: inspect.status, errors: inspect.errors});
    return;
  }
  const {problems} = JSON.parse(inspect.text) as Inspection;
  const fatal = problems.filter(({severity}) => severity === "error");
  if (embed.status !== 0) {
    // A cell without counts, or one that cannot be read, may come to light only when it is read.
    if (fatal.length > 0) expect(embed.status).toBe(2);
    else expect(embed.errors).toMatch(/no cell|row|cells? /);
    return;
  }
  expect(fatal).toEqual([]);
  const expected = problems.filter(({aside}) => aside !== true).map(({code}) => code);
  const {notices} = JSON.parse(embed.text) as Told;
  const told = notices.filter(({code}) => !ofTheRun.has(code));
  expect(told.map(({code}) => code).sort()).toEqual(expected.sort());
  for (const {message} of told) expect(embed.errors).toContain(message);
}

const folders: [what: string, place: string][] = [
  ["files as users have them", "../shared/data/users-files"],
  ["odd files", "../shared/data/odd"],
  ["fixtures of names", "tests/fixtures/names"]
];

for (const [what, place] of folders) {
  describe(`inspect and embed tell the same problems: ${what}`, () => {
    const there = existsSync(resolve(place));
    if (!there) test("are not here", (context) => context.skip(`${place} is not here`));
    const names = there ? readdirSync(resolve(place)).filter((name) => /\.h5(ad)?$/.test(name)) : [];
    test.each(names)("%s", (name) => compare(resolve(place, name)));
  });
}

test("a run that finds every result in its store tells them too", async (context) => {
  const path = resolve("tests/fixtures/names/dates-and-aliases.h5ad");
  if (!existsSync(path)) return context.skip(`${path} is not here`);
  const run = () =>
    cli("embed", path, "--out", join(folder, "s.arrow"), "--store", join(folder, "store"), ...model, "--json");
  const codes = ({text}: {text: string}) => (JSON.parse(text) as Told).notices.map(({code}) => code);
  const first = codes(await run());
  expect(first).toContain("names-repairable");
  expect(codes(await run())).toEqual(first);
});
