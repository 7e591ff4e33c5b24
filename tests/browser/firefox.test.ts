import type {Browser, Page} from "puppeteer-core";
import {afterAll, beforeAll, expect, test, vi} from "vitest";
import {goOn, holdingPage, holdingWorker, holdNext} from "./harm.js";
import {openFirefox, serveShort} from "./firefox.js";
import {serve, type Served} from "./harness.js";

vi.setConfig({testTimeout: 120_000});

let site: Served;
let browser: Browser;
beforeAll(async () => {
  [site, browser] = await Promise.all([
    serve({coi: true}).then((plain) => serveShort(plain, 48, holdingWorker)),
    openFirefox()
  ]);
});
afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

/** A page, and what it must not do: write to the console, throw, ask another machine for anything, or get a failed answer. */
async function watchedPage(): Promise<{page: Page; faults: string[]}> {
  // A second try begins with nothing, too.
  const page = await (await browser.createBrowserContext()).newPage();
  await page.evaluateOnNewDocument(holdingPage(true));
  await page.setViewport({width: 1280, height: 900});
  const faults: string[] = [];
  page.on("console", (message) => faults.push(`console ${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`uncaught: ${String(error)}`));
  page.on("request", (request) => {
    if (/^(https?|wss?):/.test(request.url()) && !request.url().startsWith(site.url))
      faults.push(`request to another origin: ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) faults.push(`${response.status()}: ${response.url()}`);
  });
  return {page, faults};
}

const stageIs = (page: Page, stage: string, state: string) =>
  page.waitForSelector(`[data-stage="${stage}"][data-state="${state}"]`, {timeout: 60_000});

/** Waits until the worker is held, for the nth time since the page was opened. */
const held = (page: Page, nth: number) =>
  page.waitForFunction((nth) => ((window as {hold?: Int32Array}).hold?.[1] ?? 0) >= nth, {timeout: 60_000}, nth);

/** What a page showed when a step of a test failed, added to the failure: a run elsewhere leaves nothing else to look at. */
async function tellingOf(page: Page, faults: string[], steps: () => Promise<void>): Promise<void> {
  try {
    await steps();
  } catch (error) {
    const text = await page.$eval("body", (body) => body.innerText.slice(0, 3000)).catch(String);
    throw new Error(`${String(error)}\nfaults: ${faults.join("\n") || "none"}\nthe page:\n${text}`, {cause: error});
  }
}

/** Waits for words in the page's main part. */
const says = (page: Page, words: string) =>
  page.waitForFunction(
    (words) => document.querySelector<HTMLElement>("#observablehq-main")?.innerText.includes(words),
    {timeout: 60_000},
    words
  );

const press = (page: Page, name: string) => page.locator(`.wb-run-bar ::-p-text(${name})`).click();

test("in Firefox the demo's map forms, through Cancel and a reload in mid-run, a chapter shows it, and an opened file is on the next page", async () => {
  const {page, faults} = await watchedPage();
  await tellingOf(page, faults, () => visit(page));
  expect(faults).toEqual([]);
});

async function visit(page: Page): Promise<void> {
  await page.goto(`${site.url}?cells=random-60-1`);
  await held(page, 1);
  await press(page, "Cancel");
  await goOn(page);
  await says(page, "Canceled. What is finished is kept");
  await says(page, "This browser has no WebGPU: the model runs on the processor (wasm)");
  await holdNext(page);
  await press(page, "Run");
  await held(page, 2);
  await page.reload();
  await held(page, 1);
  await goOn(page);
  await stageIs(page, "umap", "done");
  await says(page, "embedded earlier and are not embedded again");
  await says(page, "60 cells placed by UMAP");
  // The map is shown before it is stored.
  await says(page, "Run again");
  const colors = await page.$eval(".wb-map canvas", (canvas) => {
    const {width, height} = canvas as HTMLCanvasElement;
    const {data} = (canvas as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, width, height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
  expect(colors, "colors of the map").toBeGreaterThan(5);

  const follow = (name: string) =>
    Promise.all([page.waitForNavigation(), page.locator(`#observablehq-sidebar ::-p-text(${name})`).click()]);
  await follow("UMAP");
  await stageIs(page, "umap", "done");
  await says(page, "Kept from an earlier run: nothing was computed now.");

  const input = await page.waitForSelector(".wb-data input[type=file]");
  await (input as unknown as {uploadFile(path: string): Promise<void>}).uploadFile(
    "tests/fixtures/anndata/compressed/lzf.h5ad"
  );
  await says(page, "A copy of lzf.h5ad (");
  await follow("Normalize");
  await page.waitForFunction(
    () => document.querySelector(".wb-data[data-state=open] .wb-data-name")?.textContent === "lzf.h5ad"
  );
}
