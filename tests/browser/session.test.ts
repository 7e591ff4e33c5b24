import type {Page} from "playwright-core";
import {expect, test, vi} from "vitest";
import {readProvenance} from "../../src/components/core/tables/provenance.js";
import {goOn, held, holdBatches, holdNext} from "./harm.js";
import {fileSite} from "./file-site.js";
import {embeddingsOf, idle, keepLog, logOf, mapOf, shorten, stageIs, tableOf} from "./workbook-page.js";

vi.setConfig({testTimeout: 400_000});

const site = fileSite({coi: true, serviceWorkers: "none"});

const lowVariance = /^low-variance/;
const chooseSampling = async (page: Page, name: "reference" | "low-variance") => {
  const select = page.getByLabel("Sampling", {exact: true});
  const options = await select.locator("option").allTextContents();
  await select.selectOption({label: options.find((words) => lowVariance.test(words) === (name === "low-variance"))});
};

/** Waits until the map of the chain that is made with these texts is done. */
async function mapIs(page: Page, ...made: string[]): Promise<void> {
  await idle(page, made);
  await stageIs(page, "umap", "done");
  await idle(page, made);
}

test("a choice that changes in mid-run never stands over the results of the one before; results are shared by pages, links and reloads: only what is missing is computed, and no batch twice", async () => {
  const {url, newPage} = site();
  const page = await newPage();
  await shorten(page, 48);
  await keepLog(page);
  await holdBatches(page);
  const cells = "?cells=random-60-1";
  await page.goto(url + cells);
  await held(page, 1);
  await page.getByLabel("Seed", {exact: true}).fill("7");
  await goOn(page);
  await mapIs(page, '"seed",7');
  expect(readProvenance(await tableOf(page, "umap"))!.parameters["seed"]).toBe(7);
  const {rows} = await logOf(page);
  expect([rows.length, new Set(rows).size], "no batch is embedded twice").toEqual([60, 60]);
  expect((await embeddingsOf(page)).index).toHaveLength(60);
  expect(page.url()).toContain("seed=7");
  const first = await mapOf(page);

  const told = async (from: number) => [...new Set((await logOf(page)).stages.slice(from))];
  let from = (await logOf(page)).stages.length;
  await page.getByLabel("Seed", {exact: true}).fill("42");
  await mapIs(page, '"seed",42');
  expect(await told(from)).toEqual(["load kept", "normalize kept", "sample kept", "embed kept", "umap"]);
  expect(readProvenance(await tableOf(page, "umap"))!.parameters["seed"]).toBe(42);
  expect(await mapOf(page)).not.toBe(first);
  expect((await logOf(page)).rows).toHaveLength(60);

  // A choice that is undone in mid-run costs nothing of what was finished.
  from = (await logOf(page)).stages.length;
  await holdNext(page);
  await chooseSampling(page, "low-variance");
  await held(page, 2);
  expect((await logOf(page)).rows.length).toBeGreaterThan(60);
  await chooseSampling(page, "reference");
  await chooseSampling(page, "low-variance");
  await goOn(page);
  await mapIs(page, '"low-variance"');
  const anew = async () => (await told(from)).filter((stage) => !stage.endsWith(" kept"));
  expect(await anew()).toEqual(["sample", "embed", "umap"]);
  const again = (await logOf(page)).rows.slice(60);
  expect([again.length, new Set(again).size], "no batch is embedded twice").toEqual([60, 60]);
  expect((await embeddingsOf(page)).rows).toHaveLength(60);
  expect(readProvenance(await tableOf(page, "embeddings"))!.parameters["sampling"]).toBe("low-variance");

  // What a link names is shown again without computing, by any page.
  const embedded = (await logOf(page)).rows.length;
  from = (await logOf(page)).stages.length;
  await page.goto(`${url}stages/umap${cells}&seed=7`);
  await page.getByText("Kept from an earlier run: nothing was computed now.").waitFor({timeout: 120_000});
  expect(await mapOf(page)).toBe(first);
  // The chapter lays out other seeds beside this one: maps of the same vectors.
  expect((await anew()).filter((stage) => stage !== "umap")).toEqual([]);
  from = (await logOf(page)).stages.length;
  await page.getByRole("link", {name: "UCE workbook", exact: true}).first().click();
  await page.waitForURL(/\/\?.*seed=7/);
  await mapIs(page, '"seed",7');
  expect(await mapOf(page)).toBe(first);
  expect(await anew()).toEqual([]);
  expect((await logOf(page)).rows).toHaveLength(embedded);

  // Cleared by hand, everything is computed anew, by a page that remembers nothing.
  await page.getByText(/^Storage: .*B$/).click();
  await page.getByRole("button", {name: "Clear results"}).click();
  await page.getByText("Cleared. 0 stored results").waitFor();
  expect((await embeddingsOf(page)).index).toHaveLength(60);
  from = (await logOf(page)).stages.length;
  await page.reload();
  await held(page, 1);
  await goOn(page);
  await mapIs(page, '"seed",7');
  expect(await anew()).toEqual(["load", "normalize", "sample", "embed", "umap"]);
  expect((await logOf(page)).rows).toHaveLength(embedded + 60);
});
