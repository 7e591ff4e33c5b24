import type {Page} from "playwright-core";
import {describe, expect, test, vi} from "vitest";
import {fileBrowser} from "./file-site.js";
import {askedBy, expectIndex} from "./first-visit.js";
import {noIsolation, type SiteUse, withSite} from "./harness.js";
import {useInputs} from "./inputs-page.js";

// The first test of a fresh clone compiles every package that pages use, on two busy cores.
vi.setConfig({testTimeout: 180_000});

const ways: {name: string; use: SiteUse; isolated: boolean}[] = [
  {name: "the built site at /, isolated by its service worker", use: {}, isolated: true},
  {name: "the built site at /repo/, isolated by its service worker", use: {base: "/repo/"}, isolated: true},
  {name: "the built site at /, isolated by headers", use: {coi: true}, isolated: true},
  {name: "the built site at /repo/, not isolated", use: {base: "/repo/", serviceWorkers: "none"}, isolated: false}
];
/** Those that tests/browser/first-screen.test.ts visits from page to page. */
const visited = [ways[2], ways[3]];

const browser = fileBrowser();
/** One with an imitated GPU. */
const imitated = fileBrowser({webgpu: true});

/** Goes to a page and waits until isolation is as it should be, which a service worker takes one reload to reach. */
async function open(page: Page, url: string, isolated: boolean): Promise<void> {
  await page.goto(url);
  if (isolated) await page.waitForFunction(() => crossOriginIsolated);
  await page.waitForLoadState("load");
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(isolated);
}

/** The demo begins without a click: its file is read, its sentences are made, the model embeds. */
const begins = (page: Page) => page.waitForSelector('[data-stage="embed"][data-state="running"]', {timeout: 90_000});

test.each(ways.filter((way) => !visited.includes(way)))(
  "the workbook: $name opens, asks no other machine, logs no error, and needs few files",
  async ({use, isolated}) => {
    await withSite({...use, browser}, async ({url, newPage}) => {
      const page = await newPage();
      const asked = askedBy(page);
      await open(page, url, isolated);
      await expectIndex(page);
      await begins(page);
      // Of the built site a visitor loads few files, twice where isolation takes a reload.
      expect(asked.size, [...asked].join("\n")).toBeLessThan(60);
    });
  }
);

test("the workbook: preview, isolated by headers and without them, opens, asks no other machine and logs no error", async () => {
  await withSite({mode: "preview", coi: true, browser}, async ({url, newPage}) => {
    for (const isolated of [true, false]) {
      const page = await newPage(isolated ? {} : {extraHTTPHeaders: noIsolation});
      await open(page, url, isolated);
      await expectIndex(page);
      await begins(page);
      await page.context().close();
    }
  });
});

interface Probes {
  isolated(): Promise<boolean>;
  hdf5(file: File): Promise<number>;
  onnx(build: string, backend: string, model: ArrayBuffer, threads: number): Promise<{y: number[]; threads: number}>;
  arrow(): Promise<number>;
  umap(rows: number): Promise<number>;
  model(path: string): Promise<number[]>;
  report(onProgress: unknown): Promise<void>;
}

interface ProbeWindow {
  startProbes(): {probes: Probes; stop(): void};
  probes: Probes;
  proxied(callback: unknown): unknown;
  model: ArrayBuffer;
  hdf5: Blob;
}

const fixture = "tests/browser/fixture";

async function ready(page: Page, url: string, isolated: boolean): Promise<void> {
  await open(page, url, isolated);
  await page.waitForSelector("#ready", {state: "attached"});
}

