import type {Page} from "playwright-core";
import {describe, expect, test, vi} from "vitest";
import {fileBrowser, fileSite} from "./file-site.js";

vi.setConfig({testTimeout: 180_000});

const site = "tests/browser/fixture";
const browser = fileBrowser();
const built = fileSite({site, serviceWorkers: "none", browser});
const preview = fileSite({site, mode: "preview", serviceWorkers: "none", browser});

const valuesOf = async (page: Page): Promise<Record<string, unknown>> =>
  JSON.parse((await page.locator("#values").textContent()) ?? "") as Record<string, unknown>;

/** Waits until a cell below an input has run with its new value. */
const becomes = async (page: Page, name: string, value: unknown): Promise<void> =>
  await expect.poll(async () => (await valuesOf(page))[name]).toEqual(value);

const ways = [
  ["the built site", built],
  ["preview", preview]
] as const;

describe("Observable Inputs, with no network", () => {
  test.each(ways)("work as implicit name, as import and in a module in %s", async (_, opened) => {
    const {url, newPage} = opened();
    const page = await newPage();
    await page.goto(`${url}inputs`);
    await page.waitForSelector("#values", {state: "attached"});
    expect(await valuesOf(page)).toEqual({
      minDist: 0.1,
      neighbors: 15,
      color: "batch",
      method: "reference",
      log: true,
      name: "",
      runs: 0,
      rounds: 200,
      same: true
    });
    await page.getByRole("spinbutton", {name: "min_dist"}).fill("0.5");
    await becomes(page, "minDist", 0.5);
    expect(new URL(page.url()).search).toBe("?min_dist=0.5");
    await page.getByLabel("Color by").selectOption("cell type");
    await becomes(page, "color", "cell type");
    await page.getByLabel("top").check();
    await becomes(page, "method", "top");
    await page.getByLabel("Logarithmic").focus();
    await page.keyboard.press("Space");
    await becomes(page, "log", false);
    await page.getByLabel("Gene").fill("CD3D");
    await becomes(page, "name", "CD3D");
    await page.getByRole("button", {name: "Run"}).press("Enter");
    await becomes(page, "runs", 1);
    await page.getByRole("spinbutton", {name: "Epochs"}).fill("300");
    await becomes(page, "rounds", 300);
  });

  test("carry their values in links, reloads, back and forward", async () => {
    const {url, newPage} = built();
    const page = await newPage();
    await page.goto(`${url}inputs?min_dist=0.4`);
    await page.waitForSelector("#values", {state: "attached"});
    await becomes(page, "minDist", 0.4);
    await page.evaluate(() => history.pushState(null, "", "?min_dist=0.7&other=1"));
    await page.goBack();
    await page.goForward();
    await becomes(page, "minDist", 0.7);
    await page.goBack();
    await becomes(page, "minDist", 0.4);
    await page.goForward();
    await page.getByRole("spinbutton", {name: "min_dist"}).fill("0.1");
    await expect.poll(() => new URL(page.url()).search).toBe("?other=1");
    await page.reload();
    await becomes(page, "minDist", 0.1);
  });

  test.each(["light", "dark"] as const)("are in the style of the workbook, %s", async (colorScheme) => {
    const {url, newPage} = built();
    const page = await newPage({colorScheme});
    await page.goto(`${url}inputs`);
    await page.waitForSelector("#values", {state: "attached"});
    const look = await page.evaluate(() => {
      const style = (selector: string) => getComputedStyle(document.querySelector(selector)!);
      const forms = [...document.querySelectorAll<HTMLElement>('form[class^="inputs-"]')];
      return {
        displays: [...new Set(forms.map((form) => getComputedStyle(form).display))],
        fonts: [...new Set(forms.map((form) => getComputedStyle(form).fontSize))],
        page: style("html").backgroundColor,
        field: style('form[class^="inputs-"] input[type="number"]').backgroundColor,
        height: document.querySelector('form[class^="inputs-"] input[type="number"]')!.getBoundingClientRect().height,
        ink: style('form[class^="inputs-"] input[type="number"]').color
      };
    });
    expect(look.displays).toEqual(["flex"]);
    expect(look.fonts).toEqual(["14px"]);
    expect(look.field).toBe(look.page);
    expect(look.ink).not.toBe(look.page);
    expect(look.height).toBeGreaterThanOrEqual(32);
  });
});
