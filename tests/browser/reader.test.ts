import {readFileSync} from "node:fs";
import {expect, test} from "vitest";
import {fileSite} from "./file-site.js";
import {expectReadable} from "./readable.js";
import {pageWithRun} from "./seeded.js";

const site = fileSite({coi: true, serviceWorkers: "none"});

test("the page that shows how to write your own cells has at most twelve cells, all shown, ends in two figures, and can be read", async () => {
  const text = readFileSync("src/your-own.md", "utf8");
  const blocks = [...text.matchAll(/^\`\`\`js(.*)$/gm)].map(([, options]) => options.trim());
  expect(blocks.length).toBeLessThanOrEqual(12);
  expect(new Set(blocks)).toEqual(new Set(["echo"]));
  const page = await pageWithRun(site(), 48);
  await page.goto(`${site().url}your-own`);
  await page.waitForSelector("figure circle", {timeout: 120_000});
  const box = page.locator("svg", {hasText: "oligodendrocyte"}).last();
  await box.waitFor();
  // Types of cells in the demo, by their names on the axis.
  expect(await box.textContent()).toContain("CD8 T cell");
  const colors = () => page.$$eval("figure circle", (dots) => dots.map((dot) => dot.getAttribute("fill")));
  const before = await colors();
  expect(new Set(before).size).toBeGreaterThan(10);
  await page.getByRole("textbox", {name: "Genes"}).fill("MBP");
  await page.getByRole("button", {name: "Score"}).click();
  await expect.poll(colors).not.toEqual(before);
  await page.setViewportSize({width: 1280, height: 900});
  await page.emulateMedia({reducedMotion: "reduce"});
  await expectReadable(page);
});
