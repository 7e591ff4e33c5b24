import {expect, test, vi} from "vitest";
import type {Page} from "playwright-core";
import {fileSite} from "./file-site.js";
import {downloads, focused, keepsFocus, listenTo, saidOn, tabTo} from "./keys.js";
import {idle, reaches, shorten, stageIs} from "./workbook-page.js";

vi.setConfig({testTimeout: 400_000});

const site = fileSite({coi: true});
/** Cancels the run from the top of the page, and opens the file dialog. */
async function cancelsAndLooksForFile(page: Page): Promise<void> {
  const chooser = new Promise<void>((resolve) => page.on("filechooser", () => resolve()));
  await page.keyboard.press("Tab");
  expect(await focused(page, ".skip-link")).toMatchObject({there: true, seen: true});
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement!.closest("#observablehq-main") !== null)).toBe(true);

  await tabTo(page, ".wb-run-bar .wb-button:not(.wb-button-main)");
  await page.keyboard.press("Enter");
  await idle(page);
  await page.waitForSelector('[data-stage="embed"]:not([data-state="running"])');
  await keepsFocus(page, "Cancel");

  await tabTo(page, ".wb-data button", "Shift+Tab");
  await tabTo(page, ".wb-data .wb-button-main", "Shift+Tab");
  await page.keyboard.press("Enter");
  await chooser;
}

/** Chooses the matrix, 60 cells, the sampling and the device. */
async function choosesWhatToRun(page: Page): Promise<void> {
  await tabTo(page, ".wb-settings details:has(.wb-matrices) > summary");
  await page.keyboard.press("Space");
  await tabTo(page, '.wb-matrices input[type="radio"]');
  await tabTo(page, ".wb-settings details:has(.wb-cells) > summary");
  await page.keyboard.press("Space");
  await tabTo(page, '.wb-cells input[type="radio"]');
  await page.keyboard.press("ArrowDown");
  expect(await focused(page, 'input[value="random"]')).toMatchObject({there: true, seen: true});
  await tabTo(page, '.wb-cells input[type="number"]');
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("60");
  // Now it is seconds, and runs unasked; Run is for what is canceled.
  const sampling = page.getByLabel("Sampling", {exact: true});
  await sampling.evaluate((select) => select.setAttribute("data-sought", "sampling"));
  await tabTo(page, "[data-sought=sampling]");
  await page.keyboard.press("ArrowDown");
  await expect.poll(() => new URL(page.url()).searchParams.get("sampling")).toBe("low-variance");
  await keepsFocus(page, "choosing the sampling");
  await reaches(page, "sample", 60, 300_000);
  expect(await page.getAttribute('[data-stage="sample"]', "data-total")).toBe("60");
  await page.getByLabel("Device", {exact: true}).evaluate((select) => select.setAttribute("data-sought", "device"));
  await tabTo(page, "[data-sought=device]");
}

/** Runs what is chosen, of which each stage is said, without a flood; dismisses a notice. */
async function runsAndHears(page: Page): Promise<void> {
  const run = ".wb-run-bar .wb-button-main";
  await idle(page);
  await tabTo(page, run, "Shift+Tab");
  const before = await saidOn(page, {anew: true});
  await page.keyboard.press("Enter");
  await page.waitForSelector('.wb-run[data-running="true"]');
  await keepsFocus(page, "Run");
  await idle(page);
  await stageIs(page, "umap", "done");
  expect(await focused(page, run)).toMatchObject({there: true});
  await page.locator(".wb-linked-map").nth(1).getByText("60 cells placed by UMAP").waitFor();
  const said = await saidOn(page);
  for (const stage of ["Load", "Normalize", "Sample", "Embed", "UMAP"]) {
    expect(said).toContainEqual(expect.stringMatching(new RegExp(`^${stage}: done`)));
  }
  // That of the run that was canceled and of the one that came unasked, too.
  const all = [...before, ...said];
  expect(all.length, all.join("\n")).toBeLessThan(40);

  const notices = await page.locator(".wb-notice").count();
  await tabTo(page, ".wb-notice .wb-close");
  await page.keyboard.press("Enter");
  expect(await page.locator(".wb-notice").count()).toBe(notices - 1);
  await keepsFocus(page, "a notice was dismissed");
}

/** Chooses another column to color by, and the first one again. */
async function choosesColumn(page: Page): Promise<void> {
  const column = 'select[aria-label="Column to color by"]';
  await tabTo(page, column);
  const color = await page.inputValue(column);
  await page.keyboard.press("ArrowDown");
  expect(await page.inputValue(column)).not.toBe(color);
  await page.keyboard.press("ArrowUp");
  expect(await page.inputValue(column)).toBe(color);
}

