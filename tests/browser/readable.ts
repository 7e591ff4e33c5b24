import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import type {AxeResults, RunOptions} from "axe-core";
import type {Page} from "playwright-core";
import {expect} from "vitest";
import {faintText} from "./faint-text.js";
import {quiet} from "./quiet.js";
import {idle} from "./workbook-page.js";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

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
