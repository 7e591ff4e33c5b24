import type {Page} from "playwright-core";

/** Waits until the page has nothing to load and nothing in it has changed for `ms`; 10 s at the most. As text, because tsx names functions by a helper that a page lacks. */
export async function quiet(page: Page, ms: number): Promise<void> {
  await page.waitForFunction(() => document.querySelector("observablehq-loading") === null);
  await page.evaluate(`new Promise((resolve) => {
    let timer = 0;
    const done = () => (observer.disconnect(), resolve());
    const wait = () => (clearTimeout(timer), (timer = setTimeout(done, ${ms})));
    const observer = new MutationObserver(wait);
    observer.observe(document.body, {subtree: true, childList: true, characterData: true, attributes: true});
    setTimeout(done, 10_000);
    wait();
  })`);
}
