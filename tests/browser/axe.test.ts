import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import type {AxeResults, RunOptions} from "axe-core";
import type {Page} from "playwright-core";
import {expect, test, vi} from "vitest";
import {faintText} from "./faint-text.js";
import {fileSite} from "./file-site.js";
import {pageNames as names} from "./page-names.js";
import {quiet} from "./quiet.js";
import {pageWithRun} from "./seeded.js";
import {askTrust, idle, stageIs} from "./workbook-page.js";

vi.setConfig({testTimeout: 600_000});

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const site = fileSite({coi: true});

/** What is there once a page has shown all that it has to show, of a run that is finished. */
const content: Record<string, (page: Page) => Promise<void>> = {
  async index(page) {
    await stageIs(page, "umap", "done");
    await page.locator(".wb-linked-map").nth(1).getByText("260 cells placed by UMAP").waitFor();
  },
  async "stages/load"(page) {
    await page.locator(".wb-tree [role=treeitem][aria-level='2']").first().waitFor();
    await page.waitForFunction("document.querySelectorAll('.wb-distribution svg').length === 3");
  },
  async "stages/normalize"(page) {
    await page.waitForSelector(".wb-probabilities tbody tr:nth-child(5)");
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
  async parity(page) {
    await page.locator(".wb-parity-summary").waitFor({timeout: 120_000});
  },
  async "your-own"(page) {
    await page.locator("figure circle").first().waitFor({timeout: 120_000});
  },
  async trust(page) {
    await page.locator(".wb-confusion").first().waitFor({timeout: 240_000});
    const seeds = await askTrust(page);
    await expect.poll(() => seeds.locator("table").count(), {timeout: 120_000}).toBeGreaterThan(0);
  },
  async model(page) {
    await page.locator(".wb-expression-verdict").waitFor({timeout: 120_000});
  }
};

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

test("every page that waits for something is there, and the model card too", () => {
  expect(names).toEqual(expect.arrayContaining(["model-card", ...Object.keys(content)]));
});

test("faint words in a figure are found, on paper, on a bar and under opacity; words that stand out are not", async () => {
  const page = await site().newPage();
  const word = (text: string, fill: string, more = "") => `<text x="20" y="24" fill="${fill}" ${more}>${text}</text>`;
  const figure = (inside: string) => `<svg width="120" height="40">${inside}</svg>`;
  const bar = '<rect width="120" height="40" fill="#102040"/>';
  await page.setContent(
    `<main id="observablehq-main" style="background: #fff">${[
      word("clear", "#222"),
      word("faint", "#aaa"),
      bar + word("on a bar", "#fff"),
      bar + word("lost on a bar", "#222"),
      word("see-through", "#000", 'opacity="0.3"')
    ]
      .map(figure)
      .join("")}</main>`
  );
  const found = await faintText(page);
  expect(found.map((words) => words.split('"')[1])).toEqual(["faint", "lost on a bar", "see-through"]);
});

test.each(names)(
  "%s has nothing that axe-core calls serious and no faint words in figures: light, dark and projector, wide and narrow, with all that unfolds; nothing is wider than a phone",
  async (name) => {
    const faults: string[] = [];
    const page = await pageWithRun(site(), 64, {viewport: {width: 1280, height: 900}, reducedMotion: "reduce"});
    await page.goto(`${site().url}${name === "index" ? "" : name}`);
    await content[name]?.(page);
    if ((await page.locator(".wb-run").count()) > 0) await idle(page);
    await quiet(page, 700);
    expect(await page.locator(".observablehq--error").count(), "cells that failed").toBe(0);
    await page.evaluate(axeSource);
    const look = async (state: string) => {
      const {found, passes} = await violations(page);
      expect(passes, `rules that hold, ${state}`).toBeGreaterThan(10);
      faults.push(...found.map((fault) => `${state}: ${fault}`));
      faults.push(...(await faintText(page)).map((words) => `${state}: faint words ${words}`));
    };
    await look("light");
    await page.$$eval("details", (folds) => folds.forEach((fold) => (fold.open = true)));
    await quiet(page, 300);
    await look("light, unfolded");
    await page.evaluate(() => (document.documentElement.dataset["mode"] = "projector"));
    await quiet(page, 300);
    await look("projector, unfolded");
    await page.evaluate(() => delete document.documentElement.dataset["mode"]);
    await page.emulateMedia({colorScheme: "dark"});
    await quiet(page, 300);
    await look("dark, unfolded");
    await page.setViewportSize({width: 390, height: 844});
    await quiet(page, 300);
    await look("dark, unfolded, 390 px");
    expect(faults.join("\n")).toBe("");
    const wide = await page.evaluate(() => {
      if (document.documentElement.scrollWidth <= 390) return [];
      const past = [...document.querySelectorAll("#observablehq-main *")].filter(
        (element) => element.getBoundingClientRect().right > 390.5
      );
      return ["the page", ...past.slice(0, 8).map(({localName, className}) => `${localName}.${className}`)];
    });
    expect(wide, "wider than a phone").toEqual([]);
  }
);
