import type {Page} from "playwright-core";
import {expect, test, vi} from "vitest";
import {fileSite} from "./file-site.js";
import {expectStill, screens} from "./page-done.js";
import {expectReadable} from "./readable.js";
import {pageWithRun} from "./seeded.js";
import {keepShifts} from "./shifts.js";
import {idle, keepLog, logOf, stageIs} from "./workbook-page.js";

vi.setConfig({testTimeout: 400_000});

const site = fileSite({coi: true});

const fidelityIs = (page: Page) =>
  page.locator(".wb-frame-caption", {hasText: "Trustworthiness T(15)"}).waitFor({timeout: 120_000});

test("the page on UMAP shows the map, four seeds, a cell's neighbors here and there, and how far the map can be trusted; another parameter computes the umap stage alone, is seen as it forms, and stands in the address; all of it can be read", async () => {
  const page = await pageWithRun(site(), 48, {viewport: screens.narrow.viewport, reducedMotion: "reduce"});
  await keepShifts(page);
  await keepLog(page);
  await page.addInitScript(`{
    window.layouts = 0;
    const listen = MessagePort.prototype.addEventListener;
    MessagePort.prototype.addEventListener = function (name, listener, options) {
      if (name === "message")
        listen.call(this, name, ({data}) => data?.argumentList?.[0]?.value?.type === "layout" && ++window.layouts);
      listen.call(this, name, listener, options);
    };
  }`);
  await page.goto(`${site().url}stages/umap`);
  await expectStill(page, "stages/umap");
  await page.setViewportSize(screens.wide.viewport);
  await fidelityIs(page);
  await page.waitForFunction(
    () => [...document.querySelectorAll<HTMLElement>(".wb-seeds .wb-map-message")].every(({hidden}) => hidden),
    null,
    {timeout: 120_000}
  );
  await expect.poll(() => page.locator(".wb-mini-note", {hasText: "of the cell's 15 neighbors"}).count()).toBe(4);
  const words = await page.innerText(".wb-neighbor-words");
  const kept = Number(/: (\d+) of its 15 nearest cells/.exec(words)![1]);
  // Formulas are in the page as it comes, for who hears them as well, in fonts of the site's own.
  expect(await page.locator(".katex-display mfrac, p .katex mfrac").count()).toBeGreaterThan(2);
  expect(
    await page.evaluate(() => document.fonts.check("16px KaTeX_Main") && document.fonts.check("16px KaTeX_Math"))
  ).toBe(true);
  for (const list of ["space", "map"]) {
    const rows = page.locator(`.wb-neighbor-lists [data-list="${list}"] tbody tr`);
    expect(await rows.count()).toBe(15);
    const column = list === "space" ? 3 : 2;
    const others = (await rows.locator(`td:nth-child(${column})`).allTextContents()).map(Number);
    // What is near in both has a rank of at most 15 in the other, what is not has a higher one.
    expect(others.filter((rank) => rank >= 1 && rank <= 15)).toHaveLength(kept);
  }
  expect(await page.locator(".wb-neighbor-lines line").count()).toBe(kept);
  // The lowest cell of the map has none below: nothing is chosen then, and one that is, at once.
  const told = () => page.innerText(".wb-neighbor-words");
  await page.evaluate(`{
    window.chosen = 0;
    document.querySelector(".wb-neighbor-maps").addEventListener("select", () => ++window.chosen, true);
  }`);
  for (const key of ["ArrowDown", "ArrowUp"]) {
    if ((await page.evaluate<number>("window.chosen")) > 0) break;
    await page.locator(".wb-neighbor-maps canvas").first().press(key);
  }
  await expect.poll(told).not.toBe(words);
  expect(new URL(page.url()).searchParams.has("cell")).toBe(true);

  await idle(page);
  const {stages} = await logOf(page);
  const before = await page.evaluate<number>("window.layouts");
  await page.getByLabel("Neighbors", {exact: true}).first().fill("30");
  await page.getByLabel("Neighbors", {exact: true}).first().press("Tab");
  await idle(page, ['"neighbors",30']);
  await stageIs(page, "umap", "done");
  const after = await logOf(page);
  expect(after.rows, "no batch was embedded").toEqual([]);
  expect(after.stages.slice(stages.length)).toContain("umap");
  expect(after.stages.filter((stage) => stage !== "umap" && !stage.endsWith(" kept"))).toEqual([]);
  expect((await page.evaluate<number>("window.layouts")) - before).toBeGreaterThan(1);
  expect(new URL(page.url()).searchParams.get("neighbors")).toBe("30");
  await fidelityIs(page);
  await expectReadable(page);
});
