// A checkpoint of the published size in Chromium, from end to end: made here, converted on the page of the built site from a local host, then without that
// host: after a reload demo cells are embedded from the browser's store, and compared with float64 vectors of the unfolded checkpoint (numpy).
//   node --import tsx tests/bench/full-size.ts --pack DIR      all that a Linux machine with Node, Chromium and numpy needs, once the site is built
//   CHROMIUM=PATH node DIR/full-size.mjs [--gpu real|imitated|none] [--checkpoint FOLDER] [--cells 24] [--python python3] [--file H5AD]
// With --file all cells of that file are embedded on the page too, and its rate from end to end is told; with --cells 0 nothing is compared.
import {execFileSync, spawn} from "node:child_process";
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {cpus, tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";
import {parseArgs} from "node:util";
import {chromium, type Browser, type Page} from "playwright-core";
import {gpuFlags, type GpuKind} from "../../scripts/bench/gpu-flags.js";
import {writeLargeCheckpoint} from "../../scripts/large-checkpoint.js";
import {readEmbeddings} from "../../src/components/core/tables/embeddings.js";
import {tableFromBytes} from "../../src/components/core/tables/file.js";
import {relativeError} from "../../src/components/core/vectors/relative-error.js";
import {hostCheckpoint} from "./checkpoint-host.js";
import {peakOfTabs} from "./peak-of-tabs.js";

const {values} = parseArgs({
  options: {
    pack: {type: "string"},
    gpu: {type: "string", default: "real"},
    checkpoint: {type: "string"},
    cells: {type: "string", default: "24"},
    python: {type: "string", default: "python3"},
    file: {type: "string"}
  }
});
const folder = dirname(fileURLToPath(import.meta.url));
const seconds = (since: number) => ((performance.now() - since) / 1000).toFixed(1);
const say = (line: string) => void process.stdout.write(`${line}\n`);

if (values.pack !== undefined) await (await import("./pack-full-size.js")).packFullSize(values.pack);
else await main();

async function main(): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), "full-size-"));
  try {
    say(`${cpus().length} x ${cpus()[0].model}; Node ${process.version}; ${new Date().toISOString()}`);
    const begun = performance.now();
    const checkpoint = values.checkpoint ?? join(scratch, "checkpoint");
    if (!existsSync(join(checkpoint, "model.safetensors"))) {
      await writeLargeCheckpoint(checkpoint);
      say(`checkpoint: 3.1 GB written in ${seconds(begun)} s`);
    }
    await inBrowser(checkpoint, scratch);
  } finally {
    rmSync(scratch, {recursive: true, force: true});
  }
}

async function inBrowser(checkpoint: string, scratch: string): Promise<void> {
  const {url, stop} = await serveSite();
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    headless: true,
    chromiumSandbox: false,
    args: ["--no-first-run", "--disable-background-networking", ...gpuFlags(values.gpu as GpuKind)]
  });
  try {
    say(`Chromium ${browser.version()}`);
    const context = await browser.newContext({acceptDownloads: true});
    context.setDefaultTimeout(580_000);
    const page = await context.newPage();
    const hash = await convert(browser, page, `${url}models`, checkpoint);
    const outside: string[] = [];
    await context.route(
      (address) => !address.href.startsWith(url) && /^https?:$/.test(address.protocol),
      (route) => (outside.push(route.request().url()), route.abort())
    );
    for (const backend of Number(values.cells) === 0 ? [] : values.gpu === "none" ? ["wasm"] : ["webgpu", "wasm"]) {
      const cells = backend === "wasm" && values.gpu !== "none" ? 4 : Number(values.cells);
      const choice = `?model=${hash}&backend=${backend}&cells=random-${cells}-1`;
      await embedAndCompare(page, `${url}stages/embed${choice}`, checkpoint, scratch);
      // What one backend has computed, the other would find.
      await forgetResults(page);
    }
    if (values.file !== undefined) {
      await embedFile(page, `${url}stages/embed?model=${hash}&backend=${values.gpu === "none" ? "wasm" : "webgpu"}`);
    }
    say(outside.length === 0 ? "no other host was asked" : `FAILS: other hosts were asked: ${outside.join(" ")}`);
    if (outside.length > 0) process.exitCode = 1;
  } finally {
    await browser.close();
    stop();
  }
}

/** Serves the site in a process of its own, isolated. */
async function serveSite(): Promise<{url: string; stop(): void}> {
  const script = [join(folder, "serve.js"), "--port", "0", "--coi", "--root", join(folder, "site")];
  const child = spawn(process.execPath, script, {stdio: ["ignore", "pipe", "inherit"]});
  for await (const chunk of child.stdout) {
    const address = / at (http:\/\/\S+)\n/.exec(String(chunk));
    if (address !== null) return {url: address[1], stop: () => void child.kill()};
  }
  throw new Error("the site's server has ended");
}

/** Converts on the page "Choose a model"; the hash of the model. The host is gone afterwards. */
async function convert(browser: Browser, page: Page, address: string, checkpoint: string): Promise<string> {
  const host = await hostCheckpoint(checkpoint);
  const progress = page.locator(".wb-model-progress");
  await page.goto(address);
  await page.locator(".wb-model-offers input[type=url]").first().fill(host.address);
  await page.keyboard.press("Enter");
  await page.locator(".wb-model-consent h3").waitFor();
  let peak = 0;
  const watch = setInterval(() => (peak = Math.max(peak, peakOfTabs())), 500);
  const begun = performance.now();
  await page.locator(".wb-model-consent .wb-button-main").click();
  const steps: string[] = [];
  let step = "";
  while (!/[?&]model=[0-9a-f]{64}/.test(page.url())) {
    const now = (await progress.getAttribute("data-step", {timeout: 1000}).catch(() => null)) ?? step;
    if (now !== step) steps.push(`${(step = now)} from ${seconds(begun)} s`);
    const faults = await page.locator(".wb-model .wb-notice[data-severity=error]").allTextContents();
    if (faults.length > 0) throw new Error(faults.join("\n"));
    await page.waitForTimeout(100);
  }
  clearInterval(watch);
  say(`converted in ${seconds(begun)} s (${steps.join(", ")})`);
  say(`${(host.sent() / 1e6).toFixed(0)} MB sent; ${(peak / 1e6).toFixed(2)} GB resident at most in one tab`);
  host.close();
  if (!browser.isConnected()) throw new Error("the browser has ended");
  return new URL(page.url()).searchParams.get("model")!;
}