/** Chooses cells on the map, and by the groups of the legend. */
async function choosesOnMap(page: Page): Promise<void> {
  const canvas = ".wb-linked-map:first-child canvas";
  await tabTo(page, canvas);
  const chosen = page.locator(".wb-linked-selection [role=status]");
  await page.keyboard.press("s");
  for (let k = 0; k < 5; ++k) await page.keyboard.press("ArrowLeft");
  for (let k = 0; k < 5; ++k) await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  for (let k = 0; k < 12; ++k) await page.keyboard.press("ArrowRight");
  for (let k = 0; k < 12; ++k) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect.poll(() => chosen.innerText()).toMatch(/^[1-9]\d* of 260 cells selected, by rectangle\.$/);
  for (let k = 0; k < 24 && !page.url().includes("cell="); ++k) {
    await page.keyboard.press(k % 2 === 0 ? "ArrowLeft" : "ArrowUp");
    await page.keyboard.press("Space");
  }
  expect(page.url()).toMatch(/cell=\d+/);
  await page.keyboard.press("Escape");
  await keepsFocus(page, "choosing on the map");

  await tabTo(page, ".wb-linked-selection button:first-of-type");
  await page.keyboard.press("Enter");
  await expect.poll(() => chosen.innerText()).toMatch(/^No cells are selected/);
  await keepsFocus(page, "Clear selection");
  const group = ".wb-legend-list button";
  await tabTo(page, group);
  await page.keyboard.press("Space");
  expect(await page.getAttribute(`${group}:focus`, "aria-pressed")).toBe("true");
  await expect.poll(() => chosen.innerText()).toMatch(/cells? selected, by legend\.$/);
  await page.keyboard.press("Escape");
  await expect.poll(() => chosen.innerText()).toMatch(/^No cells are selected/);
  expect(await page.getAttribute(`${group}:focus`, "aria-pressed")).toBe("false");
}

/** Colors by a gene; sorts, walks and downloads the table of cells. */
async function usesGeneAndTable(page: Page): Promise<void> {
  const chosen = page.locator(".wb-linked-selection [role=status]");
  const gene = 'input[aria-label="Gene to color by"]';
  await tabTo(page, gene, "Shift+Tab");
  await page.keyboard.type("B2M");
  await page.keyboard.press("Enter");
  await page.getByText(/cells have counts of B2M/).waitFor({timeout: 60_000});
  expect(await focused(page, gene)).toMatchObject({there: true, seen: true});

  await tabTo(page, ".wb-cells-fold > summary");
  await page.keyboard.press("Space");
  await tabTo(page, ".wb-celltable .wb-actions button");
  await downloads(page, /\.csv$/);
  await tabTo(page, ".wb-cell-grid .wb-sort");
  await page.keyboard.press("Enter");
  await keepsFocus(page, "sorting");
  await tabTo(page, ".wb-cell-grid");
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowDown");
  const before = await chosen.innerText();
  await page.keyboard.press("Space");
  await expect.poll(() => chosen.innerText()).not.toBe(before);
  const address = page.url();
  await page.keyboard.press("Enter");
  expect(page.url()).not.toBe(address);
}

/** Downloads a table, and clears the stored results. */
async function tidiesUp(page: Page): Promise<void> {
  await tabTo(page, ".wb-tables details:last-of-type > summary");
  await page.keyboard.press("Enter");
  await tabTo(page, ".wb-tables .wb-tableview .wb-actions button");
  await downloads(page, /\.arrow$/);

  await tabTo(page, ".wb-storage > summary");
  await page.keyboard.press("Space");
  await page.getByText(/\d stored results? \(/).waitFor();
  await tabTo(page, ".wb-storage .wb-actions button");
  await page.keyboard.press("Enter");
  await page.getByText("Cleared. 0 stored results").waitFor();
  await keepsFocus(page, "Clear results");
}

test("a newcomer without a mouse cancels, opens the file dialog, chooses matrix, cells, sampling and device, and runs, which is announced without a flood; everything that is done with a map is done with keys, and the focus is never lost", async () => {
  const {url, newPage} = site();
  const page = await newPage({acceptDownloads: true, viewport: {width: 1280, height: 900}});
  // Long enough that all cells still run when Cancel is reached.
  await shorten(page, 128);
  await listenTo(page);
  await page.goto(url);
  await reaches(page, "embed", 1, 300_000);
  await cancelsAndLooksForFile(page);
  await choosesWhatToRun(page);
  await runsAndHears(page);
  await choosesColumn(page);
  await choosesOnMap(page);
  await usesGeneAndTable(page);
  await tidiesUp(page);
});
