import {expect, test, vi} from "vitest";
import type {Page} from "playwright-core";
import {withSite} from "./harness.js";
import {reaches, shorten, stageIs, type WorkbookWindow} from "./workbook-page.js";

vi.setConfig({testTimeout: 400_000});

/** Most presses of Tab from any place of the page to any other. */
const mostPresses = 150;

/** What has the focus: itself or its row in words, whether that can be seen, whether it is `selector`. */
async function focused(page: Page, selector: string): Promise<{words: string; seen: boolean; there: boolean}> {
  return page.evaluate((selector) => {
    const element = document.activeElement;
    if (element === null || element === document.body) return {words: "nothing", seen: false, there: false};
    const {outlineStyle, outlineWidth} = getComputedStyle(element);
    const {width, height, right} = element.getBoundingClientRect();
    const name = element.getAttribute("aria-label") ?? element.textContent ?? "";
    return {
      words: `${element.localName}.${element.className} "${name.trim().slice(0, 40)}"`,
      seen: outlineStyle !== "none" && parseFloat(outlineWidth) >= 1 && width > 0 && height > 0 && right > 0,
      there: element.matches(selector)
    };
  }, selector);
}

/** Presses Tab (or Shift+Tab) until `selector` has the focus; every place on the way must show that it has it. */
async function tabTo(page: Page, selector: string, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  const way: string[] = [];
  for (let press = 0; press < mostPresses; ++press) {
    await page.keyboard.press(key);
    const {words, seen, there} = await focused(page, selector);
    way.push(words);
    if (words !== "nothing") expect(seen, `${words} shows that it has the focus`).toBe(true);
    if (there) return;
  }
  throw new Error(`${mostPresses} presses of ${key} do not lead to ${selector}, but along ${way.join(", ")}`);
}

async function hasFocus(page: Page): Promise<boolean> {
  return page.evaluate(() => document.activeElement !== null && document.activeElement !== document.body);
}

/** The focus is somewhere, and shows: nothing that a key did has lost it. */
async function keepsFocus(page: Page, after: string): Promise<void> {
  // Twice round the event loop: a button that is disabled loses the focus when the page is drawn next.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  const {words, seen} = await focused(page, "*");
  expect({words, seen}, `the focus after ${after}`).toEqual({
    words: expect.not.stringMatching(/^nothing$/),
    seen: true
  });
}

/** What live regions say from the page's start on, in `window.said`. */
const listen = `
  window.said = [];
  new MutationObserver((records) => {
    for (const {target} of records) {
      const element = target.nodeType === 1 ? target : target.parentElement;
      const region = element && element.closest("[role=status], [role=alert], [aria-live]");
      const text = region && region.innerText.trim();
      if (text && (window.said.at(-1) || {}).text !== text) window.said.push({text, time: performance.now()});
    }
  }).observe(document, {subtree: true, childList: true, characterData: true});
`;

const idle = (page: Page) => page.waitForFunction(() => !(window as unknown as WorkbookWindow).workbook.client.busy);

test("a newcomer without a mouse cancels, opens the file dialog, chooses matrix, cells and sampling, and runs", async () => {
  await withSite({coi: true}, async ({url, newPage}) => {
    const page = await newPage();
    const chooser = new Promise<void>((resolve) => page.on("filechooser", () => resolve()));
    await page.goto(`${url}?backend=wasm`);
    await reaches(page, "embed", 1, 300_000);

    await page.keyboard.press("Tab");
    expect(await focused(page, ".skip-link")).toMatchObject({there: true, seen: true});
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement!.closest("#observablehq-main") !== null)).toBe(true);

    await tabTo(page, '[data-stage="embed"] button');
    await page.keyboard.press("Enter");
    await idle(page);
    await page.waitForSelector('[data-stage="embed"]:not([data-state="running"])');
    expect(await hasFocus(page)).toBe(true);

    await tabTo(page, ".wb-data button", "Shift+Tab");
    await tabTo(page, ".wb-data .wb-button-main", "Shift+Tab");
    await page.keyboard.press("Enter");
    await chooser;

    await tabTo(page, ".wb-settings details:has(.wb-matrices) > summary");
    await page.keyboard.press("Space");
    await tabTo(page, '.wb-matrices input[type="radio"]');
    await tabTo(page, ".wb-choices > summary");
    await page.keyboard.press("Space");
    await tabTo(page, '.wb-cells input[type="radio"]');
    await page.keyboard.press("ArrowDown");
    expect(await focused(page, 'input[value="random"]')).toMatchObject({there: true, seen: true});
    await tabTo(page, '.wb-cells input[type="number"]');
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("12");
    await tabTo(page, 'select[aria-label="Sampling"]');
    await page.keyboard.press("ArrowDown");
    expect(await page.inputValue('select[aria-label="Sampling"]')).toBe("low-variance");
    await tabTo(page, ".wb-actions .wb-button-main");
    await page.keyboard.press("Enter");
    await reaches(page, "sample", 12, 300_000);
    expect(await page.getAttribute('[data-stage="sample"]', "data-total")).toBe("12");
    expect(await focused(page, ".wb-actions .wb-button-main")).toMatchObject({there: true});
  });
});

