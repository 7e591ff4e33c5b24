import {readFileSync} from "node:fs";
import type {Page} from "playwright-core";
import {expect, test, vi} from "vitest";
import {faintText} from "./faint-text.js";
import {fileSite} from "./file-site.js";
import {judgedElsewhere as elsewhere, pageNames as names, watchedElsewhere} from "./page-names.js";
import {expectReadable} from "./readable.js";
import {movedOn, screens} from "./page-done.js";
import {pageWithRun} from "./seeded.js";
import {keepShifts} from "./shifts.js";
import {stageIs} from "./workbook-page.js";

vi.setConfig({testTimeout: 600_000});

const site = fileSite({coi: true});

/** What is there once a page has shown all that it has to show, of a run that is finished. */
const content: Record<string, (page: Page) => Promise<void>> = {
  async index(page) {
    await stageIs(page, "umap", "done");
    await page.locator(".wb-linked-map").nth(1).getByText("260 cells placed by UMAP").waitFor();
  },
  async "stages/load"(page) {
    await page.locator(".wb-tree [role=treeitem][aria-level='2']").first().waitFor();
    await page.waitForFunction(() => document.querySelectorAll(".wb-distribution svg").length === 3);
  },
  async "stages/normalize"(page) {
    await page.waitForSelector(".wb-probabilities tbody tr:nth-child(5)");
    await page.locator("#observablehq-main figure svg").first().waitFor();
  },
  async "stages/sample"(page) {
    await page.locator(".wb-tokens tbody td:nth-child(2)").first().waitFor();
  }
};

test("every page that waits for something is there, and the model card too", () => {
  expect(names).toEqual(expect.arrayContaining(["model-card", ...Object.keys(content)]));
  expect(names).toEqual(expect.arrayContaining(Object.keys(elsewhere)));
  for (const file of Object.values(elsewhere))
    expect(readFileSync(file, "utf8")).toContain("await expectReadable(page)");
  for (const name of watchedElsewhere)
    expect(readFileSync(elsewhere[name], "utf8")).toContain(`await expectStill(page, "${name}")`);
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

test.each(names.filter((name) => !(name in elsewhere)))(
  "%s does not move under a phone's reader, has nothing that axe-core calls serious and no faint words in figures: light, dark and projector, wide and narrow, with all that unfolds; nothing is wider than a phone",
  async (name) => {
    const page = await pageWithRun(site(), 64, {viewport: screens.narrow.viewport, reducedMotion: "reduce"});
    await keepShifts(page);
    await page.goto(`${site().url}${name === "index" ? "" : name}`);
    expect(await movedOn(page, name, screens.narrow)).toEqual([]);
    await page.setViewportSize(screens.wide.viewport);
    await content[name]?.(page);
    await expectReadable(page);
  }
);
