import {readFileSync} from "node:fs";
import type {Download, Page} from "playwright-core";
import {expect, test, vi} from "vitest";
import {openAnnData} from "../../src/components/core/anndata/anndata.js";
import {tableFromBytes} from "../../src/components/core/tables/file.js";
import {readSession} from "../../src/components/core/session/read-session.js";
import {writeSession} from "../../src/components/core/session/write-session.js";
import {openH5File} from "../../src/components/runtime/node-h5.js";
import {fileSite} from "./file-site.js";
import {pageWithRun} from "./seeded.js";
import {selectsCells} from "./selects-cells.js";

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

/** The session of the demo, as if it were of a file that is on another computer. */
async function ofElsewhere(bytes: Buffer): Promise<Buffer> {
  const {file, stages, answers, ...rest} = await readSession(new Uint8Array(bytes), "s");
  const there = <Kept extends {address: string}>(kept: Kept): Kept => ({
    ...kept,
    address: kept.address.replaceAll(file.identity, "9-00")
  });
  const elsewhere = {...file, identity: "9-00", name: "elsewhere.h5ad"};
  return Buffer.from(
    await writeSession({...rest, file: elsewhere, stages: stages.map(there), answers: answers.map(there)})
  );
}

async function restores(page: Page, selected: number): Promise<void> {
  await page.locator(".wb-data").getByText("a saved session: open elsewhere.h5ad to compute more").waitFor();
  for (const map of [0, 1])
    await page.locator(".wb-linked-map").nth(map).getByText("260 cells placed by UMAP").waitFor({timeout: 60_000});
  await page.locator(".wb-linked-selection").getByText(`${selected} of 260 cells selected`).waitFor();
  expect(await page.locator(".wb-legend-title").innerText()).toContain("donor");
  expect(await page.getAttribute('.wb-stage[data-stage="umap"]', "data-state").catch(() => null)).not.toBe("error");
}

test("what is selected is one set on maps, legend and table, and is ringed though it is at zero for a gene; results, figures and names are taken away from the page, of all cells or the selection", async () => {
  const page = await pageWithRun(site(), 48, {viewport: {width: 1280, height: 900}, reducedMotion: "reduce"});
  // The h5ad is written in the browser's storage, as one beyond 200 MB is.
  await page.route(/away\.worker[^/]*\.js/, async (route) => {
    const response = await route.fetch();
    const text = await response.text();
    const small = text.replace(/\b(2e8|200_?000_?000)\b/, "1e3");
    expect(small).not.toBe(text);
    await route.fulfill({response, body: small});
  });
  await page.goto(site().url);
  for (const map of [0, 1])
    await page.locator(".wb-linked-map").nth(map).getByText("260 cells placed by UMAP").waitFor({timeout: 60_000});
  await selectsCells(page, site());
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
  const kept = await page.evaluate(async () => {
    const home = await (await navigator.storage.getDirectory()).getDirectoryHandle("uce-workbook-1");
    const names: string[] = [];
    for await (const name of (home as unknown as {keys(): AsyncIterable<string>}).keys()) names.push(name);
    return names;
  });
  expect(kept).toContain("away");
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

  // The selection is in the address, and so are the choices that a session takes with it.
  await page.getByLabel("Column to color by").selectOption("donor");
  expect(new URL(page.url()).searchParams.get("selection")).toMatch(/^[\w-]+$/);
  await page.locator(".wb-legend-title").getByText("donor").waitFor();
  const session = await take(page, "This session, to open elsewhere");
  expect(session.name).toBe("demo.uce-session");
  const given = {name: "s.uce-session", mimeType: "", buffer: await ofElsewhere(session.bytes)};
  await page.goto(`${site().url}?data=8-00&name=nothing.h5ad`);
  await page.locator(".wb-data").getByText("this link refers to nothing.h5ad".slice(1)).waitFor();
  const input = page.locator(".wb-data input[type=file]:not([webkitdirectory])");
  await input.setInputFiles(given);
  await restores(page, count);
  await page.reload();
  await restores(page, count);
  // What is no session is refused, and what is open stays.
  await input.setInputFiles({...given, buffer: given.buffer.subarray(0, 5000)});
  await page.getByText("s.uce-session is damaged").first().waitFor();
  await restores(page, count);
  // What needs the counts says which file it needs.
  await page.getByLabel("Seed", {exact: true}).fill("7");
  await page.getByText("open elsewhere.h5ad to go on").first().waitFor();
});
