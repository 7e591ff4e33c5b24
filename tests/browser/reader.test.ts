import {mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {join, resolve} from "node:path";
import type {Page} from "playwright-core";
import {afterAll, beforeAll, describe, expect, test, vi} from "vitest";
import type {ChainStatus} from "../../src/components/core/stages/status.js";
import {fileSite} from "./file-site.js";
import {expectReadable} from "./readable.js";
import {pageWithRun} from "./seeded.js";
import {shorten} from "./workbook-page.js";

vi.setConfig({testTimeout: 300_000});

/** Cells of the demo that the copied page takes, and genes of a sentence. */
const cells = 60;
const genes = 48;
/** A site in the repository's own folder for what is temporary: it shares all but its pages with the workbook. */
let site = "";

beforeAll(() => {
  mkdirSync("tmp", {recursive: true});
  site = mkdtempSync(join("tmp", "reader-"));
  const src = join(site, "src");
  mkdirSync(join(src, "stages"), {recursive: true});
  for (const name of ["components", "data", "styles", "style.css", "coi.ts"]) {
    symlinkSync(resolve("src", name), join(src, name));
  }
  writeFileSync(
    join(site, "observablehq.config.ts"),
    `import {siteConfig} from "../../scripts/site-config.js";
export default await siteConfig({root: ${JSON.stringify(src)}, output: ${JSON.stringify(join(site, "dist"))}, title: "A reader's", pages: []});
`
  );
  writeFileSync(join(src, "stages", "umap.md"), readFileSync("src/stages/umap.md", "utf8") + ownCell + counter);
  writeFileSync(join(src, "your-own.md"), readFileSync("src/your-own.md", "utf8"));
  writeFileSync(join(src, "index.md"), `# Recipes\n\n${recipes().join("\n\n")}\n`);
});
afterAll(() => rmSync(site, {recursive: true, force: true}));
const built = fileSite(() => ({site, serviceWorkers: "none"}));

/** What a reader adds: three lines. */
const ownCell = `

\`\`\`js
const own = await map.table({invalidation});
const ownFigure = Plot.dot(own, {x: "x", y: "y"}).plot({className: "own-figure"});
display(ownFigure);
\`\`\`
`;

/** The test's own eye on the stages: states that each goes through, in order. */
const counter = `
\`\`\`js
(async () => {
  for await (const status of map.watch({invalidation})) (window.told ??= []).push(structuredClone(status));
})();
\`\`\`
`;

interface Told {
  told: ChainStatus[];
}

/** The code of docs/notebook.md's recipes, with its fences. */
function recipes(): string[] {
  const text = readFileSync("docs/notebook.md", "utf8");
  const part = text.slice(text.indexOf("## Recipes"), text.indexOf("## Traps"));
  return [...part.matchAll(/^\`\`\`js\n[\s\S]*?^\`\`\`$/gm)].map(([block]) => block);
}

/** A page of the site, where the demo's run is finished. */
async function openKept(path: string): Promise<Page> {
  const page = await pageWithRun(built(), genes);
  await page.goto(`${built().url}${path}`);
  return page;
}

const noRedCell = async (page: Page) =>
  expect(await page.locator(".observablehq--error").allTextContents()).toEqual([]);

const placesOf = (page: Page, figure: string) =>
  page.$$eval(`${figure} circle`, (circles) =>
    circles.map((c) => [c.getAttribute("cx"), c.getAttribute("cy")].map(Number))
  );

describe("a reader's own cells", () => {
  test("follow the page's input, and only the umap stage runs again", async () => {
    const {newPage, url} = built();
    const page = await newPage();
    await shorten(page, genes);
    await page.goto(`${url}stages/umap?cells=random-${cells}-1`);
    const figure = "svg.own-figure";
    await page.waitForSelector(`${figure} circle`, {timeout: 120_000});
    const before = await placesOf(page, figure);
    expect(before).toHaveLength(cells);
    expect(before.flat().every(Number.isFinite)).toBe(true);
    const first = await toldOf(page);
    expect(ranOf(first, null)).toEqual(["embed", "load", "normalize", "sample", "umap"]);
    expect(first.some(({calls}) => calls.length > 0)).toBe(true);

    await page.evaluate(() => ((window as unknown as Told).told = []));
    await page.getByLabel("Minimum distance (min_dist)").first().fill("0.4");
    await expect.poll(() => placesOf(page, figure), {timeout: 60_000}).not.toEqual(before);
    expect(await placesOf(page, figure)).toHaveLength(cells);
    const second = await toldOf(page);
    expect(ranOf(second, first.at(-1)!)).toEqual(["umap"]);
    // The model was not called again: what is told of its calls are the times that are kept with the result.
    const known = new Set(first.flatMap(({calls}) => calls).map(({ms}) => ms));
    expect(second.flatMap(({calls}) => calls).filter(({ms}) => !known.has(ms))).toEqual([]);
    expect(new URL(page.url()).searchParams.get("min_dist")).toBe("0.4");
    await noRedCell(page);
  });

  test("the page that shows how has at most twelve cells, all shown, ends in two figures, and can be read", async () => {
    const text = readFileSync("src/your-own.md", "utf8");
    const blocks = [...text.matchAll(/^\`\`\`js(.*)$/gm)].map(([, options]) => options.trim());
    expect(blocks.length).toBeLessThanOrEqual(12);
    expect(new Set(blocks)).toEqual(new Set(["echo"]));
    const page = await openKept("your-own");
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
    await noRedCell(page);
    await page.setViewportSize({width: 1280, height: 900});
    await page.emulateMedia({reducedMotion: "reduce"});
    await expectReadable(page);
  });

  test("of the recipes in docs/notebook.md draw their figures", async () => {
    const page = await openKept("");
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
