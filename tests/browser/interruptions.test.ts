import {afterAll, beforeAll, describe, expect, test, vi} from "vitest";
import type {Page} from "playwright-core";
import {relativeError} from "../../src/components/core/embed/relative-error.js";
import {selectRows} from "../../src/components/core/cells/select-rows.js";
import {withSite} from "./harness.js";
import {
  chooseRandom, demoFile, embeddingsOf, nodeEmbeddings, noticesOf, pick, reaches, runButton, settled, shorten, stageIs,
  type WorkbookWindow
} from "./workbook-page.js";

vi.setConfig({testTimeout: 300_000});

let demo: ReturnType<typeof demoFile>;
beforeAll(() => {
  demo = demoFile();
});
afterAll(() => demo.remove());

/** Largest difference of any number of two tables of vectors. */
function apart(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

/** Opens the demo's cells as a file of one's own, cancels what runs by itself, and chooses `n` cells. */
async function prepare(page: Page, n: number): Promise<void> {
  await pick(page, demo.path);
  expect(await settled(page, "cells.h5ad")).toBe("open");
  await page.evaluate(() => (window as unknown as WorkbookWindow).workbook.session.cancel());
  await page.waitForFunction(() => !(window as unknown as WorkbookWindow).workbook.client.busy);
  await chooseRandom(page, n);
}

describe("a worker that is killed in mid-run", () => {
  test("is started again and the run goes on to the table of an undisturbed run", async () => {
    await withSite({coi: true, serviceWorkers: "none"}, async ({url, newPage}) => {
      const page = await newPage();
      await shorten(page, 512);
      await page.addInitScript(`
        window.workers = [];
        window.Worker = class extends Worker {
          constructor(address, options) {
            super(address, options);
            window.workers.push(this);
          }
        };
      `);
      await page.goto(url);
      await reaches(page, "embed", 12);
      await page.evaluate(() => (window as unknown as {workers: Worker[]}).workers.at(-1)!.terminate());
      await page.waitForSelector('.wb-notice[data-code="worker-restarted"]');
      expect(await noticesOf(page)).toContainEqual({code: "worker-restarted", message: expect.stringMatching(/the worker stopped and was started again; \d+ finished cells are kept/i)});
      await stageIs(page, "umap", "done");
      const [ours, reference] = [await embeddingsOf(page), await nodeEmbeddings(demo.path, null, 512)];
      expect([...ours.rows]).toEqual([...reference.rows]);
      expect([...ours.nTokens]).toEqual([...reference.nTokens]);
      expect(relativeError(ours.vectors, reference.vectors, 260, ours.width)).toBeLessThan(1e-4);
      expect(apart(ours.vectors, reference.vectors)).toBeLessThan(1e-5);
    });
  });
});

describe("two tabs", () => {
  test("do not run at once: the second says that it waits, and runs when the first is done", async () => {
    await withSite({coi: true, serviceWorkers: "none"}, async ({url, newPage}) => {
      const first = await newPage();
      await shorten(first, 512);
      await first.goto(url);
      await reaches(first, "embed", 4);
      const second = await first.context().newPage();
      await second.goto(url);
      await second.waitForSelector('.wb-notice[data-code="queued"]');
      expect(await noticesOf(second)).toContainEqual({code: "queued", message: expect.stringContaining("in another tab")});
      await first.evaluate(() => (window as unknown as WorkbookWindow).workbook.session.cancel());
      await reaches(second, "embed", 4);
      await first.close();
    });
  });
});

describe("WebGPU imitated on the processor", () => {
  test("is not taken by itself; asked for, it gives Node's vectors, also when its device is destroyed in mid-run", async () => {
    await withSite({coi: true, serviceWorkers: "none", webgpu: true}, async ({url, newPage}) => {
      const page = await newPage();
      await shorten(page, 32);
      await page.goto(url);
      await page.waitForSelector('.wb-notice[data-code="no-gpu"]');
      expect(await noticesOf(page)).toContainEqual({code: "no-gpu", message: expect.stringMatching(/imitated on the processor.*wasm/i)});
      expect(await page.getAttribute(".wb-badge", "data-backend")).not.toBe("webgpu");

      await page.goto(`${url}?backend=webgpu`);
      await prepare(page, 12);
      await runButton(page).click();
      await reaches(page, "embed", 2);
      await page.evaluate(() => (window as unknown as WorkbookWindow).workbook.client.loseDevice());
      await page.waitForSelector('.wb-notice[data-code="reopened"]');
      await stageIs(page, "umap", "done");
      expect(await page.getAttribute(".wb-badge", "data-backend"), JSON.stringify(await noticesOf(page))).toBe("webgpu");
      const rows = selectRows({mode: "random", n: 12, seed: 0}, 260);
      const [ours, reference] = [await embeddingsOf(page), await nodeEmbeddings(demo.path, rows, 32)];
      expect([...ours.rows]).toEqual([...reference.rows]);
      expect([...ours.status]).toEqual([...reference.status]);
      expect(relativeError(ours.vectors, reference.vectors, 12, ours.width)).toBeLessThan(1e-3);
      const disturbed = ours.vectors;

      await page.reload();
      await prepare(page, 12);
      await runButton(page).click();
      await stageIs(page, "umap", "done");
      expect(apart((await embeddingsOf(page)).vectors, disturbed)).toBeLessThan(1e-6);
    });
  });
});
