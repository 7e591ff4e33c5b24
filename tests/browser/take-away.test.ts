import {readFileSync} from "node:fs";
import type {Download, Page} from "playwright-core";
import {expect, test, vi} from "vitest";
import {openAnnData} from "../../src/components/core/anndata/anndata.js";
import {tableFromBytes} from "../../src/components/core/tables/file.js";
import {openH5File} from "../../src/components/runtime/node-h5.js";
import {fileSite} from "./file-site.js";
import {pageWithRun} from "./seeded.js";

vi.setConfig({testTimeout: 120_000});

const site = fileSite({coi: true});
const said = (page: Page) => page.locator(".wb-export-said");

async function take(page: Page, what: string, format?: string): Promise<{name: string; bytes: Buffer; path: string}> {
  await page.getByLabel("What to take away").selectOption({label: what});
  if (format !== undefined) await page.getByLabel("Format", {exact: true}).selectOption(format);
  const [saved] = await Promise.all([
    page.waitForEvent("download"),
    page.locator(".wb-export").getByRole("button", {name: "Save"}).click()
  ]);
  return read(saved);
}

async function read(saved: Download): Promise<{name: string; bytes: Buffer; path: string}> {
  const path = await saved.path();
  return {name: saved.suggestedFilename(), bytes: readFileSync(path), path};
}

test("results, figures and names are taken away from the page, of all cells or the selection", async () => {
  const page = await pageWithRun(site(), 48, {viewport: {width: 1280, height: 900}, reducedMotion: "reduce"});
  await page.goto(site().url);
  await page.locator(".wb-linked-map").nth(0).getByText("260 cells placed by UMAP").waitFor({timeout: 60_000});
  // By the keyboard alone: open the menu, take what comes first, the h5ad.
  await page.locator(".wb-export > summary").press("Enter");
  await page.locator(".wb-export").getByText("all 260 cells").waitFor();
  await page.getByLabel("What to take away").focus();
  const [saved] = await Promise.all([
    page.waitForEvent("download"),
    (async () => {
      await page.locator(".wb-export").getByRole("button", {name: "Save"}).focus();
      await page.keyboard.press("Enter");
    })()
  ]);
  const h5ad = await read(saved);
  expect(h5ad.name).toBe("demo-uce.h5ad");
  await expect.poll(() => said(page).innerText()).toMatch(/^Saved demo-uce\.h5ad: 260 cells.*MB\.$/);
  const reader = await openH5File(h5ad.path);
  expect(openAnnData(reader).obsNames()).toHaveLength(260);
  const inFile = reader.read("/obsm/X_uce") as Float32Array;
  expect(JSON.parse(reader.read("/uns/uce/umap_provenance") as string)).toMatchObject({stage: "umap"});
  expect(reader.node("/X")).not.toBeNull();
  reader.close();

  const arrow = await take(page, "Vectors", "arrow");
  const table = tableFromBytes(arrow.bytes);
  expect(table.numRows).toBe(260);
  const width = inFile.length / 260;
  expect(Array.from(table.get(7)!["embedding"] as Iterable<number>)).toEqual([
    ...inFile.subarray(7 * width, 8 * width)
  ]);

  await page.locator(".wb-legend-entry").first().click();
  const chip = await page.locator(".wb-linked-selection [role=status]").innerText();
  const count = Number(/^(\d+) of 260/.exec(chip)![1]);
  await page.locator(".wb-export").getByText(`the ${count} selected`).click();
  const names = await take(page, "Names of cells (barcodes)");
  expect(names.name).toBe("demo-names-selected.txt");
  expect(names.bytes.toString().trimEnd().split("\n")).toHaveLength(count);
  const csv = await take(page, "One table: names, columns, map, vectors", "csv");
  expect(csv.bytes.toString().trimEnd().split("\r\n")).toHaveLength(count + 1);
  const svg = await take(page, "Figure of the map, for print", "svg");
  expect(svg.bytes.toString()).toContain(`${count} selected cells of 260 cells; the others are gray`);
  const png = await take(page, "Figure of the map, for print", "png");
  expect(png.bytes.readUInt32BE(16), "180 mm at 300 dots an inch").toBe(2126);
  expect(png.bytes.subarray(37, 41).toString()).toBe("pHYs");
});
