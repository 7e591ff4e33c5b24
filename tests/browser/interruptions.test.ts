import {afterAll, beforeAll, describe, expect, test, vi} from "vitest";
import type {Page} from "playwright-core";
import {relativeError} from "../../src/components/core/vectors/relative-error.js";
import {selectRows} from "../../src/components/core/cells/select-rows.js";
import {withSite} from "./harness.js";
import {
  chooseRandom,
  demoFile,
  embeddingsOf,
  nodeEmbeddings,
  noticesOf,
  pick,
  reaches,
  runButton,
  settled,
  shorten,
  stageIs,
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
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

/** Opens the demo's cells as a file of one's own, cancels what runs by itself, and chooses `n` cells. */
async function prepare(page: Page, n: number): Promise<void> {
  await pick(page, demo.path);
  expect(await settled(page, "cells.h5ad")).toBe("open");
  await page.evaluate(() => (window as unknown as WorkbookWindow).workbook.session.cancel());
  await page.waitForFunction(() => !(window as unknown as WorkbookWindow).workbook.client.busy);
  await chooseRandom(page, n);
}

/** Keeps the page's workers in `window.workers`; while `window.deadly`, a new one ends as soon as it has said something. */
const keepWorkers = `
  window.workers = [];
  window.Worker = class extends Worker {
    constructor(address, options) {
      super(address, options);
      window.workers.push(this);
      if (window.deadly) this.addEventListener("message", () => this.terminate(), {once: true});
    }
  };
`;

describe("a worker that is killed while it answers a question, or after a run", () => {
  test("is started again with the vectors of the run, and asked once more; if it dies again, that is said", async () => {
    await withSite({coi: true, serviceWorkers: "none"}, async ({url, newPage}) => {
      const page = await newPage();
      await shorten(page, 32);
      await page.addInitScript(keepWorkers);
      await page.goto(`${url}?cells=random-24-1`);
      await stageIs(page, "umap", "done");
      await page.locator(".wb-linked-map").nth(1).getByText("24 cells placed by UMAP").waitFor();
      const ask = (kill: "before" | "while" | "always" | null) =>
        page.evaluate(async (kill) => {
          const {workbook, workers} = window as unknown as WorkbookWindow & {workers: Worker[]};
          Object.assign(window, {deadly: kill === "always"});
          if (kill === "before") workers.at(-1)!.terminate();
          const answers = Promise.allSettled([
            workbook.client.ask("quality", {matrix: "X", geneColumn: null}),
            workbook.client.ask("embeddingRows", {most: 5})
          ]);
          if (kill === "while" || kill === "always") workers.at(-1)!.terminate();
          const [quality, rows] = await answers;
          Object.assign(window, {deadly: false});
          return [
            quality.status === "fulfilled" ? Array.from(quality.value.totalCounts).join() : String(quality.reason),
            rows.status === "fulfilled"
              ? JSON.stringify([rows.value?.total, ...Array.from(rows.value?.vectors ?? [])])
              : String(rows.reason)
          ];
        }, kill);
      const undisturbed = await ask(null);
      expect(undisturbed[1]).toMatch(/^\[24,/);
      expect(await ask("while")).toEqual(undisturbed);
      expect(await ask("before")).toEqual(undisturbed);
      for (const words of await ask("always"))
        expect(words).toMatch(/the worker stopped twice while it answered.*: close other tabs and ask again/);
      expect(await ask(null)).toEqual(undisturbed);
      expect(
        await page.evaluate(() => (window as unknown as {workers: Worker[]}).workers.length)
      ).toBeGreaterThanOrEqual(5);
    });
  });
});

describe("a worker that is killed in mid-run", () => {
  test("is started again and the run goes on to the table of an undisturbed run", async () => {
    await withSite({coi: true, serviceWorkers: "none"}, async ({url, newPage}) => {
      const page = await newPage();
      await shorten(page, 512);
      await page.addInitScript(keepWorkers);
      await page.goto(url);
      await reaches(page, "embed", 12);
      await page.evaluate(() => (window as unknown as {workers: Worker[]}).workers.at(-1)!.terminate());
      await page.waitForSelector('.wb-notice[data-code="worker-restarted"]');
      expect(await noticesOf(page)).toContainEqual({
        code: "worker-restarted",
        message: expect.stringMatching(/the worker stopped and was started again; \d+ finished cells are kept/i)
      });
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
      expect(await noticesOf(second)).toContainEqual({
        code: "queued",
        message: expect.stringContaining("in another tab")
      });
      await first.evaluate(() => (window as unknown as WorkbookWindow).workbook.session.cancel());
      await reaches(second, "embed", 4);
      await first.close();
    });
  });
});

/** Lets a test put the page into the background: no frame is drawn, timers come once a second, and the document says that it is hidden. */
const sleeper = `
  window.asleep = false;
  window.frames = [];
  window.frame = window.requestAnimationFrame.bind(window);
  window.later = window.setTimeout.bind(window);
  window.requestAnimationFrame = (call) => window.asleep ? -window.frames.push(call) : window.frame(call);
  window.cancelAnimationFrame = ((cancel) => (number) => number < 0 ? delete window.frames[-number - 1] : cancel(number))(window.cancelAnimationFrame.bind(window));
  window.setTimeout = (call, wait, ...rest) => window.later(call, window.asleep ? Math.max(1000, wait ?? 0) : wait, ...rest);
  Object.defineProperty(document, "hidden", {get: () => window.asleep});
  Object.defineProperty(document, "visibilityState", {get: () => window.asleep ? "hidden" : "visible"});
`;

describe("a tab in the background", () => {
  test("runs to the end without a frame drawn, and its maps catch up when it is looked at again", async () => {
    await withSite({coi: true, serviceWorkers: "none"}, async ({url, newPage}) => {
      const page = await newPage();
      await shorten(page, 64);
      await page.addInitScript(sleeper);
      await page.goto(url);
      await reaches(page, "embed", 8);
      await page.evaluate("window.asleep = true; document.dispatchEvent(new Event('visibilitychange'))");
      await stageIs(page, "umap", "done");
      await expect
        .poll(() => page.evaluate(() => (window as unknown as WorkbookWindow).workbook.session.running))
        .toBe(false);
      await runButton(page).and(page.getByText("Run again")).waitFor();
      await expect
        .poll(() => page.locator(".wb-linked-map").nth(1).innerText(), {timeout: 60_000})
        .toMatch(/260 cells placed by UMAP from 30 principal components/);
      expect((await embeddingsOf(page)).rows).toHaveLength(260);
      const settled = () =>
        page.$$eval(".wb-map", (maps) => maps.slice(0, 2).map((map) => (map as unknown as {settled: boolean}).settled));
      expect(await settled()).not.toContain(true);
      expect(await page.evaluate("window.frames.length")).toBeGreaterThan(0);

      await page.evaluate(
        "window.asleep = false; for (const call of window.frames.splice(0)) if (call) window.frame(call); document.dispatchEvent(new Event('visibilitychange'))"
      );
      await expect.poll(settled).toEqual([true, true]);
      const ink = await page.$eval(".wb-map canvas", (canvas) => {
        const {width, height} = canvas as HTMLCanvasElement;
        return new Set(
          new Uint32Array((canvas as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, width, height).data.buffer)
        ).size;
      });
      expect(ink).toBeGreaterThan(5);
    });
  });
});

/** For the worker: a message on the channel "gpu" makes the device in use refuse a buffer, as one without memory does. */
const refuseBuffer = `{
  const create = GPUDevice.prototype.createBuffer;
  let device = null;
  GPUDevice.prototype.createBuffer = function (descriptor) {
    device = this;
    return create.call(this, descriptor);
  };
  new BroadcastChannel("gpu").onmessage = () => create.call(device, {size: 2 ** 40, usage: GPUBufferUsage.STORAGE});
}
`;

describe("WebGPU imitated on the processor", () => {
  test("is not taken by itself; asked for, it gives Node's vectors, also when its device is destroyed in mid-run", async () => {
    await withSite({coi: true, serviceWorkers: "none", webgpu: true}, async ({url, newPage}) => {
      const page = await newPage();
      await shorten(page, 32);
      await page.goto(url);
      await page.waitForSelector('.wb-notice[data-code="no-gpu"]');
      expect(await noticesOf(page)).toContainEqual({
        code: "no-gpu",
        message: expect.stringMatching(/imitated on the processor.*wasm/i)
      });
      expect(await page.getAttribute(".wb-badge", "data-backend")).not.toBe("webgpu");

      await page.goto(`${url}?backend=webgpu`);
      await prepare(page, 12);
      await runButton(page).click();
      await reaches(page, "embed", 2);
      await page.evaluate(() => (window as unknown as WorkbookWindow).workbook.client.loseDevice());
      await page.waitForSelector('.wb-notice[data-code="reopened"]');
      await stageIs(page, "umap", "done");
      expect(await page.getAttribute(".wb-badge", "data-backend"), JSON.stringify(await noticesOf(page))).toBe(
        "webgpu"
      );
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

  test("that refuses a buffer for want of memory is opened again, and no vector of that batch is taken", async () => {
    await withSite({coi: true, serviceWorkers: "none", webgpu: true}, async ({url, newPage}) => {
      const page = await newPage();
      await shorten(page, 32);
      await page.context().route(/workbook\.worker[^/]*\.js$/, async (route) => {
        const response = await route.fetch();
        await route.fulfill({response, body: refuseBuffer + (await response.text())});
      });
      await page.goto(`${url}?backend=webgpu&cells=random-12-0`);
      await reaches(page, "embed", 2);
      await page.evaluate(() => new BroadcastChannel("gpu").postMessage("refuse"));
      await page.waitForSelector('.wb-notice[data-code="reopened"]');
      expect(await noticesOf(page)).toContainEqual({
        code: "reopened",
        message: expect.stringMatching(/ran out of memory on 1 sentences? .*opened again; nothing is lost/)
      });
      await stageIs(page, "umap", "done");
      const ours = await embeddingsOf(page);
      const reference = await nodeEmbeddings(demo.path, selectRows({mode: "random", n: 12, seed: 0}, 260), 32);
      expect([...ours.rows]).toEqual([...reference.rows]);
      expect(relativeError(ours.vectors, reference.vectors, 12, ours.width)).toBeLessThan(1e-3);
    });
  });
});
