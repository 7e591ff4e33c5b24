import type {BrowserContext, Page} from "playwright-core";
import {expect, test, vi} from "vitest";
import {readProvenance} from "../../src/components/core/tables/provenance.js";
import {withSite} from "./harness.js";
import {
  embeddingsOf,
  noticesOf,
  reaches,
  runButton,
  shorten,
  stageIs,
  tableOf,
  type WorkbookWindow
} from "./workbook-page.js";

vi.setConfig({testTimeout: 400_000});

/** What the page tells of stages, kept over reloads of the tab: "embed" for one that was computed, "embed kept" for one that was stored, and rows of batches. */
interface Log {
  stages: string[];
  rows: number[];
}

/** Makes every page of the tab keep a log; call it before a page is opened. */
async function keepLog(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const log = JSON.parse(sessionStorage.getItem("log") ?? '{"stages": [], "rows": []}') as Log;
    const wait = setInterval(() => {
      const {workbook, chapter} = window as unknown as Partial<WorkbookWindow> & {
        chapter?: {session: WorkbookWindow["workbook"]["session"]};
      };
      const session = workbook?.session ?? chapter?.session;
      if (session === undefined) return;
      clearInterval(wait);
      session.on({
        event(event) {
          if (event.type === "progress" && event.state === "done")
            log.stages.push(event.stored ? `${event.stage} kept` : event.stage);
          else if (event.type === "batch") log.rows.push(...event.rows);
          sessionStorage.setItem("log", JSON.stringify(log));
        }
      });
    }, 1);
  });
}

/** The log since it was taken last. */
async function takeLog(page: Page): Promise<Log> {
  const log = await page.evaluate(() => {
    const text = sessionStorage.getItem("log") ?? '{"stages": [], "rows": []}';
    return JSON.parse(text) as Log;
  });
  return log;
}

async function change(page: Page, part: object): Promise<void> {
  await page.evaluate((part) => (window as unknown as WorkbookWindow).workbook.session.change(part), part);
}

const idle = (page: Page) => page.waitForFunction(() => !(window as unknown as WorkbookWindow).workbook.client.busy);

async function mapOf(page: Page): Promise<string> {
  return Buffer.from((await tableOf(page, "umap")).getChild("x")!.toArray() as Float32Array).toString("base64");
}

test("results are shared by reloads, pages and links: only what is missing is computed, and no batch twice", async () => {
  await withSite({coi: true, serviceWorkers: "none"}, async ({url, newPage}) => {
    const page = await newPage();
    await shorten(page, 256);
    await keepLog(page);
    const cells = "?cells=random-60-1";
    await page.goto(url + cells);
    await reaches(page, "embed", 8);
    const before = (await takeLog(page)).rows.length;
    await page.reload();
    await stageIs(page, "umap", "done");
    await idle(page);
    const whole = await takeLog(page);
    expect(before).toBeGreaterThan(0);
    expect(whole.rows).toHaveLength(60);
    expect(new Set(whole.rows).size).toBe(60);
    expect((await noticesOf(page)).map(({code}) => code)).toContain("resumed");
    const first = await mapOf(page);

    const told = async (from: number) => [...new Set((await takeLog(page)).stages.slice(from))];
    let from = (await takeLog(page)).stages.length;
    await change(page, {seed: 7});
    await idle(page);
    await runButton(page).click();
    await stageIs(page, "umap", "done");
    await idle(page);
    expect(await told(from)).toEqual(["load kept", "normalize kept", "sample kept", "embed kept", "umap"]);
    const other = await mapOf(page);
    expect(other).not.toBe(first);
    expect(page.url()).toContain("seed=7");

    from = (await takeLog(page)).stages.length;
    await change(page, {sampling: "low-variance"});
    await idle(page);
    await runButton(page).click();
    await stageIs(page, "umap", "done");
    await idle(page);
    expect((await told(from)).filter((stage) => !/^(load|normalize) kept$/.test(stage))).toEqual([
      "sample",
      "embed",
      "umap"
    ]);

    // What a link names is shown again without computing.
    await page.goto(`${url}${cells}&seed=7`);
    await stageIs(page, "umap", "done");
    expect(await mapOf(page)).toBe(other);
    const rows = (await takeLog(page)).rows.length;

    from = (await takeLog(page)).stages.length;
    await page.getByRole("link", {name: "UMAP", exact: true}).first().click();
    await page.waitForURL(/stages\/umap\?.*seed=7/);
    await page.getByText(/60 cells of .*Kept from an earlier run/).waitFor({timeout: 120_000});
    expect((await told(from)).every((stage) => stage.endsWith(" kept"))).toBe(true);
    expect((await takeLog(page)).rows).toHaveLength(rows);

    // Cleared by hand, everything is computed anew.
    await page.goto(url + cells);
    await stageIs(page, "umap", "done");
    await page.getByText(/^Storage: .*B$/).click();
    await page.getByRole("button", {name: "Clear results"}).click();
    await page.getByText("Cleared. 0 stored results").waitFor();
    expect((await embeddingsOf(page)).index).toHaveLength(60);
  });
});

