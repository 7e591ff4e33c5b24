import {expect, test, vi} from "vitest";
import type {Page} from "playwright-core";
import {withSite} from "./harness.js";
import {reaches, type WorkbookWindow} from "./workbook-page.js";

vi.setConfig({testTimeout: 400_000});

/** Most presses of Tab from any place of the page to any other. */
const mostPresses = 150;

/** What has the focus: itself or its row in words, whether that can be seen, whether it is `selector`. */
async function focused(page: Page, selector: string): Promise<{words: string; seen: boolean; there: boolean}> {
  return page.evaluate((selector) => {
    const element = document.activeElement;
    if (element === null || element === document.body) return {words: "nothing", seen: false, there: false};
    const {outlineStyle, outlineWidth} = getComputedStyle(element);
    const {width, height, right} = element.getBoundingClientRect();
    const name = element.getAttribute("aria-label") ?? element.textContent ?? "";
    return {
      words: `${element.localName}.${element.className} "${name.trim().slice(0, 40)}"`,
      seen: outlineStyle !== "none" && parseFloat(outlineWidth) >= 1 && width > 0 && height > 0 && right > 0,
      there: element.matches(selector)
    };
  }, selector);
}

/** Presses Tab (or Shift+Tab) until `selector` has the focus; every place on the way must show that it has it. */
async function tabTo(page: Page, selector: string, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  const way: string[] = [];
  for (let press = 0; press < mostPresses; ++press) {
    await page.keyboard.press(key);
    const {words, seen, there} = await focused(page, selector);
    way.push(words);
    if (words !== "nothing") expect(seen, `${words} shows that it has the focus`).toBe(true);
    if (there) return;
  }
  throw new Error(`${mostPresses} presses of ${key} do not lead to ${selector}, but along ${way.join(", ")}`);
}

async function hasFocus(page: Page): Promise<boolean> {
  return page.evaluate(() => document.activeElement !== null && document.activeElement !== document.body);
}

const idle = (page: Page) => page.waitForFunction(() => !(window as unknown as WorkbookWindow).workbook.client.busy);

test("a newcomer without a mouse cancels, opens the file dialog, chooses matrix, cells and sampling, and runs", async () => {
  await withSite({coi: true}, async ({url, newPage}) => {
    const page = await newPage();
    const chooser = new Promise<void>((resolve) => page.on("filechooser", () => resolve()));
    await page.goto(`${url}?backend=wasm`);
    await reaches(page, "embed", 1, 300_000);

    await page.keyboard.press("Tab");
    expect(await focused(page, ".skip-link")).toMatchObject({there: true, seen: true});
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement!.closest("#observablehq-main") !== null)).toBe(true);

    await tabTo(page, '[data-stage="embed"] button');
    await page.keyboard.press("Enter");
    await idle(page);
    await page.waitForSelector('[data-stage="embed"]:not([data-state="running"])');
    expect(await hasFocus(page)).toBe(true);

    await tabTo(page, ".wb-data button", "Shift+Tab");
    await tabTo(page, ".wb-data .wb-button-main", "Shift+Tab");
    await page.keyboard.press("Enter");
    await chooser;

    await tabTo(page, ".wb-settings details:has(.wb-matrices) > summary");
    await page.keyboard.press("Space");
    await tabTo(page, '.wb-matrices input[type="radio"]');
    await tabTo(page, ".wb-choices > summary");
    await page.keyboard.press("Space");
    await tabTo(page, '.wb-cells input[type="radio"]');
    await page.keyboard.press("ArrowDown");
    expect(await focused(page, 'input[value="random"]')).toMatchObject({there: true, seen: true});
    await tabTo(page, '.wb-cells input[type="number"]');
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("12");
    await tabTo(page, 'select[aria-label="Sampling"]');
    await page.keyboard.press("ArrowDown");
    expect(await page.inputValue('select[aria-label="Sampling"]')).toBe("low-variance");
    await tabTo(page, ".wb-actions .wb-button-main");
    await page.keyboard.press("Enter");
    await reaches(page, "sample", 12, 300_000);
    expect(await page.getAttribute('[data-stage="sample"]', "data-total")).toBe("12");
    expect(await focused(page, ".wb-actions .wb-button-main")).toMatchObject({there: true});
  });
});
