import {readFile} from "node:fs/promises";
import type {Page} from "playwright-core";
import {expect, test} from "vitest";
import {tableFromBytes} from "../../src/components/core/tables/file.js";
import {readEmbeddings} from "../../src/components/core/tables/embeddings.js";
import type {EmbedChapter} from "../../src/components/pages/embed-chapter.js";
import type {UmapChapter} from "../../src/components/pages/umap-chapter.js";
import {withSite} from "./harness.js";
import {shorten} from "./workbook-page.js";

interface ChapterWindow {
  chapter: EmbedChapter & UmapChapter;
  seen: string[];
}

const wordsBecome = (page: Page, selector: string, words: string, timeout = 120_000) =>
  page.waitForFunction(
    ([at, text]) => [...document.querySelectorAll(at!)].some((element) => element.textContent!.includes(text!)),
    [selector, words] as const,
    {timeout}
  );

test("the chapters embed and umap: figures of one run, broken models, live layouts, neighbors; nothing is computed twice", async () => {
  await withSite({coi: true}, async ({url, newPage}) => {
    const page = await newPage({viewport: {width: 1280, height: 900}, reducedMotion: "reduce", acceptDownloads: true});
    await shorten(page, 64);

    // Embed: architecture, times, heat map, cosines, table.
    await page.goto(`${url}stages/embed`);
    await wordsBecome(page, ".wb-verdict-line", "have not collapsed");
    expect(await page.innerText(".wb-arch-table")).toContain("19,698 rows of 128");
    expect(await page.locator(".wb-frame svg circle").count()).toBeGreaterThan(3);
    expect(await page.getAttribute(".wb-heat-canvas", "aria-label")).toBe(
      "The embeddings: 260 cells by 128 dimensions"
    );
    await page.locator(".wb-heat-canvas").press("ArrowRight");
    expect(await page.innerText(".wb-heat-read")).toMatch(/simulated-\d+ \(excitatory neuron\), dimension 0: -?[\d.]+/);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", {name: "Download (Arrow)"}).click()
    ]);
    const saved = readEmbeddings(tableFromBytes(new Uint8Array(await readFile(await download.path())), "download"));
    expect([saved.rows.length, saved.width]).toEqual([260, 128]);

    // A switch can be canceled at once, and random weights collapse.
    const row = (name: string) => page.locator(`[data-break="${name}"]`);
    await row("shuffled order").getByRole("button").click();
    await page.waitForSelector('[data-break="shuffled order"][data-state="running"]');
    const start = Date.now();
    await row("shuffled order").getByRole("button").click();
    await page.waitForSelector('[data-break="shuffled order"][data-state="idle"]');
    expect(Date.now() - start).toBeLessThan(1000);
    await row("random weights").getByRole("button").click();
    await page.waitForSelector('[data-break="random weights"]:is([data-state="done"], [data-state="error"])', {
      timeout: 120_000
    });
    expect(await row("random weights").innerText()).toContain("has collapsed");

    // Once more: from the store.
    await page.reload();
    await wordsBecome(page, ".wb-verdict-line", "have not collapsed");
    expect(await page.innerText(".wb-chapter-words")).toContain("nothing was computed here");

    // UMAP: map, neighbors, seeds, trustworthiness.
    await page.goto(`${url}stages/umap`);
    await wordsBecome(page, ".wb-frame-caption", "Trustworthiness T(15)");
    await page.waitForFunction(
      () => [...document.querySelectorAll<HTMLElement>(".wb-seeds .wb-map-message")].every(({hidden}) => hidden),
      null,
      {timeout: 120_000}
    );
    expect(await page.locator(".wb-mini-note", {hasText: "of the cell's 15 neighbors"}).count()).toBe(4);
    const words = await page.innerText(".wb-neighbor-words");
    const kept = Number(/: (\d+) of its 15 nearest cells/.exec(words)![1]);
    expect(await page.locator('.wb-neighbor-lists section:first-child li[data-kind="both"]').count()).toBe(kept);
    expect(await page.locator('.wb-neighbor-lists section:last-child li[data-kind="both"]').count()).toBe(kept);
    await page.locator(".wb-neighbor-grid canvas").press("ArrowDown");
    await page.waitForFunction(
      (before) => document.querySelector<HTMLElement>(".wb-neighbor-words")!.innerText !== before,
      words
    );
    expect(new URL(page.url()).searchParams.has("cell")).toBe(true);

    // Another parameter: the umap stage alone, live.
    await page.evaluate(() => {
      const chapterWindow = window as unknown as ChapterWindow;
      chapterWindow.seen = [];
      chapterWindow.chapter.session.on({event: ({type}) => chapterWindow.seen.push(type)});
    });
    await page.getByLabel("Neighbors", {exact: true}).fill("30");
    await page.getByLabel("Neighbors", {exact: true}).press("Tab");
    await page.waitForFunction(
      () =>
        (window as unknown as ChapterWindow).chapter.session.results.get("umap") !== undefined &&
        !(window as unknown as ChapterWindow).chapter.session.running,
      null,
      {timeout: 120_000}
    );
    const seen = await page.evaluate(() => (window as unknown as ChapterWindow).seen);
    expect(seen.filter((type) => type === "batch")).toEqual([]);
    expect(seen.filter((type) => type === "layout").length).toBeGreaterThan(1);
    expect(new URL(page.url()).searchParams.get("neighbors")).toBe("30");
    await wordsBecome(page, ".wb-frame-caption", "Trustworthiness T(15)");
  });
});