/** Every library in the worker of a page that is ready. */
async function expectLibraries(page: Page, isolated: boolean): Promise<void> {
  const results = await page.evaluate(async () => {
    const {probes, proxied, hdf5, model} = window as unknown as ProbeWindow;
    const progress: number[] = [];
    await probes.report(proxied((value: number) => progress.push(value)));
    return {
      isolated: await probes.isolated(),
      hdf5: await probes.hdf5(new File([hdf5], "tiny.h5")),
      arrow: await probes.arrow(),
      umap: await probes.umap(30),
      weights: await probes.model("weights.bin"),
      table: await probes.model("parts/table.arrow"),
      onnx: await probes.onnx("wasm", "wasm", model, crossOriginIsolated ? 2 : 1),
      progress
    };
  });
  expect(results).toEqual({
    isolated,
    hdf5: 4950,
    arrow: 3,
    umap: 30,
    weights: [1, 2, 3],
    table: [4, 5],
    onnx: {y: [1, 3, 5, 7], threads: isolated ? 2 : 1},
    progress: [1, 2, 3]
  });
}

/** Each build of onnxruntime in workers of an isolated page that is ready, on wasm and WebGPU. */
async function expectBuilds(page: Page): Promise<void> {
  for (const build of ["jspi", "asyncify"]) {
    const runs = await page.evaluate(async (build) => {
      const {startProbes, model} = window as unknown as ProbeWindow;
      const {probes, stop} = startProbes();
      const runs = [await probes.onnx(build, "wasm", model, 2), await probes.onnx(build, "webgpu", model, 2)];
      stop();
      return runs;
    }, build);
    expect(runs, build).toEqual([
      {y: [1, 3, 5, 7], threads: 2},
      {y: [1, 3, 5, 7], threads: 2}
    ]);
  }
}

describe("in a module worker", () => {
  test.each(ways)("every library works: $name; model files are found from a folder", async ({use, isolated}) => {
    const hasGpu = isolated && use.base === "/repo/";
    await withSite({...use, site: fixture, browser: hasGpu ? imitated : browser}, async ({url, newPage}) => {
      const page = await newPage();
      await ready(page, url, isolated);
      await expectLibraries(page, isolated);
      if (hasGpu) await expectBuilds(page);
      await ready(page, `${url}deep/page`, isolated);
      const weights = page.evaluate(() => (window as unknown as ProbeWindow).probes.model("weights.bin"));
      expect(await weights).toEqual([1, 2, 3]);
    });
  });

  test("every library works in preview, isolated by headers and without them, and so do Observable Inputs", async () => {
    await withSite({mode: "preview", coi: true, site: fixture, browser: imitated}, async ({url, newPage}) => {
      const page = await newPage();
      await ready(page, url, true);
      await expectLibraries(page, true);
      await expectBuilds(page);
      await useInputs(page, url);
      const plain = await newPage({extraHTTPHeaders: noIsolation});
      await ready(plain, url, false);
      await expectLibraries(plain, false);
    });
  });
});

describe("the harness", () => {
  test("sees a request to another machine, a missing file, an error in the console and one that nothing caught", async () => {
    const run = withSite({site: fixture, serviceWorkers: "none", browser}, async ({url, newPage}) => {
      // A worker of a text, which the site's own policy would refuse.
      const page = await newPage({bypassCSP: true});
      await ready(page, url, false);
      await page.evaluate(async () => {
        await fetch("http://elsewhere.example/one").catch(() => undefined);
        await fetch("./missing").catch(() => undefined);
        console.error("said so");
        console.warn("doubted it");
        const source = `fetch("http://elsewhere.example/two").catch(() => undefined).finally(() => postMessage(0))`;
        const worker = new Worker(URL.createObjectURL(new Blob([source], {type: "text/javascript"})));
        await new Promise((resolve) => (worker.onmessage = resolve));
        setTimeout(() => {
          throw new Error("caught by nobody");
        });
        await new Promise((resolve) => setTimeout(resolve, 100));
      });
    });
    const message = await run.then(
      () => "",
      (error: Error) => error.message
    );
    expect(message).toContain("another machine: http://elsewhere.example/one");
    expect(message).toContain("another machine: http://elsewhere.example/two");
    expect(message).toMatch(/404: .*missing/);
    expect(message).toContain("console error: said so");
    expect(message).toContain("console warning: doubted it");
    expect(message).toContain("caught by nobody");
  });
});
