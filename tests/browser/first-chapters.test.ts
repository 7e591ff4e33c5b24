import {spawnSync} from "node:child_process";
import {readFileSync} from "node:fs";
import {join, resolve} from "node:path";
import {afterAll, beforeAll, describe, expect, test, vi} from "vitest";
import type {Page} from "playwright-core";
import {writeAnnData} from "../../src/components/adapters/h5wasm-write.js";
import {openAnnData} from "../../src/components/core/anndata/anndata.js";
import {streamRows} from "../../src/components/core/anndata/stream-rows.js";
import {alignGenes} from "../../src/components/core/cells/align.js";
import {cellSteps} from "../../src/components/core/cells/cell-steps.js";
import {logNormalize} from "../../src/components/core/space/log-normalize.js";
import {parseGenes} from "../../src/components/core/cells/genes-csv.js";
import type {Sampling} from "../../src/components/core/types.js";
import {openH5File} from "../../src/components/runtime/node-h5.js";
import {loadH5wasm} from "../../src/components/runtime/node-h5wasm.js";
import type {LoadChapter} from "../../src/components/pages/load-chapter.js";
import {constants} from "../core/cells/helpers.js";
import {withSite} from "./harness.js";
import {demoFile, noticesOf, pick, settled} from "./workbook-page.js";

vi.setConfig({testTimeout: 400_000});

let demo: ReturnType<typeof demoFile>;
beforeAll(() => {
  demo = demoFile();
});
afterAll(() => demo.remove());

/** The tokens of the demo's cell, computed here. */
async function tokensOf(row: number, sampling: Sampling): Promise<number[]> {
  const anndata = openAnnData(await openH5File(demo.path));
  const genes = parseGenes(readFileSync("src/data/human-genes.csv", "utf8"));
  const alignment = alignGenes(anndata.varNames(), genes);
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

/** The tokens that the table shows, all of its pages. */
async function shownTokens(page: Page): Promise<number[]> {
  const next = page.locator(".wb-tokens button[aria-label$='next page']");
  await page
    .locator(".wb-tokens button[aria-label$='first page']")
    .click()
    .catch(() => {});
  const found: number[] = [];
  for (;;) {
    found.push(...(await page.locator(".wb-tokens tbody td:nth-child(2)").allTextContents()).map(Number));
    if (await next.isDisabled()) return found;
    await next.click();
  }
}

const shows = (page: Page, row: number, sampling: Sampling) =>
  page.waitForFunction(
    ([row, sampling]) => {
      const {steps} =
        (window as unknown as {chapter: {steps: {row: number; sentence: {sampling: string}} | null}}).chapter ?? {};
      return steps?.row === row && steps.sentence.sampling === sampling;
    },
    [row, sampling] as const,
    {timeout: 60_000}
  );

describe("the chapters on loading, normalizing and sampling", () => {
  test("a cell's tokens are those of a run, its Python prints them, links keep the cell; a file without counts is told of", async () => {
    await withSite({coi: true}, async ({url, newPage}) => {
      const page = await newPage({viewport: {width: 1280, height: 900}, reducedMotion: "reduce"});
      await page.goto(`${url}stages/sample?cell=7`);
      await shows(page, 7, "reference");
      const tokens = await shownTokens(page);
      expect(tokens).toEqual(await tokensOf(7, "reference"));
      const code = await page.evaluate(() => (window as unknown as {chapter: {code: string}}).chapter.code);
      const {status, stdout, error} = spawnSync("/usr/bin/python3", ["-"], {input: code, encoding: "utf8"});
      if (error === undefined && status === 0) expect(JSON.parse(stdout)).toEqual(tokens);

      const name = openAnnData(await openH5File(demo.path)).obsNames()[31];
      await page.locator("[role=combobox]").fill(name);
      await page.keyboard.press("Enter");
      await shows(page, 31, "reference");
      await page.locator("select[aria-label=Sampling]").selectOption("low-variance");
      await shows(page, 31, "low-variance");
      expect(await shownTokens(page)).toEqual(await tokensOf(31, "low-variance"));
      expect(new URL(page.url()).search).toMatch(/cell=31/);
      expect(new URL(page.url()).search).toMatch(/sampling=low-variance/);

      await page.locator("#observablehq-main a", {hasText: "Normalize"}).first().click();
      await page.waitForURL(/normalize.*cell=31/);
      await page.waitForSelector(".wb-probabilities tbody tr:nth-child(5)");
      await page.waitForFunction(() => document.querySelectorAll(".wb-distribution svg").length === 2);
      expect(await page.locator("[role=combobox]").inputValue()).toBe(`31: ${name}`);

      await page.goto(`${url}stages/load`);
      await page.waitForFunction(() => document.querySelectorAll(".wb-distribution svg").length === 3, null, {
        timeout: 60_000
      });
      expect(await page.locator("[role=treeitem][aria-level='2']").count()).toBeGreaterThan(3);
      const log = resolve("tests/fixtures/anndata/values-log.h5ad");
      await pick(page, log);
      expect(await settled(page, "values-log.h5ad")).toBe("open");
      expect((await noticesOf(page)).map(({code}) => code)).toContain("no-counts");
      await page.waitForSelector(".wb-recovery h3");
      expect(await page.locator(".wb-recovery").textContent()).toMatch(/Counts can(not)? be recovered from X/);

      await pick(page, await loggedFile(40));
      expect(await settled(page, "logged.h5ad")).toBe("open");
      await page.getByRole("button", {name: "Use these counts"}).click();
      await page.waitForSelector('[data-matrix="recovered:ln:X"][data-verdict="counts"] input:checked');
      const notices = await noticesOf(page);
      expect(notices.find(({code}) => code === "recovered-counts")?.message).toMatch(/40 of 40 cells/);
      expect(notices.map(({code}) => code)).not.toContain("no-counts");
      await page.waitForFunction(() => document.querySelectorAll(".wb-distribution svg").length === 3, null, {
        timeout: 60_000
      });
      expect(new URL(page.url()).searchParams.get("matrix")).toBe("recovered:ln:X");
      const drawn = await page.evaluate(() =>
        (window as unknown as {chapter: LoadChapter}).chapter.session.client
          .ask(
            "cellSteps",
            {matrix: "recovered:ln:X", geneColumn: null, row: 7, sampling: "reference", seeds: "row"},
            {}
          )
          .then(({sentence}) => [...sentence!.sequence])
      );
      expect(drawn).toEqual(await tokensOf(7, "reference"));
    });
  });
});
