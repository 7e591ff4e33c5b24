import {afterAll, beforeAll, describe, expect, test, vi} from "vitest";
import type {Page} from "playwright-core";
import {selectRows} from "../../src/components/core/cells/select-rows.js";
import {relativeError} from "../../src/components/core/vectors/relative-error.js";
import {
  askPage,
  denyStorage,
  goOn,
  held,
  holdBatches,
  holdNext,
  keepWorkers,
  killWorker,
  rememberPace,
  workersOf,
  type PageQuestion
} from "./harm.js";
import {fileSite} from "./file-site.js";
import {
  chooseRandom,
  demoFile,
  embeddingsOf,
  idle,
  keepLog,
  logOf,
  mapOf,
  nodeEmbeddings,
  noticesOf,
  runButton,
  shorten,
  stageIs
} from "./workbook-page.js";

vi.setConfig({testTimeout: 300_000});

const site = fileSite({coi: true, serviceWorkers: "none"});

let demo: ReturnType<typeof demoFile>;
beforeAll(() => {
  demo = demoFile();
});
afterAll(() => demo.remove());

/** Sixty cells of short sentences: a test holds the worker where a run is to be disturbed. */
const [genes, cells] = [48, "random-60-1"];
const rows = selectRows({mode: "random", n: 60, seed: 1}, 260)!;

/** What Node computes of them; once, for all tests. */
let undisturbed: ReturnType<typeof nodeEmbeddings> | undefined;

/** What the first of these runs that was looked at gave, to the bit. */
let first: {vectors: Float32Array; map: string} | undefined;

/** Expects a finished run to be the first one's twin: no interruption, and no want of storage, changes a bit. */
async function expectTwin(page: Page): Promise<void> {
  const found = {vectors: (await embeddingsOf(page)).vectors, map: await mapOf(page)};
  first ??= found;
  expect(found.vectors).toEqual(first.vectors);
  expect(found.map).toBe(first.map);
}

