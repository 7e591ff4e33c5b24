import {expect} from "vitest";
import type {Page} from "playwright-core";

/** Most presses of Tab from any place of the page to any other. */
const mostPresses = 150;

/** What has the focus: itself or its row in words, whether that can be seen, whether it is `selector`. */
export async function focused(page: Page, selector: string): Promise<{words: string; seen: boolean; there: boolean}> {
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
export async function tabTo(page: Page, selector: string, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
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

/** The focus is somewhere, and shows: nothing that a key did has lost it. */
export async function keepsFocus(page: Page, after: string): Promise<void> {
  // Twice round the event loop: a button that is disabled loses the focus when the page is drawn next.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  const {words, seen} = await focused(page, "*");
  expect({words, seen}, `the focus after ${after}`).toEqual({
    words: expect.not.stringMatching(/^nothing$/),
    seen: true
  });
}

/** Presses Enter on a button that saves a file, whose name is to be like `name`. */
export async function downloads(page: Page, name: RegExp): Promise<void> {
  const [file] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  expect(file.suggestedFilename()).toMatch(name);
  await keepsFocus(page, "a download");
}

/** Notes what live regions say from the page's start on, for `saidOn`; call it before the page is opened. */
export async function listenTo(page: Page): Promise<void> {
  await page.addInitScript(`
    window.said = [];
    new MutationObserver((records) => {
      for (const {target} of records) {
        const element = target.nodeType === 1 ? target : target.parentElement;
        const region = element && element.closest("[role=status], [role=alert], [aria-live]");
        const text = region && region.innerText.trim();
        if (text && window.said.at(-1) !== text) window.said.push(text);
      }
    }).observe(document, {subtree: true, childList: true, characterData: true});
  `);
}

/** What live regions said, in order; with `anew` they begin anew. */
export async function saidOn(page: Page, {anew = false} = {}): Promise<string[]> {
  return page.evaluate<string[]>(anew ? "window.said.splice(0)" : "window.said");
}
