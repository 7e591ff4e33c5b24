import {spawnSync} from "node:child_process";
import {copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {Page} from "playwright-core";
import {afterAll, beforeAll, expect, test, vi} from "vitest";
import {writeAnnData} from "../../src/components/adapters/h5wasm-write.js";
import {parseGenes} from "../../src/components/core/cells/genes-csv.js";
import {loadH5wasmFile} from "../../src/components/runtime/node-h5wasm.js";
import {goOn, held, holdBatches, holdNext, keepWorkers, workersOf} from "./harm.js";
import {fileSite} from "./file-site.js";
import {quiet} from "./quiet.js";
import {
  embeddingsOf,
  idle,
  keepLog,
  logOf,
  noticesOf,
  pick,
  runButton,
  settled,
  shorten,
  stageIs,
  wordsOf
} from "./workbook-page.js";

vi.setConfig({testTimeout: 400_000});

const site = fileSite({coi: true, serviceWorkers: "none"});

const genes = 12;
/** With two sentences each more than are made ahead of the model: the last rows are read while others are embedded. So many wait for Run. */
const cells = 1100;
/** An address that names a file which is not here: nothing is open yet. */
const nothing = "?data=1-00&name=elsewhere.h5ad";
let folder: string;
/** A file of them. */
let large: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lost-file-"));
  large = join(folder, "large.h5ad");
  const made = spawnSync(
    process.execPath,
    ["--import", "tsx", "scripts/make-large-h5ad.ts", large, "--cells", String(cells), "--per-cell", "1000"],
    {encoding: "utf8"}
  );
  expect(made.status, made.stderr).toBe(0);
});
afterAll(() => rmSync(folder, {recursive: true}));

/** The bytes of a file of forty cells, half of them of type `type`. */
async function fewCells(type: string): Promise<Buffer> {
  const path = join(folder, `${type}.h5ad`);
  const [cells, names] = [40, parseGenes(readFileSync("src/data/human-genes.csv", "utf8")).slice(0, 60)];
  const numbers = (length: number, of: (i: number) => number) => Int32Array.from({length}, (_, i) => of(i));
  const all = cells * names.length;
  const file = new (await loadH5wasmFile())(path, "w");
  writeAnnData(file, {
    counts: {
      rows: numbers(cells, (row) => row),
      nCols: names.length,
      indptr: numbers(cells + 1, (row) => row * names.length),
      indices: numbers(all, (i) => i % names.length),
      values: Float64Array.from({length: all}, (_, i) => 1 + ((i * 7919) % 13))
    },
    obsNames: Array.from({length: cells}, (_, row) => `cell ${row}`),
    varNames: names.map(({symbol}) => symbol),
    obs: {cell_type: Array.from({length: cells}, (_, row) => (row % 2 === 0 ? type : "B cell"))}
  });
  file.close();
  return readFileSync(path);
}

const lostWords = /^cells\.h5ad has changed or gone since it was opened\. Choose it again/i;
const lost = {code: "file-changed", message: expect.stringMatching(lostWords)};
const defect = /something in the workbook itself|made a mistake|TypeError/i;

async function choose(page: Page, path: string, why?: string): Promise<void> {
  await pick(page, path);
  expect(await settled(page, "cells.h5ad"), why).toBe("open");
}

/** Expects the page to say that the file is lost, and no more. */
async function expectLost(page: Page, why?: string): Promise<void> {
  await page.waitForSelector('.wb-notice[data-code="file-changed"]', {timeout: 120_000});
  await idle(page);
  expect(await noticesOf(page), why).toContainEqual(lost);
  expect(await wordsOf(page)).not.toMatch(defect);
}

test("a file that is removed while its rows stream: what was embedded stays, and a run on the file chosen again computes the rest", async () => {
  const path = join(folder, "cells.h5ad");
  copyFileSync(large, path);
  const {url, newPage} = site();
  const page = await newPage();
  // The shortest sentences: what counts is how many there are.
  await shorten(page, 3);
  await keepLog(page);
  await keepWorkers(page);
  await holdBatches(page);
  // On a page without the map of components, which reads all rows while the model runs.
  await page.goto(`${url}stages/embed${nothing}&average=2`);
  await choose(page, path);
  await runButton(page).click();
  await held(page, 1);
  rmSync(path);
  await goOn(page);
  await expectLost(page);
  const before = (await logOf(page)).rows;
  expect(before.length).toBeGreaterThan(0);
  expect(before.length).toBeLessThan(cells);
  expect(await workersOf(page)).toBe(1);

  copyFileSync(large, path);
  await choose(page, path);
  expect(await workersOf(page), "HDF5 was left in the middle of its work").toBe(2);
  await runButton(page).click();
  await stageIs(page, "embed", "done");
  const all = (await logOf(page)).rows;
  expect(all).toHaveLength(cells);
  expect(new Set(all).size).toBe(cells);
  const notices = await noticesOf(page);
  expect(notices).toContainEqual({
    code: "resumed",
    message: expect.stringContaining(`${before.length} cells were embedded earlier`)
  });
  expect(notices).not.toContainEqual(lost);
});

