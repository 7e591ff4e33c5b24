import {expect, test, vi} from "vitest";
import {fileSite} from "./file-site.js";
import {downloads, focused, keepsFocus, listenTo, saidOn, tabTo} from "./keys.js";
import {pageWithRun} from "./seeded.js";

vi.setConfig({testTimeout: 400_000});

const site = fileSite({coi: true});
/** Genes of a sentence: its length does not matter here. */
const genes = 48;
const viewport = {width: 1280, height: 900};

test("a cell is looked for and stepped through, and pages of a table are turned", async () => {
  const page = await pageWithRun(site(), genes, {viewport});
  await page.goto(`${site().url}stages/sample`);
  await page.locator(".wb-tokens tbody td:nth-child(2)").first().waitFor();
  await tabTo(page, "[role=combobox]");
  await page.keyboard.type("7");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await page.waitForURL(/cell=7/);
  await tabTo(page, 'button[aria-label="Next cell"]');
  await page.keyboard.press("Enter");
  await page.waitForURL(/cell=8/);
  await keepsFocus(page, "Next cell");
  await tabTo(page, '.wb-tokens button[aria-label$="last page"]');
  await page.keyboard.press("Enter");
  await keepsFocus(page, "the last page of a table");
  expect(await page.locator('.wb-tokens button[aria-label$="last page"]').isDisabled()).toBe(true);
});

test("code that is wider than a phone is scrolled, a switch is pressed and given up, a table is taken along", async () => {
  const page = await pageWithRun(site(), genes, {viewport: {width: 390, height: 844}, acceptDownloads: true});
  await page.goto(`${site().url}stages/embed`);
  await page.locator(".wb-verdict-line", {hasText: "collapsed"}).first().waitFor({timeout: 120_000});
  await tabTo(page, ".code-fold > summary");
  await page.keyboard.press("Enter");
  const wide = await page.$$eval(
    "#observablehq-main pre",
    (found) => found.filter((pre) => pre.scrollWidth > pre.clientWidth).length
  );
  expect(wide).toBeGreaterThan(0);
  await tabTo(page, "pre");
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => page.$eval("pre:focus", ({scrollLeft}) => scrollLeft)).toBeGreaterThan(0);

  await tabTo(page, '[data-break="shuffled order"] button');
  await page.keyboard.press("Enter");
  await page.waitForSelector('[data-break="shuffled order"][data-state="running"]');
  await keepsFocus(page, "a switch");
  await page.keyboard.press("Enter");
  await page.waitForSelector('[data-break="shuffled order"][data-state="idle"]');
  await keepsFocus(page, "a switch that is given up");
  expect(await focused(page, '[data-break="shuffled order"] button')).toMatchObject({there: true});
  await tabTo(page, ".wb-export > summary");
  await page.keyboard.press("Enter");
  await tabTo(page, ".wb-export .wb-button-main");
  await downloads(page, /\.h5ad$/);
  await keepsFocus(page, "an export");
});

test("columns and the origin of labels are chosen, and trust is measured and given up", async () => {
  const page = await pageWithRun(site(), genes, {viewport});
  await listenTo(page);
  await page.goto(`${site().url}trust`);
  await page.locator(".wb-confusion").first().waitFor({timeout: 240_000});
  await tabTo(page, 'select[aria-label="Column of labels"]');
  await tabTo(page, ".wb-origins input");
  await page.keyboard.press("ArrowDown");
  await keepsFocus(page, "the origin of labels");
  const batches = 'select[aria-label="Column of batches"]';
  await tabTo(page, batches);
  for (let k = 0; k < 12 && (await page.inputValue(batches)) !== "donor"; ++k) await page.keyboard.press("ArrowDown");
  await page.locator(".wb-mixing").waitFor({timeout: 60_000});
  await keepsFocus(page, "choosing batches");
  await tabTo(page, '.wb-trust-seeds input[type="number"]');
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("30");
  await tabTo(page, 'select[aria-label="seeds a cell"]');
  await page.keyboard.press("ArrowDown");
  await tabTo(page, ".wb-trust-seeds .wb-button-main");
  await page.keyboard.press("Enter");
  await keepsFocus(page, "Measure");
  expect(await focused(page, ".wb-trust-seeds button")).toMatchObject({there: true});
  await page.keyboard.press("Enter");
  await page.locator(".wb-trust-seeds .wb-button-main:not([disabled])").waitFor();
  await keepsFocus(page, "Cancel");
  expect(await focused(page, ".wb-trust-seeds .wb-button-main")).toMatchObject({there: true});
  await saidOn(page, {anew: true});
  await page.keyboard.press("Enter");
  await page.locator(".wb-trust-seeds table").first().waitFor({timeout: 120_000});
  const said = await saidOn(page);
  expect(said).toContainEqual(expect.stringMatching(/sentences embedded/));
  expect(said).toContainEqual(expect.stringMatching(/^Measured on/));
  expect(said.length, said.join("\n")).toBeLessThan(20);
});
