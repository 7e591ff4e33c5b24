import {readFileSync} from "node:fs";
import {expect, test, vi} from "vitest";
import type {BenchRun} from "../../src/components/core/bench/bench-run.js";
import {fileSite} from "./file-site.js";
import {expectStill} from "./page-done.js";
import {expectReadable} from "./readable.js";
import {keepShifts} from "./shifts.js";

vi.setConfig({testTimeout: 120_000});

const site = fileSite({coi: true});
const [committed] = (JSON.parse(readFileSync("src/data/bench.json", "utf8")) as {runs: BenchRun[]}).runs;

test("the page measures this browser and hears Cancel; takes in a run, shows its failing row as failing, gives it out again, and refuses what is none; all of it can be read", async () => {
  const page = await site().newPage({
    viewport: {width: 390, height: 844},
    reducedMotion: "reduce",
    acceptDownloads: true
  });
  await keepShifts(page);
  await page.goto(`${site().url}benchmarks`);
  await expectStill(page, "benchmarks");
  const words = page.locator(".wb-bench-words");
  await page.getByRole("button", {name: "Measure this browser"}).click({timeout: 60_000});
  await expect.poll(() => words.textContent(), {timeout: 60_000}).toMatch(/^1 of \d: .*Remaining: /);
  await page.getByRole("button", {name: "Cancel"}).click();
  await expect.poll(() => words.textContent(), {timeout: 5000}).toMatch(/^Canceled/);

  const failing = committed.rows.find(({check}) => check?.passed === false)!;
  const run: BenchRun = {
    ...committed,
    rows: [failing, ...committed.rows.slice(0, 2)],
    long: [],
    command: "made by a test"
  };
  const file = (content: string) => ({name: "mine.json", mimeType: "application/json", buffer: Buffer.from(content)});
  await page.getByLabel("Add a run").setInputFiles(file('{"format": "something else"}'));
  await expect.poll(() => words.textContent()).toMatch(/mine\.json is not a run of the benchmark.*npm run bench/);
  await page.getByLabel("Add a run").setInputFiles(file(JSON.stringify(run)));
  const shown = page.locator(".wb-bench", {hasText: "made by a test"});
  await shown.locator("summary").first().click({timeout: 30_000});
  const verdicts = await shown.locator("tbody tr .wb-verdict").allTextContents();
  expect(verdicts.toSorted()).toEqual(["fails", "passes", "passes"]);
  expect(await shown.locator('tr[data-failing="true"]').textContent()).toContain("fails");
  const [given] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", {name: "Export the run"}).click()
  ]);
  expect(JSON.parse(readFileSync(await given.path(), "utf8"))).toEqual(run);
  // What was published stands apart from what was measured, with its source.
  const published = page.locator('.wb-bench[aria-label="Published by the seed project"]');
  expect(await published.textContent()).toContain("braingeneers/uce-edge");
  expect(await published.locator("table").count()).toBe(7);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.locator(".wb-bench figure svg").nth(1).waitFor();
  // Not a moment, either: then every element has transitions whenever colors change, for which a page as large as this one takes seven times as long.
  expect(await page.evaluate(() => getComputedStyle(document.querySelector("td")!).transitionDuration)).toBe("0s");
  await page.setViewportSize({width: 1280, height: 900});
  await expectReadable(page);
});
