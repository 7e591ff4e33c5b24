import {readFileSync, rmSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import type {Page} from "playwright-core";
import {afterAll, beforeAll, describe, expect, test, vi} from "vitest";
import type {ChainStatus} from "../../src/components/core/stages/status.js";
import {fileBrowser, fileSite} from "./file-site.js";
import {expectIndex} from "./first-visit.js";
import {noIsolation, withSite} from "./harness.js";
import {useInputs} from "./inputs-page.js";
import {makePreviewSite} from "./preview-site.js";
import {begins, expectBuilds, expectLibraries, openIsolated, ready} from "./probes-page.js";

vi.setConfig({testTimeout: 180_000});

/** Cells of the demo that the copied page takes, and genes of a sentence. */
const cells = 60;
const genes = 48;
let site = "";

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

/** A page that is edited, and a module below a module of it. */
const edited = (end: string) => `# Edited\n
\`\`\`ts
import {word} from "./components/own-word.js";
display(html\`<p id="word">\${word}${end}</p>\`);
\`\`\`
`;
const letters = (text: string) => `export const letters = "${text}";\n`;

beforeAll(async () => {
  site = await makePreviewSite(genes, {
    "stages/umap.md": readFileSync("src/stages/umap.md", "utf8") + ownCell + counter,
    "recipes.md": `# Recipes\n\n${recipes().join("\n\n")}\n`,
    "edited.md": edited("."),
    "components/own-word.ts": `import {letters} from "./own-letters.js";\n\nexport const word: string = letters;\n`,
    "components/own-letters.ts": letters("one")
  });
});
afterAll(() => rmSync(site, {recursive: true, force: true}));
const preview = fileSite(() => ({mode: "preview", coi: true, site}));
/** A browser with an imitated GPU. */
const imitated = fileBrowser({webgpu: true});

// Without those headers: below, where a reader's page is opened.
test("the workbook: preview, isolated by headers, opens, asks no other machine and logs no error", async () => {
  const {url, newPage} = preview();
  const page = await newPage();
  await openIsolated(page, url, true);
  await expectIndex(page);
  await begins(page);
});

test("in a module worker, every library works in preview, isolated by headers and without them, and so do Observable Inputs", async () => {
  await withSite({at: preview().url, browser: imitated}, async ({url, newPage}) => {
    const page = await newPage();
    await ready(page, `${url}probes`, true);
    await expectLibraries(page, true);
    await expectBuilds(page);
    await useInputs(page, url);
    const plain = await newPage({extraHTTPHeaders: noIsolation});
    await ready(plain, `${url}probes`, false);
    await expectLibraries(plain, false);
  });
});

test("an edited page, and a module that one of its modules imports, show in preview at once, after a reload, and undone", async () => {
  const page = await preview().newPage();
  await page.goto(`${preview().url}edited`);
  const shown = () => page.locator("#word").textContent();
  // Once more where preview did not look yet.
  const shows = (text: string, path: string, source: string) =>
    expect
      .poll(
        async () => {
          const now = await shown();
          if (now !== text) writeFileSync(join(site, "src", path), source);
          return now;
        },
        {interval: 400}
      )
      .toBe(text);
  await expect.poll(shown).toBe("one.");
  await shows("two.", "components/own-letters.ts", letters("two"));
  await shows("two!", "edited.md", edited("!"));
  await page.reload();
  await expect.poll(shown).toBe("two!");
  await shows("one!", "components/own-letters.ts", letters("one"));
});

const noRedCell = async (page: Page) =>
  expect(await page.locator(".observablehq--error").allTextContents()).toEqual([]);

describe("a reader's own cells", () => {
  test("follow the page's input, and only the umap stage runs again, in a workbook that is not isolated", async () => {
    const {newPage, url} = preview();
    const page = await newPage({extraHTTPHeaders: noIsolation});
    await openIsolated(page, `${url}stages/umap?cells=random-${cells}-1`, false);
    await expectIndex(page);
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

  test("of the recipes in docs/notebook.md draw their figures", async () => {
    const page = await preview().newPage();
    await page.goto(`${preview().url}recipes`);
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

const placesOf = (page: Page, figure: string) =>
  page.$$eval(`${figure} circle`, (circles) =>
    circles.map((c) => [c.getAttribute("cx"), c.getAttribute("cy")].map(Number))
  );

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
