import {spawnSync} from "node:child_process";
import {readFileSync} from "node:fs";
import {join, resolve} from "node:path";
import {afterAll, beforeAll, describe, expect, test, vi} from "vitest";
import type {Page} from "playwright-core";
import {writeAnnData} from "../../src/components/adapters/h5wasm-write.js";
import {openAnnData} from "../../src/components/core/anndata/anndata.js";
import {streamRows} from "../../src/components/core/anndata/stream-rows.js";
import {alignGenes, type Alignment} from "../../src/components/core/cells/align.js";
import {cellSteps} from "../../src/components/core/cells/cell-steps.js";
import {logNormalize} from "../../src/components/core/space/log-normalize.js";
import {parseGenes} from "../../src/components/core/cells/genes-csv.js";
import {readSentences} from "../../src/components/core/tables/sentences.js";
import type {Sampling} from "../../src/components/core/types.js";
import {openH5File} from "../../src/components/runtime/node-h5.js";
import {loadH5wasm} from "../../src/components/runtime/node-h5wasm.js";
import {constants} from "../core/cells/helpers.js";
import {fileSite} from "./file-site.js";
import {keepsFocus, tabTo} from "./keys.js";
import {demoFile, noticesOf, pick, settled, stageIs, tableOf} from "./workbook-page.js";

vi.setConfig({testTimeout: 400_000});

const site = fileSite({coi: true});

let demo: ReturnType<typeof demoFile>;
beforeAll(() => {
  demo = demoFile();
});
afterAll(() => demo.remove());

/** The genes of the demo among those of the model; made once. */
let aligned: Alignment | undefined;

/** The tokens of the demo's cell, computed here. */
async function tokensOf(row: number, sampling: Sampling): Promise<number[]> {
  const anndata = openAnnData(await openH5File(demo.path));
  const known = () => parseGenes(readFileSync("src/data/human-genes.csv", "utf8"));
  const alignment = (aligned ??= alignGenes(anndata.varNames(), known()));
  try {
    for await (const block of streamRows(anndata, "X", {rows: Int32Array.of(row)})) {
      return [...cellSteps(block, alignment, {sampling, seed: row, constants}).sentence!.sequence];
    }
    throw new Error(`no row ${row}`);
  } finally {
    anndata.close();
  }
}

/** The demo's first cells as logarithms, ln(1 + counts per 10,000), in a file of their own. */
async function loggedFile(cells: number): Promise<string> {
  const anndata = openAnnData(await openH5File(demo.path));
  const {File} = await loadH5wasm().then(() => import("h5wasm/node"));
  const path = join(demo.folder, "logged.h5ad");
  try {
    for await (const block of streamRows(anndata, "X", {rows: Int32Array.from({length: cells}, (_, row) => row)})) {
      const file = new File(path, "w");
      writeAnnData(file, {
        counts: logNormalize(block),
        obsNames: anndata.obsNames().slice(0, cells),
        varNames: anndata.varNames(),
        obs: {}
      });
      file.close();
    }
  } finally {
    anndata.close();
  }
  return path;
}

/** The tokens that the table shows, all of its pages, turned by its own buttons. */
function shownTokens(page: Page): Promise<number[]> {
  return page.evaluate(() => {
    const button = (name: string) =>
      document.querySelector<HTMLButtonElement>(`.wb-tokens button[aria-label$="${name}"]`)!;
    button("first page").click();
    const found: number[] = [];
    for (;;) {
      const cells = document.querySelectorAll(".wb-tokens tbody td:nth-child(2)");
      found.push(...Array.from(cells, ({textContent}) => Number(textContent)));
      if (button("next page").disabled) return found;
      button("next page").click();
    }
  });
}

/** The Python that the page offers for the cell on show; "" before there is any. */
const codeOf = (page: Page) => page.locator(".wb-codebox code.language-python").textContent();

/** Waits until the page shows the sentence of a row, drawn in a way. */
const shows = (page: Page, row: number, sampling: Sampling) =>
  page.waitForFunction(
    (first) =>
      document.querySelector(".wb-codebox code.language-python")?.textContent?.startsWith("# Tokens") &&
      document.querySelector(".wb-codebox code.language-python")!.textContent!.split("\n")[0].includes(first),
    `(row ${row}) of ${decodeURIComponent(new URL(page.url()).searchParams.get("name") ?? "demo.h5ad")}, ${sampling} sampling`,
    {timeout: 60_000}
  );

const figures = (page: Page, n: number) =>
  page.waitForFunction((n) => document.querySelectorAll(".wb-distribution svg").length === n, n, {timeout: 60_000});

/** Looks for a cell by keys, steps to the next one, and turns to the last page of its tokens; nothing of it loses the focus. */
async function looksByKeys(page: Page): Promise<void> {
  await tabTo(page, "[role=combobox]");
  await page.keyboard.type("4");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await page.waitForURL(/cell=4(&|$)/);
  await tabTo(page, 'button[aria-label="Next cell"]');
  await page.keyboard.press("Enter");
  await page.waitForURL(/cell=5(&|$)/);
  await keepsFocus(page, "Next cell");
  await shows(page, 5, "reference");
  await tabTo(page, '.wb-tokens button[aria-label$="last page"]');
  await page.keyboard.press("Enter");
  await keepsFocus(page, "the last page of a table");
  expect(await page.locator('.wb-tokens button[aria-label$="last page"]').isDisabled()).toBe(true);
}

