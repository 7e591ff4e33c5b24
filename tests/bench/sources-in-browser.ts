// Opens the cells that tests/reference/source_bench.py made in Chromium, on the page of the built site, in each format, and waits for their sentences.
// Prints what docs/reading.md tells: seconds by the clock, and the most memory of the tab.
//   node --import tsx tests/bench/sources-in-browser.ts FOLDER
import {join} from "node:path";
import {openChromium} from "../browser/chromium.js";
import {serve} from "../browser/harness.js";
import {peakOfTabs} from "./peak-of-tabs.js";

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error("usage: sources-in-browser.ts FOLDER");
  process.exit(1);
}

const {url, stop} = await serve({coi: true});
const browser = await openChromium();
for (const name of ["cells.h5ad", "tenx.h5", "blosc.zarr", "zstd.zarr", "mtx"]) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(240_000);
  await page.goto(`${url}stages/sample`);
  await page.waitForSelector('[data-stage="sample"][data-state="done"]');
  const kind = name.includes(".h5") ? ":not([webkitdirectory])" : "[webkitdirectory]";
  const begun = performance.now();
  await page.locator(`.wb-data input${kind}`).setInputFiles(join(folder, name));
  await page.waitForFunction((name) => document.querySelector(".wb-data-name")?.textContent === name, name);
  await page.waitForSelector('.wb-data[data-state="open"]');
  const open = performance.now() - begun;
  await page.waitForFunction((name) => {
    const strip = document.querySelector<HTMLElement & {stage: {file: {name: string}; address: string} | null}>(
      ".wb-run"
    );
    if (strip?.stage?.file.name !== name || strip.dataset["address"] !== strip.stage.address) return false;
    return strip.querySelector('[data-stage="sample"]')?.getAttribute("data-state") === "done";
  }, name);
  const all = performance.now() - begun;
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
  console.log(`| ${name} | ${seconds(open)} | ${seconds(all)} | ${(peakOfTabs() / 1000).toFixed(0)} |`);
  await context.close();
}
await browser.close();
await stop();
