// node --import tsx scripts/measure-map.ts [--cells 50000] [--out src/data/map-frames.json] [--tries 3] [--steps 60] [--rest 400] [--more]: frames of the maps of the
// gallery, with made-up cells and real input (wheel, drag, keys, a select; so many steps of each movement, so many milliseconds of rest before each), in headless Chromium without a GPU. Other work on the
// machine can only add to a frame, so of a few tries the one with the shortest longest frame is kept, and the number of
// tries is in the file, and the machine's load. With --more the tries are added to those that the file has of this machine.
import {readFileSync, writeFileSync} from "node:fs";
import {cpus, loadavg} from "node:os";
import {parseArgs} from "node:util";
import type {Locator, Page} from "playwright-core";
import {withSite} from "../tests/browser/harness.js";

const {values} = parseArgs({
  options: {
    cells: {type: "string", default: "50000"},
    out: {type: "string", default: "src/data/map-frames.json"},
    tries: {type: "string", default: "3"},
    steps: {type: "string", default: "60"},
    rest: {type: "string", default: "400"},
    more: {type: "boolean", default: false}
  }
});

const steps = Number(values.steps);
const rest = Number(values.rest);

/** Frames while something was done. */
interface Frames {
  name: string;
  /** Maps of `cells` points that are drawn anew meanwhile. */
  maps: number;
  frames: number;
  seconds: number;
  framesPerSecond: number;
  /** Milliseconds between frames: the 95th percentile, the longest. */
  p95: number;
  longest: number;
}

/** As text, because tsx names functions by a helper that the page does not have. */
const watchFrames = `{
  window.frameGaps = [];
  window.frameStop = false;
  let last = NaN;
  const tick = (now) => {
    if (Number.isFinite(last)) window.frameGaps.push(now - last);
    last = now;
    if (!window.frameStop) requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}`;

/** Counts frames while `act` drives the page's own input. */
async function measure(page: Page, name: string, maps: number, act: () => Promise<void>): Promise<Frames> {
  await page.waitForTimeout(rest);
  await page.evaluate(watchFrames);
  await act();
  // The whole picture that follows a movement belongs to it.
  await page.waitForTimeout((3 * rest) / 4);
  const gaps = await page.evaluate<number[]>("window.frameStop = true, window.frameGaps");
  gaps.sort((a, b) => a - b);
  const total = gaps.reduce((sum, gap) => sum + gap, 0);
  const round = (value: number, digits: number): number => Number(value.toFixed(digits));
  return {
    name,
    maps,
    frames: gaps.length,
    seconds: round(total / 1000, 2),
    framesPerSecond: round((1000 * gaps.length) / total, 1),
    p95: round(gaps[Math.floor(0.95 * (gaps.length - 1))], 1),
    longest: round(gaps.at(-1)!, 1)
  };
}

async function zoomAndBack(page: Page, canvas: Locator): Promise<void> {
  const box = (await canvas.boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.45, box.y + box.height * 0.5);
  for (let k = 0; k < steps; ++k) {
    await page.mouse.wheel(0, k < steps / 2 ? -60 : 60);
    await page.waitForTimeout(16);
  }
}

async function panAbout(page: Page, canvas: Locator): Promise<void> {
  const box = (await canvas.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let k = 1; k <= steps; ++k) {
    await page.mouse.move(x + 120 * Math.sin(k / 8), y + 90 * Math.sin(k / 5));
    await page.waitForTimeout(16);
  }
  await page.mouse.up();
}

async function hoverAbout(page: Page, canvas: Locator): Promise<void> {
  const box = (await canvas.boundingBox())!;
  for (let k = 0; k < steps; ++k) {
    await page.mouse.move(
      box.x + box.width * (0.5 + 0.3 * Math.sin(k / 9)),
      box.y + box.height * (0.5 + 0.3 * Math.cos(k / 7))
    );
    await page.waitForTimeout(16);
  }
}

/** Chooses each option of a select in turn, twice, by keys; so many steps at the most. */
async function recolor(page: Page, select: Locator): Promise<void> {
  const options = await select.locator("option:not([hidden])").count();
  await select.focus();
  for (let k = 0; k < Math.min(2 * options, steps); ++k) {
    await page.keyboard.press(k === options ? "Home" : "ArrowDown");
    await page.waitForTimeout(120);
  }
}