/** Largest difference of any number of two tables of vectors. */
function apart(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

/** Expects of a finished run of the sixty cells what an undisturbed run gives, and that no cell was told of as embedded twice in these tabs. */
async function expectUndisturbed(page: Page, tabs: Page[] = [page]): Promise<void> {
  undisturbed ??= nodeEmbeddings(demo.path, rows, genes);
  const [ours, reference] = [await embeddingsOf(page), await undisturbed];
  expect([...ours.rows]).toEqual([...reference.rows]);
  expect([...ours.status]).toEqual([...reference.status]);
  expect([...ours.nTokens]).toEqual([...reference.nTokens]);
  expect(relativeError(ours.vectors, reference.vectors, rows.length, ours.width)).toBeLessThan(1e-4);
  expect(apart(ours.vectors, reference.vectors)).toBeLessThan(1e-5);
  const embedded = (await Promise.all(tabs.map(logOf))).flatMap((log) => log.rows);
  // What was stored in the moment of an interruption was told to nobody.
  expect(embedded.length).toBeGreaterThan(30);
  expect(new Set(embedded).size, "no cell is embedded twice").toBe(embedded.length);
}

const codesOf = async (page: Page) => (await noticesOf(page)).map(({code}) => code);

const questions: PageQuestion[] = [
  {stage: "normalize", name: "quality", args: {}},
  {stage: "embed", name: "embeddingRows", args: {most: 5}}
];

/** Expects questions to be answered alike by whichever worker of the page's, and words where each one dies. */
async function expectAnswers(page: Page): Promise<void> {
  const answers = await askPage(page, questions);
  expect(answers[0]).toMatch(/^\{.*"totalCounts":\[\d/);
  expect(answers[1]).toMatch(/"total":60/);
  expect(await askPage(page, questions, "while")).toEqual(answers);
  expect(await askPage(page, questions, "before")).toEqual(answers);
  for (const words of await askPage(page, questions, "always"))
    expect(words).toMatch(/the worker stopped 3 times, probably out of memory: .*close other tabs, and try again/);
  expect(await askPage(page, questions)).toEqual(answers);
  expect(await workersOf(page)).toBeGreaterThanOrEqual(6);
}

/** Presses Cancel and waits until nothing is at work; milliseconds. */
function timeToCancel(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const begun = performance.now();
    const bar = document.querySelector<HTMLElement>(".wb-run-bar")!;
    [...bar.querySelectorAll("button")].find(({textContent}) => textContent === "Cancel")!.click();
    const works = '.wb-run[data-running="true"], [data-stage][data-state="running"]';
    while (document.querySelector(works) !== null) await new Promise((resolve) => setTimeout(resolve, 5));
    return performance.now() - begun;
  });
}

describe("a run that is cut off", () => {
  test("by the death of its worker, by Cancel, which takes less than a second also while a call of the model hears nothing, by another tab and by a reload goes on to the table of an undisturbed run, and says so once; after a reload unasked, also where such a run would wait for Run; tabs never run at once; a third finds it all, and its worker that is killed is started again with the vectors from the store and asked once more; if each one dies, that is said", async () => {
    const {url, newPage} = site();
    const one = await newPage();
    await shorten(one, genes);
    // Whoever runs does so until it has been looked at.
    await holdBatches(one);
    const open = async (page: Page) => {
      await keepLog(page);
      await keepWorkers(page);
      await page.goto(`${url}?cells=${cells}`);
    };
    const cancel = (page: Page) => page.locator(".wb-run-bar").getByRole("button", {name: "Cancel"}).click();
    const isQueued = (page: Page) => page.waitForSelector('.wb-notice[data-code="queued"]');
    const waitsNoMore = (page: Page) =>
      expect.poll(() => codesOf(page), {message: "it waits no more"}).not.toContain("queued");
    const resumed = /^\d+ cells were embedded earlier and are not embedded again\.$/;
    const notices = async () => (await noticesOf(one)).filter(({code}) => code !== "no-gpu");

    await open(one);
    await held(one, 1);
    await holdNext(one);
    await killWorker(one);
    await one.waitForSelector('.wb-notice[data-code="worker-restarted"]');
    await held(one, 2);
    const restarted = `The worker stopped and was started again; ${resumed.source.slice(1)}`;
    expect(await notices()).toEqual([{code: "worker-restarted", message: expect.stringMatching(restarted)}]);
    expect(await workersOf(one)).toBe(2);

    const other = await one.context().newPage();
    await open(other);
    await isQueued(other);
    expect(await noticesOf(other)).toContainEqual({
      code: "queued",
      message: "Another tab is running; this run starts when it finishes."
    });
    expect((await logOf(other)).rows).toEqual([]);

    // The worker hears nothing, and is ended.
    expect(await timeToCancel(one)).toBeLessThan(1000);
    expect(await one.innerText(".wb-run-words")).toMatch(/^Canceled\. What is finished is kept/);
    expect((await notices()).map(({code}) => code)).toEqual(["worker-restarted"]);
    await held(other, 1);
    await waitsNoMore(other);
    expect(await codesOf(other)).toContain("resumed");

    // Now the first waits for the second, which is canceled.
    await rememberPace(one, 10_000);
    await holdNext(one);
    await runButton(one).click();
    await isQueued(one);
    await cancel(other);
    await held(one, 3);
    await waitsNoMore(one);
    expect(await codesOf(one)).toContain("resumed");
    expect(await workersOf(one)).toBe(3);

    // The second waits again, and finds what the first has computed after a reload.
    await one.reload();
    await held(one, 1);
    await runButton(other).click();
    await isQueued(other);
    await goOn(one);
    await stageIs(one, "umap", "done");
    expect(await notices()).toEqual([{code: "resumed", message: expect.stringMatching(resumed)}]);
    await stageIs(other, "umap", "done");
    await waitsNoMore(other);
    await expectUndisturbed(one, [one, other]);
    for (const page of [one, other]) await expectTwin(page);

    const third = await one.context().newPage();
    await open(third);
    await third.getByText("Kept from an earlier run: nothing was computed now.").waitFor();
    expect((await logOf(third)).rows).toEqual([]);
    await expectTwin(third);
    await expectAnswers(third);
    await rememberPace(third, 10_000);
    await chooseRandom(third, 54);
    await third.getByText(/^This takes about 9 min.* on this device\.$/).waitFor();
  });
});

describe("a browser that keeps no files", () => {
  test("runs to what others compute, and says what is not kept; a worker that is killed after it is started again with the vectors from the page's memory", async () => {
    const {url, newPage} = site();
    const page = await newPage();
    await shorten(page, genes);
    await keepWorkers(page);
    await denyStorage(page);
    await page.goto(`${url}?cells=${cells}`);
    await stageIs(page, "umap", "done");
    await idle(page);
    expect(await noticesOf(page)).toContainEqual({
      code: "not-kept",
      message: expect.stringContaining("keeps no files")
    });
    await page.locator(".wb-linked-map").nth(1).getByText("60 cells placed by UMAP").waitFor();
    await expectTwin(page);
    await expectAnswers(page);
  });
});

/** Lets the browser have room for next to nothing. */
async function leaveNoRoom(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Storage.overrideQuotaForOrigin", {origin: new URL(site().url).origin, quotaSize: 20_000});
}

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
  test("runs to what others compute without a frame drawn, also where no room is left in the browser's storage, which is said; its maps catch up when it is looked at again", async () => {
    const {url, newPage} = site();
    const page = await newPage();
    await shorten(page, genes);
    await page.addInitScript(sleeper);
    await leaveNoRoom(page);
    await holdBatches(page);
    await page.goto(`${url}?cells=${cells}`);
    await held(page, 1);
    await page.evaluate("window.asleep = true; document.dispatchEvent(new Event('visibilitychange'))");
    await goOn(page);
    await stageIs(page, "umap", "done");
    await expect.poll(() => page.getAttribute(".wb-run", "data-running")).toBe("false");
    await runButton(page).and(page.getByText("Run again")).waitFor();
    await expect
      .poll(() => page.locator(".wb-linked-map").nth(1).innerText(), {timeout: 60_000})
      .toMatch(/60 cells placed by UMAP from 30 principal components/);
    expect((await embeddingsOf(page)).rows).toHaveLength(60);
    await expectTwin(page);
    expect(await noticesOf(page)).toContainEqual({
      code: "not-stored",
      message: expect.stringMatching(/no room left.*clear/i)
    });
    const settled = () =>
      page.$$eval(".wb-map", (maps) => maps.slice(0, 2).map((map) => (map as unknown as {settled: boolean}).settled));
    // The map of components comes while the model reads, and may have been drawn before.
    expect((await settled())[0]).toBe(false);
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
