import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import type {AxeResults, RunOptions} from "axe-core";
import type {Page} from "playwright-core";
import {expect} from "vitest";
import {faintText} from "./faint-text.js";
import {quiet} from "./quiet.js";
import {idle} from "./workbook-page.js";

/** axe-core without the rules whose breach it never calls serious: none of them is asked for here, and one of them looks at every element. */
const axeSource = `${readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")};
axe.configure({
  rules: axe._audit.rules
    .filter(({impact}) => impact === "moderate" || impact === "minor")
    .map(({id}) => ({id, enabled: false}))
});`;

/** Rules that look at colors: all that can differ where only colors do. */
const colorRules = ["color-contrast", "link-in-text-block"];

/** What is looked at: every rule on the whole page, or those that can differ, and where. */
interface Look {
  rules?: string[];
  /** A selector of what has changed. */
  within?: string;
}

/**
 * What axe finds that keeps people out: rule, where, and what is wrong there; and how many rules it could apply. What it loads first is left out:
 * style sheets, for a rule that is off unless asked for, and media, of which a page must have none.
 */
async function violations(page: Page, {rules, within}: Look): Promise<{found: string[]; passes: number}> {
  expect(await page.locator("audio, video").count(), "media, which would have to be loaded").toBe(0);
  const options: RunOptions = {resultTypes: ["violations"], preload: false, ...(rules && {runOnly: rules})};
  const results = await page.evaluate(
    ([within, options]) => {
      const {axe} = window as unknown as {
        axe: {run(context: Document | {include: string[]}, options: RunOptions): Promise<AxeResults>};
      };
      return axe.run(within === undefined ? document : {include: [within]}, options);
    },
    [within, options] as const
  );
  const found = results.violations
    .filter(({impact}) => impact === "serious" || impact === "critical")
    .flatMap(({id, impact, nodes}) =>
      nodes.map(
        ({target, failureSummary}) => `${id} (${impact}) ${target.join(" ")}: ${failureSummary?.replace(/\s+/g, " ")}`
      )
    );
  return {found, passes: results.passes.length};
}

/** Waits until the page is drawn as it is now, and what is drawn anew for it, too: views hear of a new size or look with the next frame. */
async function drawn(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next))));
  await quiet(page, 100);
}

/**
 * Expects of a page that has shown all it has to show, 1,280 pixels wide: nothing that axe-core calls serious, no faint words in figures, in light,
 * projector mode and dark, wide and narrow, with all that unfolds; and nothing wider than a phone, which it is as wide as in the end.
 */
export async function expectReadable(page: Page): Promise<void> {
  const faults: string[] = [];
  if ((await page.locator(".wb-run").count()) > 0) await idle(page);
  await quiet(page, 700);
  expect(await page.locator(".observablehq--error").count(), "cells that failed").toBe(0);
  await page.evaluate(axeSource);
  const look = async (state: string, what: Look = {}) => {
    const {found, passes} = await violations(page, what);
    expect(passes, `rules that hold, ${state}`).toBeGreaterThan(Object.keys(what).length === 0 ? 10 : 0);
    faults.push(...found.map((fault) => `${state}: ${fault}`));
    faults.push(...(await faintText(page)).map((words) => `${state}: faint words ${words}`));
  };
  const folds = await page.$$eval("details:not([open])", (folds) => {
    for (const fold of folds) fold.setAttribute("data-fold", "");
    return folds.length;
  });
  if (folds > 0) {
    // Around them nothing differs but its place.
    await look("light, folded", {within: "[data-fold]"});
    await page.$$eval("[data-fold]", (folds) => folds.forEach((fold) => ((fold as HTMLDetailsElement).open = true)));
    // What unfolds may ask the worker for more.
    await quiet(page, 300);
  }
  await look("light, unfolded");
  await page.evaluate(() => (document.documentElement.dataset["mode"] = "projector"));
  await drawn(page);
  await look("projector, unfolded");
  await page.evaluate(() => delete document.documentElement.dataset["mode"]);
  await page.emulateMedia({colorScheme: "dark"});
  await drawn(page);
  // Wide, dark differs from light in colors alone; narrow, every rule looks at it.
  await look("dark, unfolded", {rules: colorRules});
  await page.setViewportSize({width: 390, height: 844});
  await drawn(page);
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
