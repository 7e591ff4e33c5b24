import {readFile} from "node:fs/promises";
import type {Locator, Page} from "playwright-core";
import {expect} from "vitest";
import type {QualityThresholds} from "../../src/components/core/cells/quality-filter.js";
import type {ColorInput} from "../../src/components/notebook/color-input.js";
import type {CellPicker} from "../../src/components/views/cell-picker.js";
import type {LinkedMaps} from "../../src/components/views/linked-maps.js";

/** What the gallery's script leaves on the window for tests. */
interface GalleryWindow {
  galleryLinked: {linked: LinkedMaps; colors: ColorInput; picker: CellPicker; told: number[] | null};
  galleryQuality: {value: QualityThresholds};
}

const linkedOf = (page: Page) =>
  page.evaluate(() => {
    const {linked, colors, picker, told} = (window as unknown as GalleryWindow).galleryLinked;
    return {
      color: colors.value.by,
      cell: picker.value,
      selection: linked.value === null ? null : Array.from(linked.value),
      told
    };
  });

const thresholds = (page: Page) => page.evaluate(() => (window as unknown as GalleryWindow).galleryQuality.value);

/** Which of the three maps show the ring of a hovered cell. */
const rings = (page: Page) =>
  page.$$eval(".wb-linked .wb-map-ring:not(.wb-map-pin)", (found) =>
    found.map((ring) => !(ring as HTMLElement).hidden)
  );

/** The first of the linked maps. */
const mapOf = (page: Page) => page.locator(".wb-linked .wb-map-canvas").first();

/** Chooses cells with a lasso, shows and downloads them, and clears the choice; `cell` is looked at all the while. */
async function choosesByLasso(page: Page, cell: number): Promise<void> {
  const canvas = mapOf(page);
  const table = page.getByRole("grid");
  await page.locator(".wb-linked").getByRole("button", {name: "Select with a lasso"}).first().click();
  await canvas.scrollIntoViewIfNeeded();
  const box = (await canvas.boundingBox())!;
  const round = (angle: number): [number, number] => [
    box.x + box.width * (0.65 + 0.2 * Math.cos(angle)),
    box.y + box.height * (0.5 + 0.2 * Math.sin(angle))
  ];
  await page.mouse.move(...round(0));
  await page.mouse.down();
  for (let k = 1; k <= 7; ++k) await page.mouse.move(...round((k / 7) * 6));
  await page.mouse.up();
  const lasso = await linkedOf(page);
  expect(lasso.selection!.length).toBeGreaterThan(100);
  expect(lasso.selection!.length).toBeLessThan(2400);
  expect(lasso.told).toEqual(lasso.selection);
  expect(lasso.cell, "the end of a lasso is no click on a cell").toBe(cell);
  const count = lasso.selection!.length.toLocaleString("en-US");
  expect(await page.locator(".wb-linked-selection").innerText()).toContain(`${count} of 3,000 cells selected`);
  await page.getByLabel("Cells to show").selectOption("selected");
  expect(await table.getAttribute("aria-rowcount")).toBe(String(lasso.selection!.length + 1));
  const saving = page.waitForEvent("download");
  await page.getByRole("button", {name: `Download ${count} selected (CSV)`}).click();
  const csv = (await readFile(await (await saving).path(), "utf8")).trimEnd().split("\r\n");
  expect(csv[0]).toBe("row,cell_id,cell_type,cluster,total_counts,percent_mito,is_doublet");
  expect(csv.slice(1).map((line) => Number(line.split(",")[0]))).toEqual(lasso.selection);
  await table.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press(" ");
  expect((await linkedOf(page)).selection).toEqual(lasso.selection!.slice(1));
  expect(await page.locator(".wb-linked-selection [role=status]").innerText()).toMatch(/, by lasso and table\.$/);
  await page.getByRole("button", {name: "Clear selection"}).click();
  expect(await linkedOf(page)).toMatchObject({selection: null, told: null});
}

/** Chooses cells in a rectangle by keys alone. */
async function choosesByKeys(page: Page): Promise<void> {
  const canvas = mapOf(page);
  await canvas.focus();
  await page.keyboard.press("s");
  for (let k = 0; k < 3; ++k) await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Enter");
  for (let k = 0; k < 8; ++k) await page.keyboard.press(k % 2 === 0 ? "ArrowRight" : "ArrowDown");
  await page.keyboard.press("Enter");
  const rectangle = (await linkedOf(page)).selection!;
  expect(rectangle.length).toBeGreaterThan(10);
  await page.keyboard.press("Escape");
  expect((await linkedOf(page)).selection, "Escape takes the crosshair back first").toEqual(rectangle);
  await page.keyboard.press("Escape");
  expect((await linkedOf(page)).selection).toBeNull();
}

