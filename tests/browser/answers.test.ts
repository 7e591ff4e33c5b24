import {existsSync, mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {Locator} from "playwright-core";
import {afterAll, expect, test, vi} from "vitest";
import {writeAnnData} from "../../src/components/adapters/h5wasm-write.js";
import {openAnnData} from "../../src/components/core/anndata/anndata.js";
import {columnAsText} from "../../src/components/core/anndata/column.js";
import {streamRows} from "../../src/components/core/anndata/stream-rows.js";
import {openH5File} from "../../src/components/runtime/node-h5.js";
import {loadH5wasmFile} from "../../src/components/runtime/node-h5wasm.js";
import {answersReady, lassoToComposition} from "./answers-flow.js";
import {fileSite} from "./file-site.js";
import {plant, seedOf} from "./seeded.js";
import {pick} from "./workbook-page.js";

vi.setConfig({testTimeout: 120_000});

const cells = "../shared/data/cells";
const [sorted, symbols] = ["zheng_pbmc_facs_3874.h5ad", "zheng_pbmc_facs_600_symbols.h5ad"].map((name) =>
  join(cells, name)
);
const isHere = existsSync(sorted) && existsSync(symbols);
if (!isHere)
  console.warn(`not tried, because ${sorted} or ${symbols} is missing: from a file to an answer in ten clicks`);
const folder = mkdtempSync(join(tmpdir(), "answers-"));
afterAll(() => rmSync(folder, {recursive: true}));
const site = fileSite({coi: true});

/** A newcomer's file: sorted blood cells that are not in the reference of the site, nine B cells and five of each other type, without a column; and the type of each. */
async function newcomersFile(): Promise<{path: string; types: (string | null)[]}> {
  const [all, reference] = await Promise.all(
    [sorted, symbols].map(async (path) => openAnnData(await openH5File(path)))
  );
  try {
    const [known, names] = [new Set(reference.obsNames()), all.obsNames()];
    const types = columnAsText(all.column("obs", "celltype"));
    const taken = new Map<string | null, number>();
    const rows = Int32Array.from(names.keys()).filter((row) => {
      const count = taken.get(types[row]) ?? 0;
      if (known.has(names[row]) || count === (types[row] === "CD19+ B" ? 9 : 5)) return false;
      taken.set(types[row], count + 1);
      return true;
    });
    const path = join(folder, "blood.h5ad");
    const File = await loadH5wasmFile();
    for await (const counts of streamRows(all, "X", {rows})) {
      const file = new File(path, "w");
      const obsNames = Array.from(rows, (row) => names[row]);
      // Both files have the same genes, this one by symbol.
      writeAnnData(file, {counts, obsNames, varNames: reference.varNames(), obs: {}});
      file.close();
    }
    return {path, types: Array.from(rows, (row) => types[row])};
  } finally {
    all.close();
    reference.close();
  }
}

test("from a file to 'these are B cells: MS4A1, CD79A', their confidence, and an h5ad with labels, in under ten clicks", async (context) => {
  if (!existsSync(sorted) || !existsSync(symbols)) return context.skip(`${sorted} or ${symbols} is not here`);
  const {path, types} = await newcomersFile();
  const page = await site().newPage({viewport: {width: 1280, height: 900}, reducedMotion: "reduce"});
  page.setDefaultTimeout(20_000);
  await plant(page, site().url, await seedOf(path, 1024));
  await page.goto(`${site().url}answers`);
  // Begins with the button of the file's dialog.
  let clicks = 1;
  const click = (what: Locator) => ((clicks += 1), what.click());
  await pick(page, path);
  await answersReady(page, "54");

  await click(page.getByRole("button", {name: "Color the map by label", exact: true}));
  await click(page.locator(".wb-legend-entry", {hasText: "B cell"}));
  const said = page.locator(".wb-labels .wb-label-words").first();
  await expect.poll(() => said.innerText()).toMatch(/^Selected: .*B cell, mean confidence/);
  await page.locator(".wb-markers tbody tr").first().waitFor({timeout: 60_000});
  const genes = await page.locator(".wb-markers tbody td:first-child, .wb-markers tbody th").allInnerTexts();
  expect(genes).toEqual(expect.arrayContaining(["MS4A1", "CD79A"]));
  const line = page.locator(".wb-labels tbody tr", {hasText: "B cell"}).locator("td");
  expect(Number(await line.last().innerText()), "confidence").toBeGreaterThan(0.8);
  expect(await page.locator(".wb-shares tbody tr").first().innerText()).toMatch(/^B cell\s+100 %/);

  // The name is suggested.
  await click(page.getByRole("button", {name: "Save as"}));
  await page.locator(".wb-selection-name", {hasText: "B cell"}).waitFor();
  await click(page.locator(".wb-export > summary"));
  const [saved] = await Promise.all([
    page.waitForEvent("download"),
    click(page.locator(".wb-export").getByRole("button", {name: "Save"}))
  ]);
  expect(clicks).toBeLessThan(10);

  const anndata = openAnnData(await openH5File(await saved.path()));
  const text = (name: string) => columnAsText(anndata.column("obs", name));
  const [labels, selection] = [text("label"), text("selection")];
  anndata.close();
  expect(selection).toEqual(labels.map((label) => (label === "B cell" ? label : "unknown")));
  const right = labels.map((label, i) => label === "B cell" && types[i] === "CD19+ B").filter(Boolean).length;
  expect(right, "B cells that are found").toBeGreaterThanOrEqual(7);
  expect(labels.filter((label) => label === "B cell").length - right, "others that are called so").toBeLessThan(2);

  const cost = await lassoToComposition(page);
  expect(cost.cells).toBeGreaterThan(5);
  const words = await page.locator(".wb-shares > p").innerText();
  const [, inside, outside] = /the (\d+) selected, over the (\d+) others/.exec(words)!;
  // A cell that is called unknown has no label, and no share.
  expect(Number(inside) + Number(outside)).toBe(labels.filter((label) => label !== "unknown").length);
});
