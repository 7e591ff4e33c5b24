import {describe, expect, test, vi} from "vitest";
import {fileSite} from "./file-site.js";
import {becomes, useInputs} from "./inputs-page.js";

vi.setConfig({testTimeout: 180_000});

const built = fileSite({site: "tests/browser/fixture", serviceWorkers: "none"});

describe("Observable Inputs, with no network", () => {
  // In preview: tests/browser/preview.test.ts.
  test("work as implicit name, as import and in a module in the built site", async () => {
    const {url, newPage} = built();
    await useInputs(await newPage(), url);
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
