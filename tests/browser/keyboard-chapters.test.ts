import {expect, test, vi} from "vitest";
import {fileSite} from "./file-site.js";
import {downloads, focused, keepsFocus, tabTo} from "./keys.js";
import {pageWithRun} from "./seeded.js";

vi.setConfig({testTimeout: 400_000});

const site = fileSite({coi: true});
/** Genes of a sentence: its length does not matter here. */
const genes = 48;

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
