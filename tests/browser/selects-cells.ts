import type {Page} from "playwright-core";
import {expect} from "vitest";
import type {OpenSite} from "./harness.js";

const chip = (page: Page) => page.locator(".wb-linked-selection [role=status]");
const rows = (page: Page) =>
  page.evaluate(
    () => document.querySelector<HTMLElement & {value: Int32Array | null}>(".wb-linked")!.value?.length ?? 0
  );

/** Pixels of the color of rings on the first two maps, as they are drawn now. */
async function ringPixels(page: Page): Promise<number[]> {
  await page.waitForFunction(() =>
    [...document.querySelectorAll<HTMLElement & {settled?: boolean}>(".wb-linked-map:not([hidden]) .wb-map")].every(
      ({settled}) => settled
    )
  );
  return page.evaluate(() => {
    const ink = matchMedia("(prefers-color-scheme: dark)").matches ? [240, 240, 234] : [21, 23, 27];
    return [...document.querySelectorAll<HTMLCanvasElement>(".wb-linked-map:not([hidden]) .wb-map-canvas")]
      .slice(0, 2)
      .map((canvas) => {
        const {data} = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
        let found = 0;
        for (let i = 0; i < data.length; i += 4) found += Number(ink.every((part, k) => data[i + k] === part));
        return found;
      });
  });
}

/** Draws round a part of the first map. */
async function lasso(page: Page): Promise<void> {
  await page.getByRole("button", {name: "Select with a lasso"}).first().click();
  const canvas = page.locator(".wb-linked .wb-map-canvas").first();
  await canvas.scrollIntoViewIfNeeded();
  const {x, y, width, height} = (await canvas.boundingBox())!;
  await page.mouse.move(x + 0.3 * width, y + 0.2 * height);
  await page.mouse.down();
  for (const [right, down] of [
    [0.9, 0.2],
    [0.9, 0.9],
    [0.3, 0.9]
  ])
    await page.mouse.move(x + right * width, y + down * height);
  await page.mouse.up();
}

/**
 * Expects of the index, which shows the maps of 260 cells, that what is selected is one set on maps, legend and table, and is ringed though it is at
 * zero for a gene; in the end nothing is selected, and the colors are those of the beginning.
 */
export async function selectsCells(page: Page, site: OpenSite): Promise<void> {
  expect(await page.locator(".wb-map-pin:not([hidden])").count(), "no cell is ringed that nobody chose").toBe(0);

  await lasso(page);
  await expect.poll(() => chip(page).innerText()).toMatch(/^\d+ of 260 cells selected, by lasso\.$/);
  const byLasso = await rows(page);
  expect(byLasso).toBeGreaterThan(10);
  const column = await page.getByLabel("Column to color by").inputValue();
  const entry = page.locator(".wb-legend-entry").first();
  const count = Number.parseInt(await entry.locator(".wb-legend-count").innerText(), 10);
  await entry.click();
  expect(await chip(page).innerText(), "replaced, not cut").toBe(`${count} of 260 cells selected, by legend.`);
  await page
    .locator(".wb-legend-entry")
    .nth(1)
    .click({modifiers: ["Shift"]});
  expect(await rows(page)).toBeGreaterThan(count);
  expect(await page.locator(".wb-celltable [role=status]").textContent()).toContain(`${await rows(page)} of 260`);

  // A gene that most of these cells lack: they have the palest color of the ramp, and their rings.
  const gene = page.getByLabel("Gene to color by");
  await gene.fill("AQP4");
  await gene.press("Enter");
  await page.getByText(/cells have counts of AQP4/).waitFor({timeout: 60_000});
  await page.locator(".wb-bar").waitFor();
  expect(await page.locator(".wb-tick").first().textContent()).toBe("0");
  expect(await page.locator(".wb-bar-notes").first().textContent()).toBe("log(1 + counts per 10,000)");
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({colorScheme, reducedMotion: "reduce"});
    const fewest = async () => Math.min(...(await ringPixels(page)));
    await expect.poll(fewest, {message: colorScheme}).toBeGreaterThan(50);
  }
  await page.getByLabel("Scale of a gene's counts").selectOption("raw");
  await expect.poll(() => page.locator(".wb-bar-notes").first().textContent()).toBe("raw counts");
  expect(page.url()).toContain("scale=raw");

  await page.locator(".wb-linked .wb-map-canvas").nth(1).focus();
  await page.keyboard.press("Escape");
  await expect.poll(() => chip(page).innerText()).toMatch(/^No cells are selected/);
  expect(await ringPixels(page)).toEqual([0, 0]);
  await page.emulateMedia({colorScheme: "light"});
  await page.getByLabel("Column to color by").selectOption(column);
  // The test reads the canvas, which pages do not.
  site.faults.splice(0, site.faults.length, ...site.faults.filter((line) => !line.includes("willReadFrequently")));
}
