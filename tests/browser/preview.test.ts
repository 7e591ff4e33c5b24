import {rmSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import type {Page} from "playwright-core";
import {afterAll, beforeAll, describe, expect, test, vi} from "vitest";
import {fileBrowser, fileSite} from "./file-site.js";
import {expectIndex} from "./first-visit.js";
import {noIsolation, withSite} from "./harness.js";
import {useInputs} from "./inputs-page.js";
import {mirrorSite} from "./mirrored-site.js";
import {ownDots, ownFigure, ownPage} from "./own-cell.js";
import {begins, expectBuilds, expectLibraries, openIsolated, ready} from "./probes-page.js";

vi.setConfig({testTimeout: 180_000});

/** Cells of the demo that the reader's page takes, and genes of a sentence. */
const cells = 60;
const genes = 48;
let site = "";

/** A page that is edited, and a module below a module of it. */
const edited = (end: string, edits = 0) => `# Edited ${edits}\n
\`\`\`ts
import {word} from "./components/own-word.js";
display(html\`<p id="word">\${word}${end}</p>\`);
\`\`\`
`;
const letters = (text: string, edits = 0) => `export const [letters, edits] = ["${text}", ${edits}];\n`;

beforeAll(async () => {
  const own = {
    "stages/umap.md": ownPage(),
    "components/own-word.ts": `import {letters} from "./own-letters.js";\n\nexport const word: string = letters;\n`
  };
  site = await mirrorSite({genes, own});
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
  const write = (path: string, source: string) => writeFileSync(join(site, "src", path), source);
  const [module, text] = ["components/own-letters.ts", "edited.md"];
  write(module, letters("one"));
  write(text, edited("."));
  const page = await preview().newPage();
  await page.goto(`${preview().url}edited`);
  const shown = () => page.locator("#word").textContent();
  // Framework misses what changes while a page says hello: then once more, as another edit.
  const shows = (word: string, path: string, source: (edits: number) => string) => {
    let edits = 0;
    const edit = async () => {
      const now = await shown();
      if (now !== word) write(path, source(edits++));
      return now;
    };
    return expect.poll(edit, {interval: 400}).toBe(word);
  };
  await expect.poll(shown).toBe("one.");
  await shows("two.", module, (edits) => letters("two", edits));
  await shows("two!", text, (edits) => edited("!", edits));
  await page.reload();
  await expect.poll(shown).toBe("two!");
  await shows("one!", module, (edits) => letters("one", edits));
});

const noRedCell = async (page: Page) =>
  expect(await page.locator(".observablehq--error").allTextContents()).toEqual([]);

describe("a reader's own cells", () => {
  test("draw their figure as soon as a page is opened, in a workbook that is not isolated", async () => {
    const {newPage, url} = preview();
    const page = await newPage({extraHTTPHeaders: noIsolation});
    await openIsolated(page, `${url}stages/umap?cells=random-${cells}-1`, false);
    await expectIndex(page);
    await ownFigure(page);
    expect(await ownDots(page)).toHaveLength(cells);
    await noRedCell(page);
  });
});