/** Presses Enter on a button that saves a file, whose name is to be like `name`. */
async function downloads(page: Page, name: RegExp): Promise<void> {
  const [file] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  expect(file.suggestedFilename()).toMatch(name);
  await keepsFocus(page, "a download");
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
  await expect.poll(() => chosen.innerText()).toMatch(/^[1-9]\d* of 260 cells selected\.$/);
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
  await keepsFocus(page, "Clear the selection");
  const group = ".wb-legend-list button";
  await tabTo(page, group);
  await page.keyboard.press("Space");
  expect(await page.getAttribute(`${group}:focus`, "aria-pressed")).toBe("true");
  await tabTo(page, ".wb-linked-selection button:last-of-type", "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect.poll(() => chosen.innerText()).toMatch(/cells? selected\.$/);
  await keepsFocus(page, "Select the groups shown");
  await tabTo(page, ".wb-legend-title button");
  await page.keyboard.press("Enter");
  expect(await page.getAttribute(group, "aria-pressed")).toBe("false");
  await keepsFocus(page, "Show all");
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

/** Downloads a table, clears the stored results, closes a notice. */
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

  const notices = await page.locator(".wb-notice").count();
  await tabTo(page, ".wb-notice .wb-close", "Shift+Tab");
  await page.keyboard.press("Enter");
  expect(await page.locator(".wb-notice").count()).toBe(notices - 1);
  await keepsFocus(page, "a notice was dismissed");
}

test("everything that is done with a map is done with keys, the focus is never lost, and a run is announced without a flood", async () => {
  await withSite({coi: true}, async ({url, newPage}) => {
    const page = await newPage({acceptDownloads: true, viewport: {width: 1280, height: 900}});
    await shorten(page, 32);
    await page.addInitScript(listen);
    await page.goto(`${url}?cells=random-60-1`);
    await stageIs(page, "umap", "done");
    await page.locator(".wb-linked-map").nth(1).getByText("60 cells placed by UMAP").waitFor();
    const said = await page.evaluate(() => (window as unknown as {said: {text: string; time: number}[]}).said);
    for (const stage of ["Load", "Normalize", "Sample", "Embed", "UMAP"]) {
      expect(said.map(({text}) => text)).toContainEqual(expect.stringMatching(new RegExp(`^${stage}: done`)));
    }
    expect(said.length, said.map(({text}) => text).join("\n")).toBeLessThan(40);

    const column = 'select[aria-label="Column to color by"]';
    await tabTo(page, column);
    const color = await page.inputValue(column);
    await page.keyboard.press("ArrowDown");
    expect(await page.inputValue(column)).not.toBe(color);
    await page.keyboard.press("ArrowUp");
    expect(await page.inputValue(column)).toBe(color);

    await choosesOnMap(page);
    await usesGeneAndTable(page);
    await tidiesUp(page);
  });
});

test("chapters too: a cell is looked for and stepped through, pages of a table are turned, and trust is measured and given up", async () => {
  await withSite({coi: true}, async ({url, newPage}) => {
    const page = await newPage({viewport: {width: 1280, height: 900}});
    await shorten(page, 32);
    await page.addInitScript(listen);
    await page.goto(`${url}stages/sample`);
    await page.locator(".wb-tokens tbody td:nth-child(2)").first().waitFor();
    await tabTo(page, "[role=combobox]");
    await page.keyboard.type("7");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await page.waitForURL(/cell=7/);
    await tabTo(page, 'button[aria-label="Next cell"]');
    await page.keyboard.press("Enter");
    await page.waitForURL(/cell=8/);
    await keepsFocus(page, "Next cell");
    await tabTo(page, '.wb-tokens button[aria-label$="last page"]');
    await page.keyboard.press("Enter");
    await keepsFocus(page, "the last page of a table");
    expect(await page.locator('.wb-tokens button[aria-label$="last page"]').isDisabled()).toBe(true);

    await page.goto(`${url}trust?cells=random-36-0`);
    await page.locator(".wb-chapter-bar button:not([hidden])").waitFor({timeout: 60_000});
    await tabTo(page, ".wb-chapter-bar button");
    await page.keyboard.press("Enter");
    await keepsFocus(page, "Run");
    await page.locator(".wb-confusion").first().waitFor({timeout: 240_000});
    await tabTo(page, 'select[aria-label="Column of labels"]');
    await tabTo(page, ".wb-origins input");
    await page.keyboard.press("ArrowDown");
    await keepsFocus(page, "the origin of labels");
    const batches = 'select[aria-label="Column of batches"]';
    await tabTo(page, batches);
    for (let k = 0; k < 12 && (await page.inputValue(batches)) !== "donor"; ++k) await page.keyboard.press("ArrowDown");
    await page.locator(".wb-mixing").waitFor({timeout: 60_000});
    await tabTo(page, '.wb-trust-seeds input[type="number"]');
    await tabTo(page, 'select[aria-label="seeds a cell"]');
    await page.keyboard.press("ArrowDown");
    await tabTo(page, ".wb-trust-seeds .wb-button-main");
    await page.keyboard.press("Enter");
    await keepsFocus(page, "Measure");
    expect(await focused(page, ".wb-trust-seeds button")).toMatchObject({there: true});
    await page.keyboard.press("Enter");
    await page.locator(".wb-trust-seeds .wb-button-main:not([disabled])").waitFor({timeout: 10_000});
    await keepsFocus(page, "Cancel");
    expect(await focused(page, ".wb-trust-seeds .wb-button-main")).toMatchObject({there: true});
    await page.evaluate("window.said.length = 0");
    await page.keyboard.press("Enter");
    await page.locator(".wb-trust-seeds table").first().waitFor({timeout: 120_000});
    const said = await page.evaluate(() => (window as unknown as {said: {text: string}[]}).said.map(({text}) => text));
    expect(said).toContainEqual(expect.stringMatching(/sentences embedded/));
    expect(said).toContainEqual(expect.stringMatching(/^Measured on/));
    expect(said.length, said.join("\n")).toBeLessThan(20);
  });
});
