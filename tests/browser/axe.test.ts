import {readFileSync} from "node:fs";
import {readdir} from "node:fs/promises";
import {createRequire} from "node:module";
import type {AxeResults, RunOptions} from "axe-core";
import type {Page} from "playwright-core";
import {expect, test, vi} from "vitest";
import {withSite} from "./harness.js";
import {askTrust, shorten, stageIs} from "./workbook-page.js";

vi.setConfig({testTimeout: 600_000});

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What is there once a page has shown all that it has to show. */
const content: Record<string, (page: Page) => Promise<void>> = {
  async index(page) {
    await stageIs(page, "umap", "done");
    await page.locator(".wb-map canvas").first().waitFor();
  },
  async "stages/load"(page) {
    await page.locator(".wb-tree [role=treeitem][aria-level='2']").first().waitFor();
  },
  async "stages/normalize"(page) {
    await page.locator("#observablehq-main figure svg").first().waitFor();
  },
  async "stages/sample"(page) {
    await page.locator(".wb-tokens tbody td:nth-child(2)").first().waitFor();
  },
  async "stages/embed"(page) {
    await page.locator(".wb-verdict-line", {hasText: "collapsed"}).first().waitFor({timeout: 120_000});
    await page.locator('[data-break="random weights"] button').click();
    await page.waitForSelector('[data-break="random weights"][data-state="done"]', {timeout: 120_000});
  },
  async "stages/umap"(page) {
    await page.locator(".wb-frame-caption", {hasText: "Trustworthiness"}).first().waitFor({timeout: 120_000});
    await page.waitForFunction(
      () => [...document.querySelectorAll<HTMLElement>(".wb-seeds .wb-map-message")].every(({hidden}) => hidden),
      null,
      {timeout: 120_000}
    );
  },
  async "your-own"(page) {
    await page.locator("figure circle").first().waitFor({timeout: 120_000});
  },
  async trust(page) {
    await page.locator(".wb-chapter-bar button:not([hidden])").click({timeout: 120_000});
    await page.locator(".wb-confusion").first().waitFor({timeout: 240_000});
    const seeds = await askTrust(page);
    await expect.poll(() => seeds.locator("table").count(), {timeout: 120_000}).toBeGreaterThan(0);
  }
};

/** Cells of a run that takes seconds; scores need some of each type. */
const cells: Record<string, string> = {trust: "random-36-0", "stages/umap": "random-64-1"};

/** Waits until nothing in the page has changed for a second and a half. */
async function quiet(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector("observablehq-loading") === null);
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const done = () => {
          observer.disconnect();
          resolve();
        };
        let timer = setTimeout(done, 1500);
        const observer = new MutationObserver(() => {
          clearTimeout(timer);
          timer = setTimeout(done, 1500);
        });
        observer.observe(document.body, {subtree: true, childList: true, characterData: true, attributes: true});
      })
  );
}

/** What axe finds that keeps people out: rule, where, and what is wrong there; and how many rules it could apply. */
async function violations(page: Page): Promise<{found: string[]; passes: number}> {
  const results = await page.evaluate(() => {
    const {axe} = window as unknown as {axe: {run(context: Document, options: RunOptions): Promise<AxeResults>}};
    return axe.run(document, {resultTypes: ["violations"]});
  });
  const found = results.violations
    .filter(({impact}) => impact === "serious" || impact === "critical")
    .flatMap(({id, impact, nodes}) =>
      nodes.map(
        ({target, failureSummary}) => `${id} (${impact}) ${target.join(" ")}: ${failureSummary?.replace(/\s+/g, " ")}`
      )
    );
  return {found, passes: results.passes.length};
}

const names = (await readdir("src", {recursive: true}))
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => /\.md(\.[jt]s)?$/.test(path) && !/^(\.observablehq|components|data)\//.test(path))
  .map((path) => path.replace(/\.md(\.[jt]s)?$/, ""))
  .sort();

test("every page that waits for something is there, and the model card too", () => {
  expect(names).toEqual(expect.arrayContaining(["model-card", ...Object.keys(content)]));
});

test.each(names)(
  "%s has nothing that axe-core calls serious: light and dark, wide and narrow, with all that unfolds",
  async (name) => {
    const faults: string[] = [];
    await withSite({coi: true}, async ({url, newPage}) => {
      const page = await newPage({viewport: {width: 1280, height: 900}, reducedMotion: "reduce"});
      await shorten(page, 64);
      await page.goto(`${url}${name === "index" ? "" : name}?cells=${cells[name] ?? "random-24-1"}`);
      await content[name]?.(page);
      await quiet(page);
      await page.evaluate(axeSource);
      const look = async (state: string) => {
        const {found, passes} = await violations(page);
        expect(passes, `rules that hold, ${state}`).toBeGreaterThan(10);
        faults.push(...found.map((fault) => `${state}: ${fault}`));
      };
      await look("light");
      await page.$$eval("details", (folds) => folds.forEach((fold) => (fold.open = true)));
      await quiet(page);
      await look("light, unfolded");
      await page.emulateMedia({colorScheme: "dark"});
      await quiet(page);
      await look("dark, unfolded");
      await page.setViewportSize({width: 390, height: 844});
      await quiet(page);
      await look("dark, unfolded, 390 px");
    });
    expect(faults.join("\n")).toBe("");
  }
);