test("a file that changes, is cut off or removed is never read as what it was and its results stay; another of its name has its own", async () => {
  const path = join(folder, "cells.h5ad");
  const whole = await fewCells("monocyte");
  const harm: Record<string, () => void> = {
    removed: () => rmSync(path),
    "cut off": () => truncateSync(path, whole.length >> 1),
    "written anew": () => writeFileSync(path, whole)
  };
  const {url, newPage} = site();
  const page = await newPage();
  await shorten(page, genes);
  await keepLog(page);
  await holdBatches(page, {first: false});
  await page.goto(url + nothing);
  const open = async (what: string) => {
    await choose(page, path, what);
    await stageIs(page, "umap", "done");
    await idle(page);
  };
  writeFileSync(path, whole);
  await open("at first");
  const vectors = [...(await embeddingsOf(page)).vectors];
  const embedded = (await logOf(page)).rows;
  expect(embedded).toHaveLength(40);
  for (const [name, spoil] of Object.entries(harm)) {
    spoil();
    await runButton(page).click();
    await expectLost(page, name);
    await stageIs(page, "umap", "done");
    await page.locator(".wb-linked-map").first().getByText("40 cells").first().waitFor();
    expect([...(await embeddingsOf(page)).vectors], `what is shown of a file that is ${name}`).toEqual(vectors);
    writeFileSync(path, whole);
    await open(name);
    expect(await noticesOf(page), name).not.toContainEqual(lost);
    expect([...(await embeddingsOf(page)).vectors], `what is stored of a file that is ${name}`).toEqual(vectors);
  }
  expect((await logOf(page)).rows, "nothing is embedded again").toEqual(embedded);

  // Written anew and chosen again before anything was read of it: what is opened is the new one.
  writeFileSync(path, whole);
  await open("written anew, and chosen at once");
  await page.getByLabel("Seed", {exact: true}).fill("7");
  await idle(page, ['"seed",7']);
  await stageIs(page, "umap", "done");
  await holdNext(page);
  await runButton(page).click();
  await held(page, 1);
  await page.locator(".wb-run-bar").getByRole("button", {name: "Cancel"}).click();
  await idle(page);
  expect(await noticesOf(page)).not.toContainEqual(lost);

  // A file of the same name, size and shape, with another name for one kind of cell.
  const other = await fewCells("Monocyte");
  expect([other.length, other.equals(whole)]).toEqual([whole.length, false]);
  const address = new URL(page.url()).searchParams.get("data");
  const told = (await logOf(page)).stages.length;
  writeFileSync(path, other);
  await open("another of its name");
  expect(new URL(page.url()).searchParams.get("data")).not.toBe(address);
  expect((await logOf(page)).stages.slice(told).filter((stage) => stage.endsWith(" kept"))).toEqual([]);
  expect(await wordsOf(page)).toContain("Monocyte");
});

test("a chapter says that its file is gone, also where a copy is wanted, and goes on with the file chosen again", async () => {
  const path = join(folder, "cells.h5ad");
  copyFileSync(large, path);
  const {url, newPage} = site();
  const page = await newPage();
  await shorten(page, genes);
  await page.goto(`${url}stages/normalize`);
  await page.waitForSelector(".wb-probabilities tbody tr:nth-child(5)");
  await choose(page, path);
  // At once, while its cells are still read for the figures below: whichever question comes first, every one is answered in the same words.
  rmSync(path);
  const next = page.getByRole("button", {name: "Next cell"});
  await expect.poll(() => page.locator("[role=combobox]").inputValue()).toMatch(/^0: /);
  await next.click();
  await page
    .locator("#observablehq-main")
    .getByText(/cells\.h5ad has changed or gone since it was opened\. Choose it again/i)
    .first()
    .waitFor();
  for (const notice of await noticesOf(page)) expect(notice).toEqual(lost);
  expect(await wordsOf(page)).not.toMatch(defect);
  // The copy that is made unasked may have been whole before, or been cut off.
  const keep = page.getByRole("button", {name: /^Keep a copy/});
  await page.getByRole("button", {name: "Remove the copy"}).or(keep).click();
  await keep.click();
  await page.locator(".wb-keep").getByText("cells.h5ad has changed or gone", {exact: false}).waitFor();
  copyFileSync(large, path);
  await choose(page, path);
  await page.waitForSelector(".wb-probabilities tbody tr:nth-child(5)");
  await next.click();
  await page.waitForSelector(".wb-probabilities tbody tr:nth-child(5)");
  expect(await noticesOf(page)).toEqual([]);
  await expect.poll(() => wordsOf(page)).not.toMatch(/changed or gone/);

  // A chapter that runs the model, with a file chosen while the demo is still on its way.
  let arrive = (): void => {};
  const arrival = new Promise<void>((resolve) => (arrive = resolve));
  await page.context().route(/demo[^/]*\.h5ad/, async (route) => {
    await arrival;
    await route.continue();
  });
  await page.goto(`${url}stages/embed?data=demo`);
  await choose(page, path);
  const demoIsThere = page.waitForEvent("requestfinished", {
    predicate: (request) => /demo[^/]*\.h5ad/.test(request.url())
  });
  arrive();
  await demoIsThere;
  await quiet(page, 300);
  expect(await settled(page, "cells.h5ad"), "the file picked last is the one opened").toBe("open");
  rmSync(path);
  await page.locator(".wb-run-bar").getByRole("button", {name: "Run", exact: true}).click();
  await expectLost(page);
});
