import {readdirSync} from "node:fs";
import {basename, join} from "node:path";
import {expect, test, vi} from "vitest";
import type {Page} from "playwright-core";
import {openAnnData} from "../../src/components/core/anndata/anndata.js";
import {fileFacts, inspect} from "../../src/components/core/stages/file-facts.js";
import type {OpenFile} from "../../src/components/core/stages/stage.js";
import {isWorkbookError} from "../../src/components/core/errors.js";
import {modelForFile} from "../../src/components/core/pipeline/model-for-file.js";
import {nodeAliases} from "../../src/components/runtime/node-aliases.js";
import {openCounts} from "../../src/components/runtime/node-counts.js";
import {openNodeModel} from "../../src/components/runtime/node-model.js";
import {openNodeSource} from "../../src/components/runtime/node-source.js";
import {sharedSource} from "../core/sources/sources.js";
import {fileSite} from "./file-site.js";

vi.setConfig({testTimeout: 60_000});

const site = fileSite({coi: true, serviceWorkers: "none"});

/** What is said of counts: everything that the page knows of an open file. */
type Facts = Omit<OpenFile, "runner" | "answers">;

/** What is opened, in Node by its path, on the page by the files that are picked. */
interface Case {
  path: string;
  /** Files that are picked together; the path itself unless told. */
  files?: string[];
}

const own = (name: string): string => join("tests/fixtures/sources", name);
const filesOf = (folder: string): string[] => readdirSync(folder).map((name) => join(folder, name));

const cases: Case[] = [
  {path: own("with-antibodies.h5")},
  {path: own("unclear-genomes.h5")},
  {path: "tests/fixtures/users-files/two.h5mu"},
  {path: own("mtx-genes"), files: filesOf(own("mtx-genes"))},
  {path: own("mtx-sample")},
  {path: own("mtx-raw-and-filtered.zip")},
  {path: own("zarr-v2.zip")},
  {path: own("zarr-v3.zip")},
  {path: "tests/fixtures/cells"},
  ...[
    "10x_v1/filtered_gene_bc_matrices_h5.h5",
    "10x_v1/multiple_genomes.h5",
    "10x_v1/hg19_chr21",
    "10x_v3/filtered_feature_bc_matrix.h5",
    "10x_v3/filtered_feature_bc_matrix",
    "anndata_v0.7.0.zarr.zip",
    "anndata_v0.11.4.zarr.zip",
    "pbmc68k_reduced.zarr.zip",
    "unsorted_matrix.mtx",
    "bad_format_has_character.mtx"
  ]
    .flatMap((name) => sharedSource(name) ?? [])
    .map((path) => ({path}))
];

/** What Node says of counts; the fault in words where they are refused. */
async function inNode(path: string): Promise<Facts | string> {
  try {
    const anndata = openAnnData(await openCounts(path));
    const {identity, close} = await openNodeSource(path);
    const model = await modelForFile(await openNodeModel(undefined), anndata, {});
    const {genes, manifest} = model;
    const known = {genes, model, trainedOn: manifest.trainedOn, aliases: nodeAliases};
    const inspection = await inspect(anndata, known, {});
    const facts = fileFacts(anndata, {identity, bytes: anndata.reader.byteLength}, inspection);
    anndata.close();
    await close();
    return facts;
  } catch (error) {
    if (!isWorkbookError(error)) throw error;
    return error.details.fault;
  }
}

/** What the page says of files that are picked. */
async function onPage(page: Page, {path, files}: Case, refused: boolean): Promise<Facts | string> {
  await page.evaluate(() => document.querySelectorAll(".wb-notice").forEach((bar) => bar.setAttribute("data-old", "")));
  const isFolder = files === undefined && !/\.\w+$/.test(path);
  await page
    .locator(`.wb-data input[type=file]${isFolder ? "[webkitdirectory]" : ":not([webkitdirectory])"}`)
    .setInputFiles(files ?? path);
  const settled = await page.waitForFunction(
    ([names, refused]) => {
      const input = document.querySelector<HTMLElement & {value?: OpenFile}>(".wb-file")!;
      const bars = [...document.querySelectorAll<HTMLElement>(".wb-file .wb-notice:not([data-old])")];
      const bar = bars.find(({innerText}) => /^\s*Error/.test(innerText));
      if (refused) return bar?.textContent ?? null;
      if (input.querySelector<HTMLElement>(".wb-data")!.dataset["state"] !== "open") return null;
      const {runner: _, answers: __, ...facts} = input.value ?? ({} as OpenFile);
      return names.includes(facts.name) ? facts : null;
    },
    [[basename(path), "matrix"], refused] as const
  );
  return (await settled.jsonValue()) as Facts | string;
}

test("counts of every format are on the page what they are in Node, and refused in the same words", async () => {
  const {url, newPage} = site();
  const page = await newPage();
  await page.goto(`${url}stages/load`);
  await page.waitForSelector('.wb-data[data-state="open"]');
  for (const each of cases) {
    const expected = await inNode(each.path);
    const found = await onPage(page, each, typeof expected === "string");
    if (typeof expected === "string") {
      const plain = (text: string) => text.replace(/[\s.]+/g, " ").toLowerCase();
      expect(plain(found as string)).toContain(plain(expected));
    } else {
      // Files that came without their folder go by the matrix.
      const {name: _, bytes: __, ...facts} = expected;
      const {name, bytes} = found as Facts;
      const ofFile = {file: {name, bytes}};
      expect(found).toMatchObject(JSON.parse(JSON.stringify({...facts, inspection: {...facts.inspection, ...ofFile}})));
    }
  }
  // A folder's copy is kept, so that a reload finds it.
  await page.locator(".wb-data input[webkitdirectory]").setInputFiles(own("mtx-sample"));
  await page.getByText("A copy of mtx-sample").waitFor();
  await page.reload();
  await page.waitForFunction(() => document.querySelector(".wb-data-name")?.textContent === "mtx-sample");
});