/** A group of the legend, then a gene, then more groups than colors. */
async function colorsByGroupAndGene(page: Page): Promise<void> {
  const group = page.locator(".wb-linked .wb-legend-entry").first();
  await group.focus();
  const counted = async (entry: Locator) =>
    Number((await entry.locator(".wb-legend-count").innerText()).replace(/[^\d]/g, ""));
  await page.keyboard.press("Enter");
  expect((await linkedOf(page)).selection).toHaveLength(await counted(group));
  await page.keyboard.press("Tab");
  await page.keyboard.press("Shift+Enter");
  const second = page.locator(".wb-linked .wb-legend-entry").nth(1);
  expect((await linkedOf(page)).selection).toHaveLength((await counted(group)) + (await counted(second)));
  expect(await second.getAttribute("aria-pressed")).toBe("true");
  const gene = page.getByLabel("Gene to color by");
  await gene.pressSequentially("cd7");
  await page.waitForFunction(() =>
    [...document.querySelectorAll(".wb-color option")].some((option) => (option as HTMLOptionElement).value === "CD79A")
  );
  await gene.fill("ms4a1");
  await gene.press("Enter");
  await page.waitForFunction(
    () => document.querySelector(".wb-linked .wb-legend-title")?.textContent?.startsWith("MS4A1") === true
  );
  expect((await linkedOf(page)).color).toBe("gene:MS4A1");
  expect(await page.locator(".wb-linked .wb-bar-notes").first().innerText()).toContain("log(1 + counts per 10,000)");
  await gene.fill("nonsense");
  await gene.press("Enter");
  await page.waitForFunction(
    () => document.querySelector(".wb-color-words")?.textContent === "This file has no gene called nonsense."
  );
  await page.getByLabel("Column to color by").selectOption("cluster");
  expect(await page.locator(".wb-color-words").innerText()).toBe(
    "cluster has 72 groups: the 49 largest have colors, the other 23 share one gray."
  );
  expect(await linkedOf(page)).toMatchObject({color: "obs:cluster"});
}

/** Moves, types and clears the quality's thresholds. */
async function setsThresholds(page: Page): Promise<void> {
  const quality = page.locator(".wb-quality").first();
  expect(await thresholds(page)).toEqual({minCounts: 1000, minGenes: null, maxMito: null});
  const slider = quality.getByRole("slider", {name: /^Genes detected/});
  await slider.focus();
  for (let k = 0; k < 9; ++k) await page.keyboard.press("PageUp");
  const byKeys = await thresholds(page);
  expect(byKeys.minGenes).toBeGreaterThan(10);
  expect(await slider.getAttribute("aria-valuetext")).toMatch(/^at least [\d,]+, removes [\d,]+ cells$/);
  await page.keyboard.press("Delete");
  expect((await thresholds(page)).minGenes).toBeNull();
  await quality.getByRole("spinbutton", {name: /^Mitochondrial share/}).fill("10");
  expect((await thresholds(page)).maxMito).toBe(0.1);
  expect(await quality.locator(".wb-quality-outcome").innerText()).toMatch(
    /^All together remove [\d,]+ of 2,000 cells/
  );
  await quality.getByRole("button", {name: "No thresholds"}).click();
  expect(await thresholds(page)).toEqual({minCounts: null, minGenes: null, maxMito: null});
  expect(await quality.locator(".wb-quality-outcome").innerText()).toBe("All 2,000 cells stay.");
}

/**
 * Expects of the gallery, open on a wide screen and not yet used there, that maps and table share hover, selection and the cell looked at, and that colors,
 * legend and thresholds work by keyboard.
 */
export async function expectLinked(page: Page): Promise<void> {
  await page.waitForSelector(".wb-celltable [data-row]");
  await page.waitForSelector(".wb-quality .wb-threshold-handle");
  await page.waitForFunction(() =>
    [...document.querySelectorAll(".wb-linked .wb-map-message")].every((message) => (message as HTMLElement).hidden)
  );
  const canvas = mapOf(page);
  const table = page.getByRole("grid");

  // Row 0 is in the file's map alone, the run had rows 300 to 2,699.
  await table.locator('[data-row="0"]').hover();
  expect(await rings(page)).toEqual([false, false, true]);
  await canvas.scrollIntoViewIfNeeded();
  const box = (await canvas.boundingBox())!;
  await page.mouse.move(box.x + 0.7 * box.width, box.y + 0.45 * box.height);
  expect(await rings(page), "hover on one map shows on all").toEqual([true, true, true]);
  await page.mouse.down();
  await page.mouse.up();
  const clicked = (await linkedOf(page)).cell;
  expect(clicked).toBeGreaterThanOrEqual(300);
  expect(await page.locator(".wb-linked .wb-map-pin:not([hidden])").count()).toBe(3);
  expect(
    await table.locator('[aria-current="true"]').getAttribute("data-row"),
    "the table comes to the cell that was clicked"
  ).toBe(String(clicked));
  expect(await page.locator(".wb-celltable [data-row]").count(), "few of 3,000 lines exist").toBeLessThan(40);
  await page.mouse.move(2, 2);
  await table.focus();
  await page.keyboard.press("ArrowDown");
  expect(await rings(page), "the table's keys go on from there, and the maps follow").toEqual([true, true, true]);
  await page.keyboard.press("Enter");
  expect((await linkedOf(page)).cell).toBe(clicked + 1);

  await choosesByLasso(page, clicked + 1);
  await choosesByKeys(page);
  await colorsByGroupAndGene(page);
  await setsThresholds(page);
}
