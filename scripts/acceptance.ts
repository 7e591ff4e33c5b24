/**
 * The browser checks that are too heavy for `npm test`, with their numbers as lines of JSON:
 *
 *     node --import tsx scripts/acceptance.ts [--only wasm|webgpu|large] [--cells N] [--large FILE.h5ad] [--rest MS]
 *
 * wasm: N (50) cells of each file of ../shared/data/cells, Chromium's wasm against Node's CPU, as relative error (at most
 * 1e-3). webgpu: 4 demo cells at full length over SwiftShader. large: a 2 GB file (made by make-large-h5ad.ts in a temporary
 * folder unless one is named) opens in under 3 s, N (100) of its cells are embedded with the renderer's memory growing by less
 * than 500 MB, and a run of it is canceled within a second. Before its memory is looked at, for as long again, the page rests for MS (2,000)
 * milliseconds. Ends with status 1 if a limit is missed.
 */
import {spawnSync} from "node:child_process";
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {parseArgs} from "node:util";
import type {Page} from "playwright-core";
import {relativeError} from "../src/components/core/vectors/relative-error.js";
import {withSite} from "../tests/browser/harness.js";
import {
  chooseRandom,
  demoFile,
  embeddingsOf,
  idle,
  nodeEmbeddings,
  pick,
  reaches,
  runButton,
  settled,
  stageIs
} from "../tests/browser/workbook-page.js";

const {values: options} = parseArgs({
  options: {only: {type: "string"}, cells: {type: "string"}, large: {type: "string"}, rest: {type: "string"}}
});
const patience = 900_000;
const rest = Number(options.rest ?? 2000);
let missed = 0;

function tell(check: string, passed: boolean, facts: Record<string, unknown>): void {
  if (!passed) missed += 1;
  process.stdout.write(`${JSON.stringify({check, passed, ...facts})}\n`);
}

/** Ends what runs. */
async function cancel(page: Page): Promise<void> {
  const button = page.locator(".wb-run-bar").getByRole("button", {name: "Cancel"});
  if (await button.isEnabled()) await button.click();
  await idle(page);
}

/** Chooses `n` random cells of the file that is open and waits for their vectors, pressing Run where that is waited for. */
async function embedRandom(page: Page, n: number): Promise<void> {
  await chooseRandom(page, n);
  await page.waitForFunction(
    (n) => document.querySelector<HTMLElement>(".wb-run")?.dataset["address"]?.includes(`"n":${n}`),
    n
  );
  const vectors = page.waitForSelector('[data-stage="embed"][data-state="done"]', {timeout: patience});
  await page.waitForSelector('.wb-run[data-running="true"], .wb-run-bar button:enabled:not([hidden])');
  if (await runButton(page).isEnabled()) await runButton(page).click();
  await vectors;
}

/** Opens a file, cancels what begins by itself, and embeds `n` random cells. */
async function embed(page: Page, path: string, name: string, n: number): Promise<void> {
  await pick(page, path);
  if ((await settled(page, name, patience)) !== "open") throw new Error(`${name} was refused`);
  await cancel(page);
  await embedRandom(page, n);
}

async function compare(check: string, page: Page, path: string, name: string, n: number): Promise<void> {
  await embed(page, path, name, n);
  const ours = await embeddingsOf(page);
  const reference = await nodeEmbeddings(path, ours.rows);
  const error = relativeError(ours.vectors, reference.vectors, ours.vectors.length / ours.width, ours.width);
  tell(check, error <= 1e-3, {file: name, cells: ours.rows.length, relativeError: error});
}

async function wasm(): Promise<void> {
  const folder = "../shared/data/cells";
  if (!existsSync(folder)) return void process.stdout.write(`${folder} is not here: wasm is skipped\n`);
  await withSite({coi: true}, async ({url, newPage}) => {
    const page = await newPage();
    await page.goto(`${url}?backend=wasm`);
    for (const name of readdirSync(folder)
      .filter((name) => name.endsWith(".h5ad"))
      .sort()) {
      await compare("wasm", page, join(folder, name), name, Number(options.cells ?? 50));
    }
  });
}

