import type {BrowserContext, Page} from "playwright-core";
import {expect, test, vi} from "vitest";
import {readProvenance} from "../../src/components/core/tables/provenance.js";
import {fileSite} from "./file-site.js";
import {
  chooseRandom,
  embeddingsOf,
  idle,
  keepLog,
  logOf,
  noticesOf,
  reaches,
  runButton,
  shorten,
  stageIs,
  tableOf
} from "./workbook-page.js";

vi.setConfig({testTimeout: 400_000});

const site = fileSite({coi: true, serviceWorkers: "none"});

const lowVariance = /^low-variance/;
const chooseSampling = async (page: Page, name: "reference" | "low-variance") => {
  const select = page.getByLabel("Sampling", {exact: true});
  const options = await select.locator("option").allTextContents();
  await select.selectOption({label: options.find((words) => lowVariance.test(words) === (name === "low-variance"))!});
};

async function mapOf(page: Page): Promise<string> {
  return Buffer.from((await tableOf(page, "umap")).getChild("x")!.toArray() as Float32Array).toString("base64");
}

/** Waits until the map of the chain that is made with these texts is done. */
async function mapIs(page: Page, ...made: string[]): Promise<void> {
  await idle(page, made);
  await stageIs(page, "umap", "done");
  await idle(page, made);
}

test("results are shared by reloads, pages and links: only what is missing is computed, and no batch twice", async () => {
  const {url, newPage} = site();
  const page = await newPage();
  await shorten(page, 256);
  await keepLog(page);
  const cells = "?cells=random-60-1";
  await page.goto(url + cells);
  await reaches(page, "embed", 8);
  const before = (await logOf(page)).rows.length;
  await page.reload();
  await mapIs(page);
  const whole = await logOf(page);
  expect(before).toBeGreaterThan(0);
  // What was stored in the moment of the reload was told to nobody.
  expect(new Set(whole.rows).size, "no batch is embedded twice").toBe(whole.rows.length);
  expect((await embeddingsOf(page)).index).toHaveLength(60);
  expect((await noticesOf(page)).map(({code}) => code)).toContain("resumed");
  const first = await mapOf(page);

  const told = async (from: number) => [...new Set((await logOf(page)).stages.slice(from))];
  let from = (await logOf(page)).stages.length;
  await page.getByLabel("Seed", {exact: true}).fill("7");
  await mapIs(page, '"seed",7');
  expect(await told(from)).toEqual(["load kept", "normalize kept", "sample kept", "embed kept", "umap"]);
  const other = await mapOf(page);
  expect(other).not.toBe(first);
  expect(page.url()).toContain("seed=7");

  from = (await logOf(page)).stages.length;
  await chooseSampling(page, "low-variance");
  await mapIs(page, "low-variance");
  expect((await told(from)).filter((stage) => !/^(load|normalize) kept$/.test(stage))).toEqual([
    "sample",
    "embed",
    "umap"
  ]);

  // What a link names is shown again without computing.
  await page.goto(`${url}${cells}&seed=7`);
  await mapIs(page, '"seed",7');
  expect(await mapOf(page)).toBe(other);
  const rows = (await logOf(page)).rows.length;

  from = (await logOf(page)).stages.length;
  await page.getByRole("link", {name: "UMAP", exact: true}).first().click();
  await page.waitForURL(/stages\/umap\?.*seed=7/);
  await page.getByText("Kept from an earlier run: nothing was computed now.").waitFor({timeout: 120_000});
  expect(await mapOf(page)).toBe(other);
  // The chapter lays out other seeds beside this one: maps of the same vectors.
  expect((await told(from)).filter((stage) => stage !== "umap" && !stage.endsWith(" kept"))).toEqual([]);
  expect((await logOf(page)).rows).toHaveLength(rows);

  // Cleared by hand, everything is computed anew.
  await page.goto(url + cells);
  await mapIs(page);
  await page.getByText(/^Storage: .*B$/).click();
  await page.getByRole("button", {name: "Clear results"}).click();
  await page.getByText("Cleared. 0 stored results").waitFor();
  expect((await embeddingsOf(page)).index).toHaveLength(60);
  await page.reload();
  await mapIs(page);
  expect((await logOf(page)).rows).toHaveLength(rows + 60);
});

