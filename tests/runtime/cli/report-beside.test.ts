import {spawnSync} from "node:child_process";
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {JSDOM} from "jsdom";
import {afterAll, beforeAll, expect, test} from "vitest";
import {readCells} from "../../../src/components/core/tables/cells.js";
import {readEmbeddings} from "../../../src/components/core/tables/embeddings.js";
import {tableFromBytes} from "../../../src/components/core/tables/file.js";
import {fileIdentity} from "../../../src/components/core/tables/identity.js";
import {placedCells} from "../../../src/components/core/tables/placed-cells.js";
import {demoIn} from "../../demo-file.js";
import {shortModel} from "../../short-model.js";
import {cli} from "./run-program.js";

// What a report leaves beside its site: its source, and a live workbook.
let folder: string;
let demo: string;
let model: string[];
const at = (name: string) => join(folder, name);
const rows = ["--rows", "0-39"];
const documentAt = (path: string) => new JSDOM(readFileSync(path, "utf8")).window.document;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "report-beside-"));
  demo = demoIn(folder);
  model = ["--model", await shortModel(folder)];
});
afterAll(() => rmSync(folder, {recursive: true}));

test("its source holds what the site shows as tables, is replaced while nobody edited it, and is kept once someone did", async () => {
  const args = ["report", demo, ...rows, ...model, "--color", "cell_type", "--genes", "SNAP25", "--store", at("store")];
  const kept = () => cli(...args, "--out", at("site-of-source"), "--keep-source", at("source"));
  expect(await kept()).toMatchObject({status: 0, text: expect.stringContaining("; source in ")});
  const cells = readCells(tableFromBytes(readFileSync(at("source/src/data/demo/cells.arrow"))));
  expect(cells.obs.map(({name}) => name)).toEqual(["cell_type", "gene SNAP25", "mitochondrial %"]);
  expect(cells.cellIds.slice(0, 2)).toEqual(["row 0", "row 1"]);
  const map = placedCells(tableFromBytes(readFileSync(at("source/src/data/demo/map.arrow"))));
  const csv = readFileSync(at("site-of-source/data/cells.csv"), "utf8").trim().split("\r\n").slice(1);
  expect(
    csv.map((line) =>
      line
        .split(",")
        .slice(2, 4)
        .map((text) => Math.fround(Number(text)))
    )
  ).toEqual(csv.map((_, i) => Array.from(map.positions.subarray(2 * i, 2 * i + 2), Number)));
  const page = readFileSync(at("source/src/index.md"), "utf8");
  for (const [, file] of page.matchAll(/"\.\/(data\/[^"]+)"/g))
    expect(existsSync(at(`source/src/${file}`)), file).toBe(true);
  // What npm and a build leave is not the lab's work.
  mkdirSync(at("source/node_modules"));
  writeFileSync(at("source/node_modules/x"), "");
  expect((await kept()).status).toBe(0);
  writeFileSync(at("source/src/index.md"), `${page}\nMine.\n`);
  expect(await kept()).toMatchObject({
    status: 1,
    errors: expect.stringMatching(/source has been edited \(src\/index\.md\)/)
  });
  expect(readFileSync(at("source/src/index.md"), "utf8")).toMatch(/Mine\.\n$/);
  expect(await cli(...args, "--out", at("no"), "--keep-source", at("no/source"))).toMatchObject({
    status: 1,
    errors: expect.stringMatching(/lie one within the other/)
  });
  expect(await cli(...args, "--out", at("no"), "--keep-source", at("store"))).toMatchObject({
    status: 1,
    errors: expect.stringMatching(/holds other files \(.*name a folder that is new or empty/)
  });
});

test("the live workbook beside it opens a file with the published columns and no more; an open one, and one of another model, are refused", async () => {
  const built = (name: string, connect: string, manifest: Uint8Array) => {
    mkdirSync(at(`${name}/data/model`), {recursive: true});
    const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; connect-src ${connect}; base-uri 'none'">`;
    writeFileSync(at(`${name}/index.html`), `${policy}<main id="observablehq-main"></main>`);
    writeFileSync(at(`${name}/data/model/manifest.json`), manifest);
    return at(name);
  };
  const manifest = readFileSync(join(model[1], "manifest.json"));
  const args = ["report", demo, ...rows, ...model, "--color", "cell_type", "--store", at("store")];
  const live = (dist: string) => cli(...args, "--out", at("with-live"), "--live", dist);
  const closed = "'self' blob: data:";
  expect(await live(built("dist", closed, manifest))).toMatchObject({
    status: 0,
    errors: expect.stringMatching(/--live adds 0 MB of workbook to the site, and the counts of all cells/)
  });
  const page = documentAt(at("with-live/index.html"));
  const address = page.querySelector("a[href^='live/']")!.getAttribute("href")!;
  const asked = new URL(address, "https://x/").searchParams;
  const file = at(`with-live/live/data/live/${asked.get("name")}`);
  const anndata = await cli("inspect", file, "--json");
  const inspected = JSON.parse(anndata.text) as {nObs: number; obs: {name: string}[]; matrix: {isCounts: boolean}};
  expect(inspected).toMatchObject({nObs: 40, matrix: {isCounts: true}});
  expect(inspected.obs.map(({name}) => name)).toEqual(["cell_type"]);
  const bytes = readFileSync(file);
  expect(asked.get("data")).toBe(await fileIdentity({byteLength: bytes.length, slice: (a, b) => bytes.subarray(a, b)}));
  expect(bytes.includes("simulated-")).toBe(false);
  // The copy holds the same counts: its vectors are those of the original.
  const embedded = async (from: string, out: string) => {
    await cli("embed", from, "--rows", "0-2", ...model, "--out", at(out));
    return readEmbeddings(tableFromBytes(readFileSync(at(out)))).vectors;
  };
  expect(await embedded(file, "copy.arrow")).toEqual(await embedded(demo, "original.arrow"));
  expect(await live(built("open", `${closed} https: http:`, manifest))).toMatchObject({
    status: 1,
    errors: expect.stringMatching(/may call any address: build it closed: npm run build -- --closed/)
  });
  expect(await live(built("other", closed, Buffer.from("{}")))).toMatchObject({
    status: 1,
    errors: expect.stringMatching(/has another model than the report/)
  });
  expect(await live(folder)).toMatchObject({status: 1, errors: expect.stringMatching(/is no built workbook/)});
});

test("a full disk (needs the right to mount one): said so, the report that stood there stays", async ({skip}) => {
  const disk = at("disk");
  mkdirSync(disk);
  try {
    if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=400k", "tmpfs", disk]).status !== 0)
      return skip("no disk can be mounted here");
    const report = (...more: string[]) =>
      cli("report", demo, ...rows, ...model, "--store", at("store"), "--out", join(disk, "site"), ...more);
    expect((await report("--png", "0")).status).toBe(0);
    const page = readFileSync(join(disk, "site/index.html"));
    expect(await report("--png", "8000", "--color", "cell_type")).toMatchObject({
      status: 1,
      errors: expect.stringMatching(/site cannot be written: no space left on the disk.*free disk space/)
    });
    expect(readdirSync(disk)).toEqual(["site"]);
    expect(readFileSync(join(disk, "site/index.html")).equals(page)).toBe(true);
  } finally {
    spawnSync("umount", [disk]);
  }
});
