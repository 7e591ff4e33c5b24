import type {Page} from "playwright-core";
import {describe, expect, test} from "vitest";
import {fileSite} from "../browser/file-site.js";
import {expectLinked} from "./linked.js";

const site = fileSite({site: "tests/gallery"});

/** What the gallery's script leaves on the window for tests. */
interface GalleryWindow {
  galleryMap: HTMLElement & {
    setColors(scale: unknown): void;
    setHover(point: number | null): void;
    readonly settled: boolean;
  };
  galleryScales: Record<string, unknown>;
  galleryForm(share: number): void;
  galleryCards: (HTMLElement & {update(status: object): void})[];
}

const open = async (page: Page, url: string): Promise<void> => {
  await page.goto(`${url}gallery`);
  await page.waitForFunction(
    () => document.querySelectorAll(".wb-map-canvas").length === 7 && document.querySelector(".wb-tableview") !== null
  );
  await page.locator(".wb-map").first().scrollIntoViewIfNeeded();
  await settled(page);
};

/** Waits until the large map shows all its points as they are now. */
const settled = async (page: Page): Promise<void> => {
  await page.waitForTimeout(50);
  await page.waitForFunction(() => (window as unknown as GalleryWindow).galleryMap.settled);
};

/** Pixels of the large map that are not paper, and a hash of all. */
const look = (page: Page): Promise<{ink: number; hash: number}> =>
  page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>(".wb-map-canvas")!;
    const pixels = new Uint32Array(
      canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height).data.buffer
    );
    let [ink, hash] = [0, 0];
    for (const pixel of pixels) {
      if (pixel !== pixels[0]) ink += 1;
      hash = (Math.imul(hash, 31) + pixel) | 0;
    }
    return {ink, hash};
  });

describe("the views in a browser", () => {
  test("nothing is wider than a phone, a card keeps its size from idle to done; the map is drawn, zooms by wheel, keys and buttons, hovers, selects a group, recolors, and comes back; linked maps and their table share hover, selection and the cell looked at; colors, legend and thresholds work by keyboard", async () => {
    const {url, newPage, faults} = site();
    const page = await newPage({viewport: {width: 390, height: 800}, reducedMotion: "reduce", acceptDownloads: true});
    await open(page, url);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    for (const width of [390, 1280]) {
      await page.setViewportSize({width, height: 900});
      const heights = await page.evaluate(() => {
        const card = (window as unknown as GalleryWindow).galleryCards[4];
        return [
          {state: "idle"},
          {state: "running", done: 0, total: 0},
          {
            state: "running",
            done: 12_345,
            total: 50_000,
            ms: 1e7,
            detail: "looking for the neighbors of each cell, tile by tile"
          },
          {state: "done", done: 50_000, total: 50_000, ms: 1e8}
        ].map((status) => {
          card.update(status);
          return card.getBoundingClientRect().height;
        });
      });
      expect(new Set(heights).size, heights.join(", ")).toBe(1);
    }

    await page.locator(".wb-map").first().scrollIntoViewIfNeeded();
    await settled(page);
    const first = await look(page);
    expect(first.ink).toBeGreaterThan(20_000);
    const canvas = page.locator(".wb-map-canvas").first();
    const changed = async (): Promise<boolean> => {
      await settled(page);
      return (await look(page)).hash !== first.hash;
    };

    await canvas.hover({position: {x: 400, y: 300}});
    await page.mouse.wheel(0, -300);
    expect(await changed(), "a wheel without focus scrolls the page").toBe(false);
    expect(await page.locator(".wb-map-hint.wb-shown").count()).toBe(1);
    await page.locator(".wb-map").first().scrollIntoViewIfNeeded();
    await canvas.click({position: {x: 400, y: 300}});
    await page.mouse.wheel(0, -300);
    expect(await changed()).toBe(true);
    await page.keyboard.press("0");
    expect(await changed(), "0 shows all again").toBe(false);
    for (const key of ["+", "ArrowLeft"]) await page.keyboard.press(key);
    expect(await changed()).toBe(true);
    await page.getByRole("button", {name: "Show all"}).first().click();
    expect(await changed()).toBe(false);

    await canvas.hover({position: {x: 460, y: 330}});
    await page.waitForTimeout(100);
    expect(await page.locator(".wb-tooltip").first().innerText()).toMatch(/^[ACGT]+-1\s+cell_type\s/);
    await page.mouse.move(2, 2);
    expect(await page.locator(".wb-tooltip").first().isVisible()).toBe(false);

    const group = page.locator(".gallery-map .wb-legend-entry").first();
    await group.click();
    expect(await changed()).toBe(true);
    await group.press("Enter");
    expect(await changed()).toBe(false);
    await page.evaluate(() => {
      const {galleryMap, galleryScales} = window as unknown as GalleryWindow;
      galleryMap.setColors(galleryScales.total_counts);
    });
    expect(await changed()).toBe(true);
    expect(await canvas.getAttribute("aria-label")).toBe("Map of made-up cells, 50,000 cells");
    expect(await page.locator(".wb-map .wb-hidden").first().textContent()).toContain("colored by total_counts: from");
    await page.setViewportSize({width: 1280, height: 1000});
    await expectLinked(page);
    // The test reads the canvas, which pages do not.
    faults.splice(0, faults.length, ...faults.filter((line) => !line.includes("willReadFrequently")));
  });
});
