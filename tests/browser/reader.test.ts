import {readFileSync, rmSync} from "node:fs";
import type {Page} from "playwright-core";
import {afterAll, beforeAll, describe, expect, test, vi} from "vitest";
import type {ChainStatus} from "../../src/components/core/stages/status.js";
import {fileSite} from "./file-site.js";
import {mirrorSite} from "./mirrored-site.js";
import {ownDots, ownFigure, ownPage} from "./own-cell.js";
import {expectReadable} from "./readable.js";
import {pageWithRun} from "./seeded.js";

vi.setConfig({testTimeout: 300_000});

/** The test's own eye on the stages: states that each goes through, in order. */
const counter = `
\`\`\`js
(async () => {
  for await (const status of map.watch({invalidation})) (window.told ??= []).push(structuredClone(status));
})();
\`\`\`
`;

/** The code of docs/notebook.md's recipes, with its fences. */
function recipes(): string[] {
  const text = readFileSync("docs/notebook.md", "utf8");
  const part = text.slice(text.indexOf("## Recipes"), text.indexOf("## Traps"));
  return [...part.matchAll(/^\`\`\`js\n[\s\S]*?^\`\`\`$/gm)].map(([block]) => block);
}

interface Told {
  told: ChainStatus[];
}

describe("a reader's own cells, in a built site", () => {
  const [cells, genes] = [60, 48];
  let site = "";
  beforeAll(async () => {
    const index = `# Recipes\n\n${recipes().join("\n\n")}\n`;
    const own = {"index.md": index, "stages/umap.md": ownPage() + counter};
    site = await mirrorSite({genes, own, pages: false});
  });
  afterAll(() => rmSync(site, {recursive: true, force: true}));
  const built = fileSite(() => ({site, serviceWorkers: "none"}));

  test("follow the page's input, and only the umap stage runs again", async () => {
    const page = await built().newPage();
    await page.goto(`${built().url}stages/umap?cells=random-${cells}-1`);
    await ownFigure(page);
    const before = await ownDots(page);
    expect(before).toHaveLength(cells);
    expect(before.flat().every(Number.isFinite)).toBe(true);
    const first = await toldOf(page);
    expect(ranOf(first, null)).toEqual(["embed", "load", "normalize", "sample", "umap"]);
    expect(first.some(({calls}) => calls.length > 0)).toBe(true);

    await page.evaluate(() => ((window as unknown as Told).told = []));
    await page.getByLabel("Minimum distance (min_dist)").first().fill("0.4");
    await expect.poll(() => ownDots(page), {timeout: 60_000}).not.toEqual(before);
    expect(await ownDots(page)).toHaveLength(cells);
    const second = await toldOf(page);
    expect(ranOf(second, first.at(-1)!)).toEqual(["umap"]);
    // The model was not called again: what is told of its calls are the times that are kept with the result.
    const known = new Set(first.flatMap(({calls}) => calls).map(({ms}) => ms));
    expect(second.flatMap(({calls}) => calls).filter(({ms}) => !known.has(ms))).toEqual([]);
    expect(new URL(page.url()).searchParams.get("min_dist")).toBe("0.4");
    await noRedCell(page);
  });

  test("of the recipes in docs/notebook.md draw their figures", async () => {
    const page = await pageWithRun(built(), genes);
    await page.goto(built().url);
    const bars = (label: string) => page.locator("svg", {hasText: label}).locator("rect");
    for (const label of ["cosine of a cell's two vectors", "counts of GAD1"]) {
      await bars(label).first().waitFor({timeout: 120_000});
    }
    await expect.poll(() => page.locator(".wb-mapgrid").textContent()).toContain("log MBP");
    await page
      .locator(".wb-mapgrid")
      .getByText(/^[1-9]\d* cells, colored by log MBP/)
      .waitFor({state: "attached", timeout: 120_000});
    const all = await bars("counts of GAD1").count();
    await page.locator("table input[type=checkbox]").nth(1).check();
    // One cell is left: one bar.
    await expect.poll(() => bars("counts of GAD1").count()).toBe(1);
    expect(all).toBeGreaterThan(1);
    await noRedCell(page);
  });
});

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

const noRedCell = async (page: Page) =>
  expect(await page.locator(".observablehq--error").allTextContents()).toEqual([]);

async function toldOf(page: Page): Promise<ChainStatus[]> {
  return await page.evaluate(() => (window as unknown as Told).told);
}

/**
 * Stages that ran: seen running, or whole after another time than in `before`, and not taken from the store. A status may be
 * skipped where another follows at once.
 */
function ranOf(told: readonly ChainStatus[], before: ChainStatus | null): string[] {
  const known = new Map(before?.stages.map(({stage, ms}) => [stage, ms]));
  const ran = told
    .flatMap(({stages}) => stages)
    .filter(
      ({stage, state, ms, stored}) => !stored && (state === "running" || (state === "done" && ms !== known.get(stage)))
    );
  return [...new Set(ran.map(({stage}) => stage))].sort();
}