/** Embeds cells of the demo after a reload, from the store, and says how far they are from the float64 reference. */
async function embedAndCompare(page: Page, address: string, checkpoint: string, scratch: string): Promise<void> {
  await page.goto(address);
  await page.reload();
  const begun = performance.now();
  const run = page.locator(".wb-run .wb-button-main:enabled");
  const save = page.getByRole("button", {name: "Download (Arrow)"}).first();
  while (!(await save.isVisible())) {
    if (await run.isVisible()) await run.click();
    const faults = await page.locator(".wb-run .wb-notice[data-severity=error]").allTextContents();
    if (faults.length > 0) throw new Error(faults.join("\n"));
    await page.waitForTimeout(200);
  }
  const [device, took] = [await page.innerText(".wb-run .wb-badge"), seconds(begun)];
  const [file] = await Promise.all([page.waitForEvent("download"), save.click()]);
  const {rows, vectors, width} = readEmbeddings(tableFromBytes(readFileSync(await file.path())));
  const sentences = JSON.parse(readFileSync(join(folder, "sentences.json"), "utf8")) as number[][];
  const reference = referenceOf(
    Array.from(rows, (row) => sentences[row]),
    checkpoint,
    scratch
  );
  const error = relativeError(vectors, reference, rows.length, width);
  const shifted = reference.map((_, i) => reference[(i + width) % reference.length]);
  const other = relativeError(shifted, reference, rows.length, width);
  const limit = device.startsWith("WebGPU") ? 0.02 : 1e-3;
  say(`${device}: ${rows.length} cells ${took} s after the reload, opening included`);
  say(
    `  relative error to float64 ${error.toExponential(2)} (limit ${limit}); another cell's vector: ${other.toFixed(2)}`
  );
  if (!(error <= limit && other > 0.5)) process.exitCode = 1;
}

/** All cells of the file of the option: milliseconds a cell from end to end, from its first quarter on, when batches have grown. */
async function embedFile(page: Page, address: string): Promise<void> {
  const card = '[data-stage="embed"]';
  for (const again of [false, true]) {
    await page.goto(address);
    const all = page.locator(".wb-cells label").first();
    const before = await all.textContent();
    await page.setInputFiles(".wb-data input[type=file]", values.file!);
    // A file of its own number of cells: of many, a choice is made that is not all of them.
    while ((await all.textContent()) === before) await page.waitForTimeout(50);
    await all.locator("input").evaluate((radio: HTMLInputElement) => {
      radio.checked = true;
      radio.dispatchEvent(new Event("input", {bubbles: true}));
    });
    // What takes less than a minute, by the pace known of this device, begins by itself.
    const run = page.locator(".wb-run .wb-button-main:enabled, [data-stage=embed][data-state=running]").first();
    await run.waitFor();
    if (await run.evaluate((element) => element.matches("button"))) await run.click();
    const times = await page.evaluate(async (selector) => {
      const seen: [number, number, number][] = [];
      for (;;) {
        const {state, done, total} = document.querySelector<HTMLElement>(selector)!.dataset;
        if (seen.at(-1)?.[1] !== Number(done)) seen.push([performance.now(), Number(done), Number(total)]);
        if (state === "done" || state === "error") return seen;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }, card);
    const [end, total] = times.at(-1)!;
    const [begin, done] = times.find(([, count]) => 4 * count >= total)!;
    const [toldAt, told] = times.find(([, count]) => count > 0)!;
    const first = toldAt - times[0][0];
    say(`${await page.innerText(".wb-run .wb-badge")}`);
    say(
      `  ${total} cells of a file${again ? ", again" : ""}: ${((end - begin) / (total - done)).toFixed(3)} ms a cell from end to end, ` +
        `${((end - toldAt) / (total - told)).toFixed(3)} from the first ${told} on, ` +
        `first batch after ${(first / 1000).toFixed(1)} s, all after ${((end - times[0][0]) / 1000).toFixed(1)} s`
    );
    // What was computed last is stored beside.
    await page.waitForSelector('.wb-run[data-running="false"]');
    await forgetResults(page);
  }
}

/** Float64 vectors of the unfolded checkpoint, one after another. */
function referenceOf(sentences: readonly number[][], checkpoint: string, scratch: string): Float64Array {
  const [asked, answer] = [join(scratch, "sentences.json"), join(scratch, "vectors.json")];
  writeFileSync(asked, JSON.stringify(sentences));
  const begun = performance.now();
  execFileSync(values.python, [join(folder, "full-size-reference.py"), checkpoint, asked, answer], {stdio: "inherit"});
  say(`reference: ${sentences.length} cells in float64 in ${seconds(begun)} s`);
  return Float64Array.from((JSON.parse(readFileSync(answer, "utf8")) as number[][]).flat());
}

/** Removes the results that the browser keeps, and none of its models. */
async function forgetResults(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle("uce-workbook-1");
    for await (const name of (root as unknown as {keys(): AsyncIterable<string>}).keys())
      if (name !== "models") await root.removeEntry(name, {recursive: true});
  });
}