/** Lets the browser refuse to keep files, in pages and in the worker. */
async function denyStorage(context: BrowserContext): Promise<void> {
  const deny = 'navigator.storage.getDirectory = () => Promise.reject(new DOMException("denied", "SecurityError"));\n';
  await context.addInitScript(deny);
  await context.route(/workbook\.worker[^/]*\.js(\?|$)/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({response, body: deny + (await response.text())});
  });
}

test("without storage, or with none left, a run ends as an undisturbed one does, and says what is not kept", async () => {
  const {url, newPage} = site();
  const address = `${url}?cells=random-24-1`;
  const run = async (prepare: (page: Page) => Promise<void>) => {
    const page = await newPage();
    await shorten(page, 64);
    await prepare(page);
    await page.goto(address);
    await mapIs(page);
    const found = {
      map: await mapOf(page),
      notices: await noticesOf(page),
      vectors: [...(await embeddingsOf(page)).vectors]
    };
    await page.context().close();
    return found;
  };
  const undisturbed = await run(async () => {});
  const denied = await run(async (page) => denyStorage(page.context()));
  expect(denied.notices).toContainEqual({code: "not-kept", message: expect.stringContaining("keeps no files")});
  const full = await run(async (page) => {
    const session = await page.context().newCDPSession(page);
    await session.send("Storage.overrideQuotaForOrigin", {origin: new URL(url).origin, quotaSize: 20_000});
  });
  expect(full.notices).toContainEqual({code: "not-stored", message: expect.stringMatching(/no room left.*clear/i)});
  for (const {map, vectors} of [denied, full]) {
    expect(vectors).toEqual(undisturbed.vectors);
    expect(map).toBe(undisturbed.map);
  }
});

test("while no file is open nothing can be run, and the demo is at hand", async () => {
  const {url, newPage} = site();
  const page = await newPage();
  await page.goto(`${url}?data=1-00&name=elsewhere.h5ad`);
  await page.waitForSelector('.wb-data[data-state="error"]');
  expect(await page.innerText(".wb-data")).toContain("this link refers to elsewhere.h5ad".slice(1));
  expect(await runButton(page).isDisabled()).toBe(true);
  await page.getByRole("button", {name: "Use the demo"}).click();
  await reaches(page, "embed", 8);
  await page.locator(".wb-run-bar").getByRole("button", {name: "Cancel"}).click();
  await idle(page);
  expect(await runButton(page).isEnabled()).toBe(true);
  expect((await noticesOf(page)).filter(({code}) => code !== "no-gpu")).toEqual([]);
});

test("a choice that changes in mid-run never stands over the results of the one before", async () => {
  const {url, newPage} = site();
  const page = await newPage();
  await shorten(page, 256);
  await keepLog(page);
  await page.goto(`${url}?cells=random-60-1`);
  await reaches(page, "embed", 8);
  await page.getByLabel("Seed", {exact: true}).fill("7");
  await mapIs(page, '"seed",7');
  expect(readProvenance(await tableOf(page, "umap"))!.parameters["seed"]).toBe(7);
  const {rows} = await logOf(page);
  expect([rows.length, new Set(rows).size], "no batch is embedded twice").toEqual([60, 60]);
  await page.getByLabel("Seed", {exact: true}).fill("42");
  await mapIs(page, '"seed",42');
  expect(readProvenance(await tableOf(page, "umap"))!.parameters["seed"]).toBe(42);
  expect((await logOf(page)).rows).toHaveLength(60);
  // One that is undone in mid-run costs nothing of what was finished.
  await chooseRandom(page, 100);
  await reaches(page, "embed", 64);
  const begun = (await logOf(page)).rows.length;
  await chooseSampling(page, "low-variance");
  await chooseSampling(page, "reference");
  await mapIs(page, '"reference"');
  expect((await embeddingsOf(page)).rows).toHaveLength(100);
  expect(begun).toBeGreaterThan(60);
  expect(readProvenance(await tableOf(page, "embeddings"))!.parameters["sampling"]).toBe("reference");
});
