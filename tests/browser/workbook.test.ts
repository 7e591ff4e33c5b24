import {copyFileSync} from "node:fs";
import {join} from "node:path";
import * as h5wasm from "h5wasm/node";
import {afterAll, beforeAll, describe, expect, test, vi} from "vitest";
import type {Page} from "playwright-core";
import {selectRows} from "../../src/components/core/cells/select-rows.js";
import {relativeError} from "../../src/components/core/vectors/relative-error.js";
import {readProvenance} from "../../src/components/core/tables/provenance.js";
import {readUmap} from "../../src/components/core/tables/umap.js";
import {stageNames} from "../../src/components/core/types.js";
import {fileBrowser, fileSite} from "./file-site.js";
import {demoSeed, seededEmbeddings} from "./seeded.js";
import {
  chooseRandom,
  demoFile,
  doneOf,
  embeddingsOf,
  nodeEmbeddings,
  noticesOf,
  pick,
  reaches,
  runButton,
  settled,
  shorten,
  stageIs,
  tableOf,
  wordsOf
} from "./workbook-page.js";

vi.setConfig({testTimeout: 400_000});

const browser = fileBrowser();
const repository = fileSite({base: "/repo/", coi: true, browser});
const site = fileSite({coi: true, serviceWorkers: "none", browser});

let demo: ReturnType<typeof demoFile>;
beforeAll(() => {
  demo = demoFile();
});
afterAll(() => demo.remove());

/** Pixels of a map that are not empty: "This model", "In the file". */
function ink(page: Page, map: string): Promise<number> {
  return page
    .locator(".wb-linked-map", {has: page.getByRole("heading", {name: new RegExp(map)})})
    .locator("canvas")
    .evaluateAll((canvases) =>
      (canvases as HTMLCanvasElement[]).reduce((sum, canvas) => {
        const {data} = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
        let inked = 0;
        for (let i = 3; i < data.length; i += 4) inked += Number(data[i] > 0);
        return sum + inked;
      }, 0)
    );
}

/** Presses a Cancel, that of the run or of the data, and waits until nothing is at work; milliseconds. */
async function timeToCancel(page: Page, stage: "embed" | "umap" | "data"): Promise<number> {
  return page.evaluate(async (stage) => {
    const start = performance.now();
    const button = (place: string) =>
      [...document.querySelectorAll<HTMLElement>(`${place} button`)].find(({textContent}) => textContent === "Cancel")!;
    button(stage === "data" ? ".wb-data" : ".wb-run-bar").click();
    const works = '[data-stage][data-state="running"], .wb-run[data-running="true"], .wb-data[data-state="reading"]';
    while (document.querySelector(works) !== null) await new Promise((resolve) => setTimeout(resolve, 5));
    return performance.now() - start;
  }, stage);
}

/** Genes of a sentence, where it is not its length that is looked at: the demo's 260 cells take a minute at full length. */
const genes = 48;

/** Expects the vectors that Node computes of the same cells; those of the page. */
async function expectNodes(page: Page, reference: Awaited<ReturnType<typeof nodeEmbeddings>>) {
  const ours = await embeddingsOf(page);
  expect([...ours.rows]).toEqual([...reference.rows]);
  expect(relativeError(ours.vectors, reference.vectors, reference.rows.length, reference.width)).toBeLessThan(1e-3);
  return ours;
}

/** The demo with a map of its own; its path. */
async function withMap(): Promise<string> {
  const path = join(demo.folder, "with-map.h5ad");
  copyFileSync(demo.path, path);
  await h5wasm.ready;
  const file = new h5wasm.File(path, "a");
  const cells = file.get("obs/_index");
  const n = (cells as h5wasm.Dataset).shape![0];
  const positions = Float32Array.from({length: 2 * n}, (_, i) => Math.sin(i) * (1 + (i % 7)));
  file.create_dataset({name: "obsm/X_umap", data: positions, shape: [n, 2], dtype: "<f4"});
  file.close();
  return path;
}

