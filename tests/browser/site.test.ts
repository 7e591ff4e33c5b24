import type {Page} from "playwright-core";
import {describe, expect, test, vi} from "vitest";
import {fileBrowser, fileSite} from "./file-site.js";
import {type SiteUse, withSite} from "./harness.js";

// The first test of a fresh clone compiles every package that pages use, on two busy cores.
vi.setConfig({testTimeout: 180_000});

const ways: {name: string; use: SiteUse; isolated: boolean}[] = [
  {name: "the built site at /, isolated by its service worker", use: {}, isolated: true},
  {name: "the built site at /repo/, isolated by its service worker", use: {base: "/repo/"}, isolated: true},
  {name: "the built site at /, isolated by headers", use: {coi: true}, isolated: true},
  {name: "the built site at /repo/, not isolated", use: {base: "/repo/", serviceWorkers: "none"}, isolated: false},
  {name: "preview, isolated by headers", use: {mode: "preview", coi: true}, isolated: true},
  {name: "preview without headers, not isolated", use: {mode: "preview"}, isolated: false}
];

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

describe.each(ways)("the workbook: $name", ({use, isolated}) => {
  const site = fileSite({...use, browser});

  test("opens, asks no other machine, logs no error, and needs few files", async () => {
    const page = await site().newPage();
    const asked: string[] = [];
    page.context().on("request", (request) => asked.push(request.url()));
    await open(page, site().url, isolated);
    expect(await page.locator("h1").first().isVisible()).toBe(true);
    expect(await page.title()).toContain("UCE workbook");
    expect(await page.evaluate(() => document.documentElement.lang)).toBe("en");
    // The demo begins without a click: its file is read, its sentences are made, the model embeds.
    await page.waitForSelector('[data-stage="embed"][data-state="running"]', {timeout: 90_000});
    // Preview compiles each module when it is asked for; of the built site a visitor loads few files, twice where isolation takes a reload.
    if (use.mode !== "preview") expect(new Set(asked).size, asked.join("\n")).toBeLessThan(60);
  });

  if (use.serviceWorkers !== "none" || use.base !== "/repo/") return;

  test("scrolls in one direction only at a phone's width", async () => {
    const page = await site().newPage({viewport: {width: 390, height: 844}});
    await page.goto(site().url);
    await page.waitForLoadState("networkidle");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
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

describe.each(ways)("in a module worker: $name", ({use, isolated}) => {
  const hasGpu = isolated && (use.mode === "preview" || use.base === "/repo/");
  const site = fileSite({...use, site: fixture, browser: hasGpu ? imitated : browser});

  test("every library works", async () => {
    const page = await site().newPage();
    await ready(page, site().url, isolated);
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
  });

  if (use.mode !== "preview" && (use.coi === true || use.serviceWorkers === "none"))
    test("model files are found from a page in a folder of the site", async () => {
      const page = await site().newPage();
      await ready(page, `${site().url}deep/page`, isolated);
      expect(await page.evaluate(() => (window as unknown as ProbeWindow).probes.model("weights.bin"))).toEqual([
        1, 2, 3
      ]);
    });

  if (hasGpu)
    test.each(["jspi", "asyncify"])(
      "onnxruntime's build %s is chosen at run time, and runs on wasm and WebGPU",
      async (build) => {
        const page = await site().newPage();
        await ready(page, site().url, true);
        const runs = await page.evaluate(async (build) => {
          const {startProbes, model} = window as unknown as ProbeWindow;
          const {probes, stop} = startProbes();
          const runs = [await probes.onnx(build, "wasm", model, 2), await probes.onnx(build, "webgpu", model, 2)];
          stop();
          return runs;
        }, build);
        expect(runs).toEqual([
          {y: [1, 3, 5, 7], threads: 2},
          {y: [1, 3, 5, 7], threads: 2}
        ]);
      }
    );
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
