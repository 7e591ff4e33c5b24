import {expect, test} from "vitest";
import {rowsToText} from "../../src/components/core/cells/rows-text.js";
import {fileSite} from "./file-site.js";
import {expectStill, screens} from "./page-done.js";
import {expectReadable} from "./readable.js";
import {pageWithRun} from "./seeded.js";
import {keepShifts} from "./shifts.js";

const site = fileSite({coi: true});
const phone = {viewport: screens.narrow.viewport, reducedMotion: "reduce"} as const;

test("the page of scores has those of labels at once, says why there are none of batches, and has them once a column is chosen; the page of genes explains the selection that the address carries, or one cell, with the genes that were typed", async () => {
  const page = await pageWithRun(site(), 48, phone);
  await keepShifts(page);
  await page.goto(`${site().url}scores`);
  await expectStill(page, "scores");
  await page.setViewportSize(screens.wide.viewport);
  const score = (name: string) => page.locator(`[data-score="${name}"]`);
  await score("nmi").waitFor({timeout: 60_000});
  expect(await score("ilisi").count()).toBe(0);
  expect(await page.locator(".wb-task").textContent()).toContain("nothing can be said about mixing");
  await page.getByLabel("Column of batches").selectOption("donor");
  await score("kbet").waitFor({timeout: 60_000});
  const numbers = await score("ari").locator("td.wb-number").allTextContents();
  expect(numbers).toHaveLength(3);
  expect(numbers.every((text) => Number(text) >= 0 && Number(text) <= 1)).toBe(true);
  expect(await score("ari").locator(".wb-score-mark").count()).toBe(3 + 3);
  await expectReadable(page);

  await page.emulateMedia({colorScheme: "light"});
  await page.goto(`${site().url}decide?selection=${rowsToText(Int32Array.from({length: 18}, (_, i) => 3 + i))}`);
  await expectStill(page, "decide");
  await page.setViewportSize(screens.wide.viewport);
  const panel = page.locator(".wb-task");
  await expect.poll(() => page.getByLabel("Explain").textContent(), {timeout: 60_000}).toContain("18 cells");
  expect(await page.locator("#observablehq-main .wb-combo").isVisible(), "no single cell is asked for").toBe(false);
  await panel.getByLabel("how many of the most probable genes").fill("1");
  await panel.getByLabel("cells of a selection").fill("2");
  await panel.getByLabel("sentences of each kind").selectOption("2");
  await panel
    .locator(".wb-explain-sets input:checked")
    .evaluateAll((boxes) => boxes.forEach((box) => (box as HTMLInputElement).click()));
  await panel.getByLabel("ribosomal proteins").check();
  await panel.getByLabel("Genes or sets of your own").fill("mine: GAD1, MS4A1");
  await panel.getByLabel("What to do with your own genes").selectOption("add");
  await expect.poll(() => panel.getByRole("status").textContent()).toMatch(/2 cells of 18.*up to 3 changes: about 44/);
  await panel.getByRole("button", {name: "Find out"}).click();
  const changes = () => panel.locator(".wb-explained tbody th").allTextContents();
  await expect.poll(changes, {timeout: 120_000}).toHaveLength(3);
  expect(await changes()).toEqual(expect.arrayContaining(["without ribosomal proteins", "with mine"]));
  expect(await panel.locator("figure svg text", {hasText: "with mine"}).count()).toBe(1);
  expect(await panel.textContent()).toContain("2 cells explained");
  await page.locator(".wb-expression-verdict").waitFor({timeout: 60_000});
  await expectReadable(page);
  // The other choice: what was found of the selection goes.
  await page.getByLabel("Explain").selectOption("cell");
  await expect.poll(changes).toHaveLength(0);
  await page.waitForURL(/of=cell/);
}, 240_000);
