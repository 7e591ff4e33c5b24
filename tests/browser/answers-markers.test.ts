import {expect, test, vi} from "vitest";
import {fileSite} from "./file-site.js";
import {expectStill, screens} from "./page-done.js";
import {expectReadable} from "./readable.js";
import {pageWithRun} from "./seeded.js";
import {keepShifts} from "./shifts.js";

vi.setConfig({testTimeout: 180_000});

const site = fileSite({coi: true});
const viewport = {width: 1280, height: 900};

test("from clusters to markers: a cluster of the legend is selected, its genes are ranked, one colors the map, and clusters go along; all of it can be read", async () => {
  const page = await pageWithRun(site(), 48, {viewport: screens.narrow.viewport, reducedMotion: "reduce"});
  await keepShifts(page);
  await page.goto(`${site().url}answers`);
  await expectStill(page, "answers");
  await page.setViewportSize(viewport);
  await page.getByRole("button", {name: "Color the map by cluster"}).click();
  const said = await page.locator(".wb-clusters > [role=status]").innerText();
  const [, count] = /^(\d+) clusters of 260 cells at resolution 1/.exec(said)!;
  expect(await page.locator(".wb-clusters progress").isVisible(), "a bar that runs when all is done").toBe(false);
  await page.locator(".wb-legend-title", {hasText: "cluster"}).waitFor();
  const groups = page.locator(".wb-legend-entry");
  await expect.poll(() => groups.count()).toBe(Number(count));

  await groups.first().click();
  const first = page.locator(".wb-markers tbody tr");
  await first.nth(11).waitFor();
  const words = await page.innerText(".wb-markers > [role=status]");
  const [, cells, others] = /^(\d+) selected cells against (\d+) others\. Cells are not replicates/.exec(words)!;
  expect(Number(cells) + Number(others)).toBe(260);
  await page.locator(".wb-dot").first().waitFor();
  await page.locator(".wb-violin").first().waitFor();
  await expectReadable(page);
  await page.setViewportSize(viewport);
  await page.getByLabel("Show genes by").selectOption("cluster");
  await expect.poll(() => page.locator(".wb-violins text", {hasText: "%"}).count()).toBe(Number(count));

  const gene = await first.nth(1).locator("button").innerText();
  await first.nth(1).locator("button").click();
  await page.locator(".wb-frame-title", {hasText: `${gene} by group`}).waitFor();
  await expect.poll(() => new URL(page.url()).searchParams.get("color")).toBe(`gene:${gene}`);
  await page.getByRole("button", {name: "AUC"}).click();
  const aucs = (await page.locator(".wb-markers tbody td:nth-child(2)").allTextContents()).map(Number);
  expect(aucs).toEqual([...aucs].sort((a, b) => b - a));

  await page.getByLabel("Genes of the set").fill(`${gene} NOPE`);
  await page.getByRole("button", {name: "Score cells"}).click();
  await page.getByText("Not in this file: NOPE.").waitFor();
  expect(new URL(page.url()).searchParams.get("color")).toBe(`made:score ${gene}+NOPE`);

  const resolution = page.getByRole("textbox", {name: "Resolution"});
  await resolution.fill("4");
  await resolution.press("Enter");
  await page.locator(".wb-clusters > [role=status]", {hasText: "at resolution 4"}).waitFor();
  expect(new URL(page.url()).searchParams.get("resolution")).toBe("4");
});