async function webgpu(): Promise<void> {
  const demo = demoFile();
  try {
    await withSite({coi: true, webgpu: true}, async ({url, newPage}) => {
      const page = await newPage();
      await page.goto(`${url}?backend=webgpu`);
      await compare("webgpu", page, demo.path, "cells.h5ad", 4);
    });
  } finally {
    demo.remove();
  }
}

/** Resident bytes of all renderer processes of the browsers that this process started, added up (Linux); workers live in them. */
function rendererBytes(): number {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .reduce((sum, pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("--type=renderer") || !descends(pid)) return sum;
        return sum + Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
      } catch {
        return sum;
      }
    }, 0);
}

/** What the renderers hold while nothing runs: the most of ten looks, after the page's garbage is collected. */
async function idleBytes(page: Page): Promise<number> {
  await page.waitForTimeout(rest);
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  await session.detach();
  let most = 0;
  for (let look = 0; look < 10; ++look) {
    await page.waitForTimeout(rest / 10);
    most = Math.max(most, rendererBytes());
  }
  return most;
}

function descends(pid: string): boolean {
  for (let at = Number(pid); at > 1;) {
    if (at === process.pid) return true;
    at = Number(/PPid:\s+(\d+)/.exec(readFileSync(`/proc/${at}/status`, "utf8"))?.[1] ?? 0);
  }
  return false;
}

async function large(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "large-"));
  const path = options.large ?? join(folder, "large.h5ad");
  try {
    if (!existsSync(path)) {
      const {status} = spawnSync(process.execPath, ["--import", "tsx", "scripts/make-large-h5ad.ts", path], {
        stdio: ["ignore", 2, 2]
      });
      if (status !== 0) throw new Error("the large file could not be made");
    }
    await withSite({coi: true}, async ({url, newPage}) => {
      const page = await newPage();
      await page.goto(`${url}?backend=wasm`);
      await reaches(page, "embed", 1, patience);
      await cancel(page);
      const before = await idleBytes(page);
      let peak = before;
      const watch = setInterval(() => (peak = Math.max(peak, rendererBytes())), 50);
      const name = path.split("/").at(-1)!;
      const start = performance.now();
      await pick(page, path);
      await settled(page, name, patience);
      const opened = performance.now() - start;
      tell("large-open", opened < 3000, {milliseconds: Math.round(opened)});
      const begun = performance.now();
      await embedRandom(page, Number(options.cells ?? 100));
      const grown = (peak - before) / 1e6;
      tell("large-memory", grown < 500, {
        idleMegabytes: Math.round(before / 1e6),
        grownMegabytes: Math.round(grown),
        seconds: Math.round((performance.now() - begun) / 1000)
      });
      clearInterval(watch);
      await stageIs(page, "umap", "done", patience);
      await page.check('.wb-settings input[type=radio][value="all"]');
      await runButton(page).click();
      await page.waitForSelector(
        '[data-stage="load"][data-state="running"], [data-stage="embed"][data-state="running"]',
        {timeout: patience}
      );
      await page.waitForTimeout(rest / 4);
      const ended = await page.evaluate(async () => {
        const start = performance.now();
        Array.from(document.querySelectorAll<HTMLElement>(".wb-run-bar button"))
          .find((button) => button.textContent === "Cancel")!
          .click();
        while (document.querySelector('[data-state="running"], .wb-run[data-running="true"]') !== null)
          await new Promise((resolve) => setTimeout(resolve, 5));
        return performance.now() - start;
      });
      tell("large-cancel", ended < 1000, {milliseconds: Math.round(ended)});
    });
  } finally {
    rmSync(folder, {recursive: true});
  }
}

const checks = {wasm, webgpu, large};
for (const [name, check] of Object.entries(checks))
  if (options.only === undefined || options.only === name) await check();
if (missed > 0) process.exitCode = 1;