/** Lets the browser refuse to keep files, in pages and in the worker. */
async function denyStorage(context: BrowserContext): Promise<void> {
  const deny = 'navigator.storage.getDirectory = () => Promise.reject(new DOMException("denied", "SecurityError"));\n';
  await context.addInitScript(deny);
  await context.route(/workbook\.worker[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({response, body: deny + (await response.text())});
  });
}

test("without storage, or with none left, a run ends as an undisturbed one does, and says what is not kept", async () => {
  await withSite({coi: true, serviceWorkers: "none"}, async ({url, newPage}) => {
    const address = `${url}?cells=random-24-1`;
    const run = async (prepare: (page: Page) => Promise<void>) => {
      const page = await newPage();
      await shorten(page, 64);
      await prepare(page);
      await page.goto(address);
      await stageIs(page, "umap", "done");
      await idle(page);
      const found = {
        map: await mapOf(page),
        notices: await noticesOf(page),
        vectors: [...(await embeddingsOf(page)).vectors]
      };
      await page.context().close();
      return found;
    };
    const undisturbed = await run(async () => {});
    const denied = await run(async (page) => denyStorage(page.context()));
    expect(denied.notices).toContainEqual({code: "not-kept", message: expect.stringContaining("keeps no files")});
    const full = await run(async (page) => {
      const session = await page.context().newCDPSession(page);
      await session.send("Storage.overrideQuotaForOrigin", {origin: new URL(url).origin, quotaSize: 20_000});
    });
    expect(full.notices).toContainEqual({code: "not-stored", message: expect.stringMatching(/no room left.*clear/i)});
    for (const {map, vectors} of [denied, full]) {
      expect(vectors).toEqual(undisturbed.vectors);
      expect(map).toBe(undisturbed.map);
    }
  });
});

test("a run asked for while no file is open fails in words, and leaves the page free for the next", async () => {
  await withSite({coi: true, serviceWorkers: "none"}, async ({url, newPage}) => {
    const page = await newPage();
    await page.goto(`${url}?data=1-00&name=elsewhere.h5ad`);
    await page.waitForSelector('.wb-data[data-state="error"]');
    const code = await page.evaluate(() =>
      (window as unknown as WorkbookWindow).workbook.session.run().then(
        () => null,
        (error) => error.details.code as string
      )
    );
    expect(code).toBe("no-file");
    await page.getByRole("button", {name: "Use the demo"}).click();
    await reaches(page, "embed", 8);
    await page.evaluate(() => (window as unknown as WorkbookWindow).workbook.session.cancel());
    await idle(page);
    expect(await noticesOf(page)).not.toContainEqual(expect.objectContaining({code: "busy"}));
  });
});

test("a choice that changes in mid-run never stands over the results of the one before", async () => {
  await withSite({coi: true, serviceWorkers: "none"}, async ({url, newPage}) => {
    const page = await newPage();
    await shorten(page, 256);
    await keepLog(page);
    await page.goto(`${url}?cells=random-60-1`);
    await reaches(page, "embed", 8);
    await change(page, {seed: 7});
    await page.waitForSelector('.wb-notice[data-code="other-choices"]');
    await idle(page);
    await page.waitForSelector('.wb-notice[data-code="other-choices"]', {state: "detached"});
    const names = () => page.evaluate(() => [...(window as unknown as WorkbookWindow).workbook.results.keys()]);
    expect(await names()).toContain("embeddings");
    expect(await names()).not.toContain("umap");
    const before = (await takeLog(page)).rows.length;
    await runButton(page).click();
    await stageIs(page, "umap", "done");
    await idle(page);
    expect(readProvenance(await tableOf(page, "umap"))!.parameters["seed"]).toBe(7);
    expect((await takeLog(page)).rows).toHaveLength(before);
    await change(page, {seed: 42});
    await stageIs(page, "umap", "done");
    expect(readProvenance(await tableOf(page, "umap"))!.parameters["seed"]).toBe(42);
    // One that is undone in mid-run costs nothing: what the run made is the view's again.
    await change(page, {cells: {mode: "random", n: 100, seed: 1}});
    await runButton(page).click();
    await reaches(page, "embed", 64);
    await change(page, {sampling: "low-variance"});
    await change(page, {sampling: "reference"});
    await page.waitForSelector('.wb-notice[data-code="other-choices"]');
    await page.waitForSelector('.wb-notice[data-code="other-choices"]', {state: "detached"});
    await stageIs(page, "umap", "done");
    expect((await embeddingsOf(page)).rows).toHaveLength(100);
  });
});