describe("the demo", () => {
  test("runs without a click, in wasm, to the vectors that Node computes; its tables can be taken along; a reload computes nothing", async () => {
    const {url, newPage} = repository();
    const page = await newPage();
    await shorten(page, genes);
    await page.goto(url);
    await stageIs(page, "umap", "done", 300_000);
    for (const stage of stageNames) await stageIs(page, stage, "done");
    expect(await ink(page, "This model")).toBeGreaterThan(2000);
    expect(await noticesOf(page)).toMatchObject([{code: "no-gpu", message: expect.stringContaining("wasm")}]);
    expect(await wordsOf(page)).toContain("for demonstration, teaching and tests, not for research");

    const reference = seededEmbeddings(await demoSeed(genes));
    const ours = await expectNodes(page, reference);
    expect(await doneOf(page, "embed")).toBe(reference.rows.length);
    const map = await tableOf(page, "umap");
    expect(readUmap(map).positions).toHaveLength(2 * reference.rows.length);
    expect(readProvenance(map)).toMatchObject({
      source: {name: "demo.h5ad"},
      model: {backend: "wasm", precision: "int8"}
    });
    for (const name of ["genes", "cells", "sentences", "embeddings", "umap"]) {
      expect(await page.getByText(new RegExp(`^Table ${name}: [\\d,]+ rows$`)).count()).toBe(1);
    }
    await page.getByText(/^Table umap:/).click();
    const download = page.waitForEvent("download");
    await page.getByRole("button", {name: "Download (Arrow)"}).click();
    expect((await download).suggestedFilename()).toBe("umap.arrow");

    await page.reload();
    await stageIs(page, "umap", "done");
    expect(await page.textContent('[data-stage="embed"] .wb-stage-detail')).toContain("kept");
    await expect.poll(() => page.textContent(".wb-run-words")).toContain("nothing was computed");
    expect((await embeddingsOf(page)).vectors).toEqual(ours.vectors);
    expect(readUmap(await tableOf(page, "umap")).positions).toEqual(readUmap(map).positions);
  });

  test("has Node's vectors at full length, too", async () => {
    const {url, newPage} = repository();
    const page = await newPage();
    await page.goto(`${url}stages/embed?cells=random-8-1`);
    await stageIs(page, "embed", "done", 300_000);
    const rows = selectRows({mode: "random", n: 8, seed: 1}, 260);
    const {nTokens} = await expectNodes(page, await nodeEmbeddings(demo.path, rows));
    expect(Math.min(...nTokens)).toBeGreaterThan(1024);
  });

  test("is canceled within a second at every stage, and runs once at a time; a file that brings a map shows it at once, before anything is computed", async () => {
    const {url, newPage} = site();
    const page = await newPage();
    await shorten(page, 128);
    await page.goto(url);
    await reaches(page, "embed", 8);
    expect(await runButton(page).isDisabled(), "one run at a time").toBe(true);
    expect(await timeToCancel(page, "embed")).toBeLessThan(1000);
    expect(await page.textContent('[data-stage="embed"] .wb-stage-detail')).toContain("finished cells are kept");
    const kept = await doneOf(page, "embed");
    await runButton(page).click();
    await reaches(page, "embed", kept + 1);

    // A map of few cells in few epochs is done before anyone could cancel it.
    await page.getByLabel("Epochs").fill("2000");
    await chooseRandom(page, 150);
    await stageIs(page, "umap", "running");
    expect(await timeToCancel(page, "umap")).toBeLessThan(1000);
    await runButton(page).click();
    await stageIs(page, "umap", "done");
    expect((await embeddingsOf(page)).rows).toHaveLength(150);

    // A connection that stalls: the model's gene table is what opening a file waits for.
    const stalled = new Promise((resolve) => void page.context().route("**/data/model/genes.arrow*", resolve));
    await page.reload();
    await page.waitForSelector('.wb-data[data-state="reading"]');
    await stalled;
    expect(await timeToCancel(page, "data")).toBeLessThan(1000);
    await page.context().unroute("**/data/model/genes.arrow*");
    // A file that brings a map shows it at once, before one is computed.
    await pick(page, await withMap());
    expect(await settled(page, "with-map.h5ad")).toBe("open");
    expect(await page.inputValue('select[aria-label="Map of the file to show"]')).toBe("X_umap");
    await expect.poll(() => ink(page, "In the file"), {interval: 10}).toBeGreaterThan(1000);
    expect(await doneOf(page, "umap")).toBe(0);
    expect(await wordsOf(page)).toContain("As the file brings it");
    await reaches(page, "embed", 8);
  });
});
