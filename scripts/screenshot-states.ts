import type {Page} from "playwright-core";
import {askTrust, stageIs} from "../tests/browser/workbook-page.js";

/**
 * States of a page that pictures show. "idle": opened by a link to a local file, which is not at hand; "running": in mid-run;
 * "forming": the map in mid-run; "done": all that there is to compute; "unfolded": the same with every fold open; "error": a
 * file that cannot be read was picked; "failed": a run whose model cannot be fetched.
 */
export const stateNames = ["idle", "running", "forming", "done", "unfolded", "error", "failed"] as const;
export type StateName = (typeof stateNames)[number];

/** How a page comes into a state. */
export interface StateRecipe {
  /** Query of the address. */
  query?: string;
  /** Called before the page is opened. */
  before?(page: Page): Promise<unknown>;
  /** Called when it is open. */
  after?(page: Page): Promise<unknown>;
  /** States with the same name share a browser's storage, and so results. */
  shares?: string;
  /** What goes wrong on purpose: such lines are no faults of the site. */
  expected?: RegExp;
}

/** A local file by its identity, which no browser has. */
const elsewhere = `?data=${"0123456789abcdef".repeat(2)}&name=my-cells.h5ad`;

/** An HDF5 file of which nothing but the beginning has arrived. */
const cutShort = {
  name: "cut-short.h5ad",
  mimeType: "application/octet-stream",
  buffer: Buffer.from([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, ...new Array<number>(88).fill(0)])
};

/**
 * Delivers what the worker tells of a run up to the `count`th event of a type, and nothing after it: a page that stands still
 * in mid-run, at the same place every time.
 */
export async function holdAt(page: Page, type: "batch" | "layout" | "progress", count: number): Promise<void> {
  await page.addInitScript(`{
    const listen = MessagePort.prototype.addEventListener;
    let seen = 0;
    globalThis.pictureHeld = false;
    MessagePort.prototype.addEventListener = function (name, listener, options) {
      listen.call(this, name, name !== "message" ? listener : (event) => {
        if (globalThis.pictureHeld) return;
        listener.call(this, event);
        if (event.data?.argumentList?.[0]?.value?.type === ${JSON.stringify(type)} && ++seen === ${count}) globalThis.pictureHeld = true;
      }, options);
    };
  }`);
}

const held = (page: Page) =>
  page.waitForFunction(() => (globalThis as {pictureHeld?: boolean}).pictureHeld === true, null, {timeout: 300_000});

/** The gene table never comes: files stay half-way open. */
const stalled = (page: Page) => page.context().route("**/data/model/genes.arrow*", () => {});

const dataIs = (page: Page, state: string) =>
  page.waitForSelector(`.wb-data[data-state="${state}"]`, {state: "attached", timeout: 60_000});

const openBroken = async (page: Page) => {
  await dataIs(page, "open");
  await page.setInputFiles(".wb-data input[type=file]", cutShort);
  // The demo stays open.
  await page.locator(".wb-file .wb-notice").first().waitFor({timeout: 60_000});
};

const unfold = (page: Page) =>
  page.$$eval("#observablehq-main details", (folds) =>
    folds.forEach((fold) => ((fold as HTMLDetailsElement).open = true))
  );

const noWeights: StateRecipe = {
  before: (page) => page.context().route("**/data/model/encoder*", (route) => route.abort()),
  expected: /data\/model\/encoder/
};

type Ways = Partial<Record<StateName, StateRecipe>>;

/** States of a page with a file: `done` waits until all is there. */
function withFile(done: (page: Page) => Promise<unknown>, more: Ways = {}): Ways {
  const finished = {shares: "done", after: done};
  return {
    idle: {query: elsewhere, after: (page) => dataIs(page, "error")},
    running: {before: stalled, after: (page) => dataIs(page, "reading")},
    done: finished,
    unfolded: {
      ...finished,
      after: async (page) => {
        await done(page);
        await unfold(page);
      }
    },
    error: {after: openBroken},
    ...more
  };
}

const run = (type: "batch" | "layout", count: number): StateRecipe => ({
  before: (page) => holdAt(page, type, count),
  after: held
});

const embedFailed: StateRecipe = {...noWeights, after: (page) => stageIs(page, "embed", "error")};

async function trustDone(page: Page): Promise<void> {
  await dataIs(page, "open");
  await page.locator(".wb-confusion").first().waitFor({timeout: 300_000});
  const seeds = await askTrust(page);
  await seeds.locator("table").first().waitFor({timeout: 300_000});
}

/** Every page and the states that it has, in the order in which results are handed on. */
export const pageStates: Record<string, Ways> = {
  index: withFile((page) => stageIs(page, "umap", "done", 300_000), {
    running: run("batch", 6),
    forming: run("layout", 12),
    failed: embedFailed
  }),
  "stages/load": withFile((page) => page.locator(".wb-tree [role=treeitem][aria-level='2']").first().waitFor()),
  "stages/normalize": withFile((page) => page.locator("#observablehq-main figure svg").first().waitFor()),
  "stages/sample": withFile((page) => page.locator(".wb-tokens tbody td:nth-child(2)").first().waitFor()),
  "stages/embed": withFile(
    async (page) => {
      await page.locator(".wb-verdict-line", {hasText: "collapsed"}).first().waitFor({timeout: 300_000});
      await page.locator('[data-break="random weights"] button').click();
      await page.waitForSelector('[data-break="random weights"][data-state="done"]', {timeout: 300_000});
    },
    {running: run("batch", 6), failed: embedFailed}
  ),
  "stages/umap": withFile(
    async (page) => {
      await page.locator(".wb-frame-caption", {hasText: "Trustworthiness"}).first().waitFor({timeout: 300_000});
      await page.waitForFunction(
        () => [...document.querySelectorAll<HTMLElement>(".wb-seeds .wb-map-message")].every(({hidden}) => hidden),
        null,
        {timeout: 300_000}
      );
    },
    {running: run("batch", 6), forming: run("layout", 12)}
  ),
  answers: withFile((page) => stageIs(page, "umap", "done", 300_000), {running: run("batch", 6)}),
  reference: withFile(
    (page) =>
      page.locator(".wb-reference-map .wb-map-message[hidden]").first().waitFor({state: "attached", timeout: 300_000}),
    {running: run("batch", 6)}
  ),
  trust: withFile(trustDone, {running: run("batch", 6), failed: embedFailed}),
  decide: withFile(async (page) => {
    await page.locator(".wb-expression-verdict").waitFor({timeout: 300_000});
    await page.getByRole("button", {name: "Find out"}).click();
    await page.locator(".wb-explained table").waitFor({timeout: 300_000});
  }),
  scores: withFile(async (page) => {
    await page.getByLabel("Column of batches").selectOption({index: 1});
    await page.locator(".wb-scores").nth(1).waitFor({timeout: 300_000});
  }),
  model: withFile((page) => page.locator(".wb-expression-verdict").waitFor({timeout: 300_000}), {
    running: run("batch", 6),
    failed: embedFailed
  }),
  models: withFile((page) => dataIs(page, "open")),
  "your-own": withFile((page) => page.locator("figure circle").first().waitFor({timeout: 300_000})),
  parity: {done: {after: (page) => page.locator(".wb-parity-summary").waitFor({timeout: 300_000})}},
  benchmarks: {done: {after: (page) => page.locator(".wb-bench-facts").first().waitFor({timeout: 60_000})}},
  "model-card": {done: {}},
  gallery: {done: {after: (page) => page.waitForTimeout(3000)}, unfolded: {after: unfold}}
};