/** No cell of the page shows an error of its own. */
const redCells = (page: Page) => page.locator(".observablehq--error").allTextContents();

describe("the chapters on loading, normalizing and sampling", () => {
  test("a cell's tokens are those of a run, its Python prints them; cells are looked for and pages of a table are turned by keys; links keep cell and sampling", async () => {
    const {url, newPage} = site();
    const page = await newPage({viewport: {width: 1280, height: 900}, reducedMotion: "reduce"});
    await page.goto(`${url}stages/sample?cell=7`);
    await shows(page, 7, "reference");
    const tokens = await shownTokens(page);
    expect(tokens).toEqual(await tokensOf(7, "reference"));
    const {status, stdout, error} = spawnSync("/usr/bin/python3", ["-"], {
      input: (await codeOf(page))!,
      encoding: "utf8"
    });
    if (error === undefined && status === 0) expect(JSON.parse(stdout)).toEqual(tokens);
    await stageIs(page, "sample", "done");
    const {rows, tokens: all} = readSentences(await tableOf(page, "sentences"));
    expect([...all([...rows].indexOf(7))!]).toEqual(tokens);

    await looksByKeys(page);
    const name = openAnnData(await openH5File(demo.path)).obsNames()[31];
    await page.getByLabel("Cell: row number or name", {exact: true}).fill(name);
    await page.keyboard.press("Enter");
    await shows(page, 31, "reference");
    await page
      .getByLabel("Sampling", {exact: true})
      .selectOption({label: "low-variance: systematic draws, less noise (not the reference)"});
    await shows(page, 31, "low-variance");
    expect(await shownTokens(page)).toEqual(await tokensOf(31, "low-variance"));

    await page.locator("#observablehq-main p a", {hasText: "Normalize"}).last().click();
    await page.waitForURL(/normalize.*cell=31/);
    expect(new URL(page.url()).searchParams.get("sampling")).toBe("low-variance");
    await page.waitForSelector(".wb-probabilities tbody tr:nth-child(5)");
    await figures(page, 2);
    expect(await page.locator("[role=combobox]").inputValue()).toBe(`31: ${name}`);
    expect(await redCells(page)).toEqual([]);
  });

  test("a file is described; one without counts is told of, its counts are recovered on request, and the next page uses them", async () => {
    const {url, newPage} = site();
    const page = await newPage({viewport: {width: 1280, height: 900}, reducedMotion: "reduce"});
    await page.goto(`${url}stages/load`);
    await figures(page, 3);
    expect(await page.locator("[role=treeitem][aria-level='2']").count()).toBeGreaterThan(3);
    await stageIs(page, "load", "done");
    expect((await tableOf(page, "cells")).numRows).toBe(260);
    expect(await page.locator("form[class*=table] th", {hasText: "total_counts"}).count()).toBe(1);

    await pick(page, resolve("tests/fixtures/anndata/values-log.h5ad"));
    expect(await settled(page, "values-log.h5ad")).toBe("open");
    expect((await noticesOf(page)).map(({code}) => code)).toContain("no-counts");
    await page.waitForSelector(".wb-recovery h3");
    expect(await page.locator(".wb-recovery").textContent()).toMatch(/Counts can(not)? be recovered from X/);
    await page.waitForFunction(() => document.querySelectorAll(".wb-distribution .wb-waiting").length === 3);
    expect(await page.locator(".wb-distribution .wb-waiting").allTextContents()).toEqual([
      "No matrix of counts is chosen, so there is nothing to add up.",
      "–",
      "–"
    ]);
    // The tables of the file before are not shown as this one's.
    await page.waitForFunction(() => document.querySelector("form[class*=table] th") === null);

    await pick(page, await loggedFile(40));
    expect(await settled(page, "logged.h5ad")).toBe("open");
    await page.getByRole("button", {name: "Use these counts"}).click();
    await page.waitForSelector('[data-matrix="recovered:ln:X"][data-verdict="counts"] input:checked');
    const notices = await noticesOf(page);
    expect(notices.find(({code}) => code === "recovered-counts")?.message).toMatch(/40 of 40 cells/);
    expect(notices.map(({code}) => code)).not.toContain("no-counts");
    await figures(page, 3);
    expect(new URL(page.url()).searchParams.get("matrix")).toBe("recovered:ln:X");

    // What is not a file of cells leaves the one that is open, as it was chosen.
    await pick(page, resolve("package.json"));
    await page.waitForSelector('.wb-notice[data-severity="error"]');
    expect(await settled(page, "logged.h5ad")).toBe("open");
    expect((await noticesOf(page)).map(({code}) => code)).toContain("recovered-counts");

    await page.waitForFunction(() => document.querySelector(".wb-keep")!.textContent!.includes("is kept"));
    await page.goto(`${url}stages/sample${new URL(page.url()).search}&cell=7`);
    await shows(page, 7, "reference");
    expect(await shownTokens(page)).toEqual(await tokensOf(7, "reference"));
    await page.locator(".wb-settings summary").first().click();
    expect(await page.isChecked('[data-matrix="recovered:ln:X"] input')).toBe(true);
    expect(await redCells(page)).toEqual([]);
  });
});