async function lassoRound(page: Page, canvas: Locator): Promise<void> {
  const box = (await canvas.boundingBox())!;
  const at = (angle: number): [number, number] => [
    box.x + box.width * (0.5 + 0.3 * Math.cos(angle)),
    box.y + box.height * (0.52 + 0.3 * Math.sin(angle))
  ];
  await page.mouse.move(...at(0));
  await page.mouse.down();
  const corners = Math.min(40, steps);
  for (let k = 1; k <= corners; ++k) {
    await page.mouse.move(...at((k / corners) * 2 * Math.PI));
    await page.waitForTimeout(16);
  }
  await page.mouse.up();
}

async function measureAll(page: Page): Promise<Frames[]> {
  const one = page.locator(".gallery-map .wb-map-canvas");
  const linked = page.locator(".wb-linked .wb-map-canvas").first();
  const found: Frames[] = [];
  await one.scrollIntoViewIfNeeded();
  await one.focus();
  found.push(await measure(page, "zoom by wheel", 1, () => zoomAndBack(page, one)));
  await page.keyboard.press("+");
  found.push(await measure(page, "pan by drag", 1, () => panAbout(page, one)));
  await page.keyboard.press("0");
  found.push(await measure(page, "hover", 1, () => hoverAbout(page, one)));
  found.push(await measure(page, "recolor", 1, () => recolor(page, page.locator("form:has(+ .gallery-map) select"))));
  await page.locator(".wb-linked").scrollIntoViewIfNeeded();
  await linked.focus();
  found.push(await measure(page, "zoom by wheel, beside two other maps", 1, () => zoomAndBack(page, linked)));
  await page.keyboard.press("0");
  found.push(await measure(page, "hover on linked maps and their table", 3, () => hoverAbout(page, linked)));
  found.push(await measure(page, "recolor linked maps", 3, () => recolor(page, page.getByLabel("Column to color by"))));
  await page.locator(".wb-linked").getByRole("button", {name: "Select with a lasso"}).first().click();
  found.push(await measure(page, "select on linked maps by lasso", 3, () => lassoRound(page, linked)));
  return found;
}

/** What the file holds. */
interface Report {
  cells: number;
  date: string;
  machine: {cpu: string; cores: number; browser: string; viewport: number[]};
  /** Processes that wanted a core when it began, on average of a minute: other work makes frames longer. */
  load: number;
  tries: number;
  runs: Frames[];
}

const load = loadavg()[0];
const tries: Frames[][] = [];
let browserVersion = "";
await withSite({site: "tests/gallery"}, async ({url, browser, newPage}) => {
  browserVersion = browser.version();
  for (let k = 0; k < Number(values.tries); ++k) {
    const page = await newPage({viewport: {width: 1280, height: 900}});
    await page.goto(`${url}gallery?cells=${values.cells}`);
    await page.waitForSelector(".wb-celltable");
    await page.waitForTimeout(4 * rest);
    tries.push(await measureAll(page));
    await page.context().close();
  }
});
const [cpu] = cpus();
const machine = {
  cpu: cpu.model,
  cores: cpus().length,
  browser: `Chromium ${browserVersion}, headless, no GPU`,
  viewport: [1280, 900]
};
const report: Report = {
  cells: Number(values.cells),
  date: new Date().toISOString().slice(0, 10),
  machine,
  load: Number(load.toFixed(1)),
  tries: tries.length,
  runs: tries[0]
};
const earlier = values.more ? (JSON.parse(readFileSync(values.out, "utf8")) as Report) : null;
if (earlier !== null) {
  if (earlier.cells !== report.cells || JSON.stringify(earlier.machine) !== JSON.stringify(machine))
    throw new Error(`${values.out} is of another machine or number of cells`);
  tries.push(earlier.runs);
  report.tries += earlier.tries;
}
report.runs = tries[0].map((_, i) =>
  tries.map((frames) => frames[i]).reduce((a, b) => (b.longest < a.longest ? b : a))
);
writeFileSync(values.out, `${JSON.stringify(report, null, 2)}\n`);
for (const {name, framesPerSecond, p95, longest} of report.runs) {
  process.stdout.write(`${name}: ${framesPerSecond} frames a second, 95 % under ${p95} ms, longest ${longest} ms\n`);
}
