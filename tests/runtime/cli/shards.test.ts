import {spawn} from "node:child_process";
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {setTimeout as wait} from "node:timers/promises";
import {afterAll, beforeAll, expect, test} from "vitest";
import {tableFromBytes} from "../../../src/components/core/tables/file.js";
import {readEmbeddings} from "../../../src/components/core/tables/embeddings.js";
import {readProvenance} from "../../../src/components/core/tables/provenance.js";
import {demoIn} from "../../demo-file.js";
import {shortModel} from "../../short-model.js";
import {cli} from "./run-program.js";

let folder: string;
let demo: string;
let model: string[];
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "shards-"));
  demo = demoIn(folder);
  model = ["--model", await shortModel(folder)];
});
afterAll(() => rmSync(folder, {recursive: true}));

const read = (name: string) => {
  const table = tableFromBytes(readFileSync(at(name)));
  return {provenance: readProvenance(table), ...readEmbeddings(table)};
};

test("shards, merged, are the table of one run; what does not belong together is refused", async () => {
  const rows = ["--rows", "5-15", ...model];
  const embed = (out: string, ...more: string[]) => cli("embed", demo, "--out", at(out), ...more);
  expect(await embed("whole.arrow", ...rows)).toMatchObject({status: 0, errors: ""});
  for (const i of [1, 2, 3]) expect(await embed(`${i}.arrow`, ...rows, "--shard", `${i}/3`)).toMatchObject({status: 0});
  expect(read("2.arrow").provenance).toMatchObject({shard: {index: 2, of: 3, first: 5, last: 15}});
  const merge = (out: string, ...names: string[]) => cli("merge", ...names.map(at), "--out", at(out));
  expect(await merge("all.arrow", "3.arrow", "1.arrow", "2.arrow")).toMatchObject({
    status: 0,
    text: expect.stringContaining("11 cells of 3 tables")
  });
  expect(read("all.arrow")).toEqual(read("whole.arrow"));

  expect(await merge("no.arrow", "1.arrow", "3.arrow")).toMatchObject({
    status: 2,
    errors: expect.stringContaining("rows 8-11 are in none")
  });
  expect(await merge("1.arrow", "1.arrow", "2.arrow")).toMatchObject({
    status: 1,
    errors: expect.stringContaining("is the file to be read")
  });
  expect(existsSync(at("no.arrow"))).toBe(false);
  const partial = await cli("merge", at("1.arrow"), at("3.arrow"), "--partial", "--json", "--out", at("part.arrow"));
  expect(JSON.parse(partial.text)).toMatchObject({cells: 7, missing: "8-11"});
  expect(await embed("no.arrow", "--shard", "4/3")).toMatchObject({
    status: 1,
    errors: expect.stringContaining("--shard cannot be")
  });
  expect(await embed("no.arrow", "--rows", "0-1", "--shard", "1/3")).toMatchObject({
    status: 1,
    errors: expect.stringContaining("has no cells: there are 2")
  });
});

test("several files become a table each in a folder", async () => {
  const two = ["tests/fixtures/anndata/values-empty-cells.h5ad", "tests/fixtures/anndata/columns.h5ad"];
  const told = await cli("embed", ...two, "--rows", "0-1", "--out", at("tables"), "--json");
  expect(told.status).toBe(0);
  expect(JSON.parse(told.text)).toMatchObject([
    {file: "values-empty-cells.h5ad", cells: 2},
    {file: "columns.h5ad", cells: 2}
  ]);
  expect(readdirSync(at("tables")).sort()).toEqual(["columns.arrow", "values-empty-cells.arrow"]);
  const faults = await cli(
    "embed",
    two[1],
    "tests/fixtures/anndata/values-nan.h5ad",
    "--rows",
    "0-1",
    "--out",
    at("tables")
  );
  expect(faults).toMatchObject({status: 2, errors: expect.stringContaining("values-nan.h5ad")});
  expect(await cli("embed", two[1], two[1], "--out", at("tables"))).toMatchObject({
    status: 1,
    errors: expect.stringContaining("both be written to")
  });
  expect(await cli("embed", ...two, "--out", "-")).toMatchObject({
    status: 1,
    errors: expect.stringContaining("2 files make 2 tables")
  });
});

test("a run that is killed twice loses nothing and doubles nothing: its table is that of an uninterrupted one, byte for byte", async () => {
  const args = [demo, "--rows", "0-15", "--threads", "1"];
  const parts = () =>
    existsSync(at("store"))
      ? readdirSync(at("store"), {recursive: true, encoding: "utf8"}).filter((name) => /part-[^/]*\.arrow$/.test(name))
          .length
      : 0;
  for (const batches of [1, 3]) {
    const child = spawn(
      process.execPath,
      ["src/cli.js", "embed", ...args, "--store", at("store"), "--out", at("killed.arrow")],
      {stdio: "ignore"}
    );
    const gone = new Promise((done) => child.on("close", (_, signal) => done(signal)));
    while (child.exitCode === null && parts() < batches) await wait(2);
    child.kill("SIGKILL");
    expect(await gone).toBe("SIGKILL");
  }
  expect(existsSync(at("killed.arrow"))).toBe(false);
  const kept = parts() * 4;
  const resumed = await cli("embed", ...args, "--store", at("store"), "--out", at("killed.arrow"));
  expect(resumed).toMatchObject({status: 0, errors: expect.stringContaining(`${kept} cells were embedded earlier`)});
  await cli("embed", ...args, "--out", at("uninterrupted.arrow"));
  expect(readFileSync(at("killed.arrow")).equals(readFileSync(at("uninterrupted.arrow")))).toBe(true);
});
