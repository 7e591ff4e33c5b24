import {expect, test} from "vitest";
import type {Page} from "playwright-core";
import {withSite} from "./harness.js";
import {focused, keepsFocus, listenTo, saidOn, tabTo} from "./keys.js";
import {expectStill} from "./page-done.js";
import {expectReadable} from "./readable.js";
import {keepShifts} from "./shifts.js";
import {shorten} from "./workbook-page.js";

/** Chooses columns and the origin of labels by keys, none of which loses the focus. */
async function choosesColumns(page: Page): Promise<void> {
  await tabTo(page, 'select[aria-label="Column of labels"]');
  await tabTo(page, ".wb-origins input");
  const clustering = page.getByLabel("clustering of expression", {exact: true});
  for (let k = 0; k < 4 && !(await clustering.isChecked()); ++k) await page.keyboard.press("ArrowDown");
  await keepsFocus(page, "the origin of labels");
  const batches = 'select[aria-label="Column of batches"]';
  await tabTo(page, batches);
  for (let k = 0; k < 12 && (await page.inputValue(batches)) !== "donor"; ++k) await page.keyboard.press("ArrowDown");
  await page.locator(".wb-mixing").waitFor({timeout: 60_000});
  await keepsFocus(page, "choosing batches");
}

/** Measures the noise of seeds by keys: gives up within a second, and measures to the end under two seeds; what is said is little. */
async function measuresByKeys(page: Page): Promise<void> {
  const seeds = page.locator(".wb-trust-seeds");
  const measure = ".wb-trust-seeds .wb-button-main";
  await tabTo(page, '.wb-trust-seeds input[type="number"]');
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("30");
  await tabTo(page, measure);
  await page.keyboard.press("Enter");
  await keepsFocus(page, "Measure");
  expect(await focused(page, ".wb-trust-seeds button")).toMatchObject({there: true});
  await expect
    .poll(() => seeds.locator("[role=status]").textContent(), {timeout: 120_000})
    .toMatch(/of 240 sentences embedded, .* left/);
  const start = Date.now();
  await page.keyboard.press("Enter");
  await expect.poll(() => seeds.getByRole("button", {name: "Measure"}).isEnabled()).toBe(true);
  expect(Date.now() - start).toBeLessThan(1000);
  await keepsFocus(page, "Cancel");
  expect(await focused(page, measure)).toMatchObject({there: true});

  await tabTo(page, 'select[aria-label="seeds a cell"]', "Shift+Tab");
  await page.keyboard.press("ArrowUp");
  await tabTo(page, measure);
  await saidOn(page, {anew: true});
  await page.keyboard.press("Enter");
  await seeds.locator(".wb-seeds").waitFor({timeout: 240_000});
  const said = await saidOn(page);
  expect(said).toContainEqual(expect.stringMatching(/of 120 sentences embedded/));
  expect(said).toContainEqual(expect.stringMatching(/^Measured on/));
  expect(said.length, said.join("\n")).toBeLessThan(20);
}

test("the trust page embeds few cells unasked, scores labels and batches, and measures seed noise, which Cancel ends within a second; columns are chosen and noise is measured by keys; all of it can be read", async () => {
  await withSite({coi: true}, async ({url, newPage}) => {
    const page = await newPage({viewport: {width: 390, height: 900}, reducedMotion: "reduce"});
    await shorten(page, 48);
    await listenTo(page);
    await keepShifts(page);
    await page.goto(`${url}trust?cells=random-36-0`);
    const matrices = page.locator(".wb-confusion");
    await matrices.first().waitFor({timeout: 240_000});
    await expectStill(page, "trust");
    const counts = await matrices.evaluateAll((found) =>
      found.map((matrix) =>
        [...matrix.querySelectorAll("tbody td")].map((cell) => ({
          total: cell.className === "wb-confusion-total",
          cells: Number(cell.textContent)
        }))
      )
    );
    for (const cells of counts) {
      const sum = (totals: boolean) =>
        cells.filter(({total}) => total === totals).reduce((all, one) => all + one.cells, 0);
      expect(sum(false)).toBe(sum(true));
      expect(sum(true)).toBeGreaterThan(20);
    }
    const scores = await page
      .locator(".wb-agreement tbody tr")
      .evaluateAll((rows) => rows.map((row) => Number.parseFloat(row.children[1].textContent)));
    expect(scores).toHaveLength(3);
    const diagonal = counts[0].filter(({total}) => total).length;
    const right = await matrices
      .first()
      .locator(".wb-confusion-right")
      .evaluateAll((cells) => cells.reduce((sum, cell) => sum + Number(cell.textContent), 0));
    const all = counts[0].filter(({total}) => total).reduce((sum, {cells}) => sum + cells, 0);
    expect(await matrices.first().locator(".wb-confusion-right").count()).toBe(diagonal);
    expect(scores[0]).toBe(Number((right / all).toFixed(3)));

    await choosesColumns(page);
    await expect.poll(() => page.locator(".wb-origins p").textContent()).toContain("favor principal components");

    await page.waitForURL(/origin=clustering/);

    // A link shows the same columns and numbers, and no column is offered as both.
    const shown = () =>
      page.evaluate(() => ({
        columns: [...document.querySelectorAll<HTMLSelectElement>("main select[aria-label^='Column of']")].map(
          ({value}) => value
        ),
        offered: [
          ...document.querySelectorAll<HTMLSelectElement>("main select[aria-label='Column of batches'] option")
        ].map(({value}) => value),
        tables: [...document.querySelectorAll(".wb-agreement, .wb-mixing, .wb-confusion")].map(
          ({textContent}) => textContent
        )
      }));
    const before = await shown();
    expect(before.columns).toEqual([before.columns[0], "donor"]);
    expect(before.offered).not.toContain(before.columns[0]);
    await page.reload();
    await page.locator(".wb-mixing").waitFor({timeout: 120_000});
    expect(await shown()).toEqual(before);
    expect(await page.getByLabel("clustering of expression", {exact: true}).isChecked()).toBe(true);
    await page.getByLabel("Column of labels").selectOption("donor");
    await expect
      .poll(shown)
      .toMatchObject({columns: ["donor", ""], offered: expect.not.arrayContaining(["donor"]) as string[]});

    await page.getByLabel("Column of labels").selectOption(before.columns[0]);
    await page.getByLabel("Column of batches").selectOption("donor");
    await page.locator(".wb-mixing").waitFor({timeout: 60_000});

    const seeds = page.locator(".wb-trust-seeds");
    await measuresByKeys(page);
    const rows = await seeds
      .locator(".wb-seeds tbody tr")
      .evaluateAll((found) => found.map((row) => [...row.children].slice(0, 2).map((cell) => cell.textContent)));
    expect(rows).toEqual([
      ["reference (as UCE-brain)", "1"],
      ["low-variance", "1"]
    ]);
    expect(await seeds.locator(".wb-advice dd").count()).toBeGreaterThanOrEqual(2);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
    await page.setViewportSize({width: 1280, height: 900});
    expect(await page.locator(".wb-mixing").count()).toBe(1);
    await expectReadable(page);
  });
}, 900_000);
