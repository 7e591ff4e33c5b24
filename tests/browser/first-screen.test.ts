import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import type {AxeResults, RunOptions} from "axe-core";
import type {Page} from "playwright-core";
import {expect, test, vi} from "vitest";
import {fileSite} from "./file-site.js";
import {askedBy, expectIndex} from "./first-visit.js";
import {mapTop, movedOn, pageDone, screens} from "./page-done.js";
import {judgedElsewhere, pageNames, watchedElsewhere} from "./page-names.js";
import {keepShifts, shiftOf} from "./shifts.js";
import {pageWithRun} from "./seeded.js";
import {shorten, stageIs} from "./workbook-page.js";

vi.setConfig({testTimeout: 400_000});

const site = fileSite({coi: true});
/** Below a sub-path, without headers and service workers: not isolated. */
const plain = fileSite({base: "/repo/", serviceWorkers: "none"});

test("on a narrow screen no page moves under its reader, on a first visit and a second", async () => {
  const page = await site().newPage({viewport: screens.narrow.viewport});
  await shorten(page, 48);
  await keepShifts(page);
  const found: string[] = [];
  // The first page that is opened runs some cells, and every later one finds what it left. The others: tests/browser/axe.test.ts, and where pages are judged.
  const here = Object.keys(judgedElsewhere).filter((path) => !watchedElsewhere.includes(path));
  expect(here.length).toBeGreaterThan(0);
  for (const path of ["stages/umap", ...here]) {
    await page.goto(`${site().url}${path}?cells=random-60-1`);
    found.push(...(await movedOn(page, path, screens.narrow)));
  }
  expect(found.join("\n")).toBe("");
});

/** Follows the link of the bar beside the page, and expects a page that carries the choices and in which no cell fails; its name as in `pageNames`. */
async function follow(page: Page, name: string, choices: string): Promise<string> {
  const link = page
    .locator("#observablehq-sidebar ol a")
    .filter({hasText: new RegExp(`^\\s*${name.replace("?", "\\?")}\\s*$`)});
  const to = await link.evaluate((a) => (a as HTMLAnchorElement).pathname);
  await link.click();
  await page.waitForURL((at) => at.pathname === to, {waitUntil: "load"});
  // The pages of parity and of benchmarks look at the demo, whatever file is open.
  const own = {parity: ".wb-parity", benchmarks: ".wb-bench-panel"}[to.split("/").at(-1)!];
  await page.waitForSelector(own ?? '.wb-data[data-state="open"]');
  const {pathname, search} = new URL(page.url());
  expect(search, name).toBe(choices);
  expect(pathname).toMatch(/^\/repo\//);
  expect(await page.locator("h1").first().isVisible()).toBe(true);
  const policy = page.locator("head meta[http-equiv='Content-Security-Policy']");
  expect(await policy.getAttribute("content"), name).toMatch(/^default-src 'none'; script-src 'self' .*connect-src/);
  return pathname.slice("/repo/".length) || "index";
}

test("nor on a wide screen, where links lead from page to page below a sub-path, without headers and service workers: every link carries the choices, no cell fails", async () => {
  const page = await plain().newPage({viewport: screens.wide.viewport});
  await shorten(page, 48);
  await keepShifts(page);
  const choices = "?cells=random-60-1&seed=7";
  const asked = askedBy(page);
  await page.goto(plain().url + choices);
  const found = await movedOn(page, "index", screens.wide);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  await expectIndex(page);
  expect(asked.size, [...asked].join("\n")).toBeLessThan(60);
  const home = "UCE workbook";
  const names = (await page.locator("#observablehq-sidebar ol a").allTextContents()).map((name) => name.trim());
  const visited: string[] = [];
  for (const name of [...names.filter((name) => name !== home), home]) {
    const path = await follow(page, name, choices);
    visited.push(path);
    found.push(...(await movedOn(page, path, screens.wide)));
    expect(await page.locator(".observablehq--error").allInnerTexts(), name).toEqual([]);
  }
  expect(pageNames).toEqual(expect.arrayContaining(visited));
  // Those that no link of the bar leads to.
  for (const path of pageNames.filter((path) => !visited.includes(path))) {
    await page.goto(`${plain().url}${path}${choices}`);
    found.push(...(await movedOn(page, path, screens.wide)));
  }
  expect(found.join("\n")).toBe("");
});

test("principal components are mapped before the model is there, which grows beside them", async () => {
  const page = await site().newPage({viewport: screens.wide.viewport});
  await shorten(page, 48);
  await keepShifts(page);
  const asked = askedBy(page);
  // The model never comes.
  await page.context().route("**/data/model/encoder*", () => {});
  await page.goto(site().url);
  await page.locator(".wb-linked-map").nth(1).getByText("260 cells placed by UMAP from 30").waitFor({timeout: 60_000});
  expect(await page.getAttribute('[data-stage="embed"]', "data-done")).toBe("0");
  for (const stage of ["load", "normalize", "sample"] as const) {
    await stageIs(page, stage, "done");
    await page.locator(`[data-stage="${stage}"] svg[role=img]`).waitFor();
  }
  await expectIndex(page);
  expect(asked.size, [...asked].join("\n")).toBeLessThan(60);
  expect(await mapTop(page)).toBeLessThan(screens.wide.viewport.height - screens.wide.seen);
  expect((await shiftOf(page)).score).toBeLessThanOrEqual(0.05);
});

test("projector mode: by keyboard in and out, the map on the screen, settings folded, pages by arrows, kept over pages, clean", async () => {
  const wide = await pageWithRun(site(), 48, {viewport: screens.wide.viewport});
  await keepShifts(wide);
  await wide.goto(site().url);
  expect(await movedOn(wide, "index", screens.wide)).toEqual([]);
  const mode = wide.getByRole("button", {name: "Projector mode"});
  await mode.focus();
  await wide.keyboard.press("Enter");
  expect(await wide.evaluate(() => document.documentElement.dataset["mode"])).toBe("projector");
  expect(await mapTop(wide)).toBeLessThan(screens.wide.viewport.height - screens.wide.seen);
  const sampling = wide.locator("details.wb-options");
  expect(await sampling.evaluate((fold) => (fold as HTMLDetailsElement).open)).toBe(false);
  await wide.evaluate(readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
  const {violations} = await wide.evaluate(() =>
    (window as unknown as {axe: {run(where: Document, options: RunOptions): Promise<AxeResults>}}).axe.run(document, {
      resultTypes: ["violations"],
      preload: false
    })
  );
  const serious = violations.filter(({impact}) => impact === "serious" || impact === "critical");
  expect(serious.map(({id, nodes}) => `${id}: ${nodes.map(({target}) => target.join(" ")).join(", ")}`)).toEqual([]);
  await wide.keyboard.press("ArrowRight");
  await wide.waitForURL(/stages\/load/);
  expect(await mode.isVisible()).toBe(true);
  await wide.locator(".wb-tree").waitFor();
  await wide.keyboard.press("ArrowLeft");
  await wide.waitForURL((url) => !url.pathname.includes("load"));
  await pageDone(wide, "index");
  expect((await shiftOf(wide)).score).toBeLessThanOrEqual(0.05);
  await mode.click();
  expect(await sampling.evaluate((fold) => (fold as HTMLDetailsElement).open)).toBe(true);
  await wide.keyboard.press("ArrowRight");
  expect(new URL(wide.url()).pathname).not.toContain("load");
});
