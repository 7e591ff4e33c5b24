import type {Page} from "playwright-core";
import {expect} from "vitest";

interface Probes {
  isolated(): Promise<boolean>;
  hdf5(file: File): Promise<number>;
  onnx(build: string, backend: string, model: ArrayBuffer, threads: number): Promise<{y: number[]; threads: number}>;
  arrow(): Promise<number>;
  umap(rows: number): Promise<number>;
  model(path: string): Promise<number[]>;
  report(onProgress: unknown): Promise<void>;
}

/** What the fixture's pages of probes hold. */
export interface ProbeWindow {
  startProbes(): {probes: Probes; stop(): void};
  probes: Probes;
  proxied(callback: unknown): unknown;
  model: ArrayBuffer;
  hdf5: Blob;
}

/** Goes to a page and waits until isolation is as it should be, which a service worker takes one reload to reach. */
export async function openIsolated(page: Page, url: string, isolated: boolean): Promise<void> {
  await page.goto(url);
  if (isolated) await page.waitForFunction(() => crossOriginIsolated);
  await page.waitForLoadState("load");
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(isolated);
}

/** The demo begins without a click: its file is read, its sentences are made, the model embeds. */
export const begins = (page: Page) =>
  page.waitForSelector('[data-stage="embed"][data-state="running"]', {timeout: 90_000});

/** Goes to a page of probes, as `openIsolated`, and waits until its worker can be asked. */
export async function ready(page: Page, url: string, isolated: boolean): Promise<void> {
  await openIsolated(page, url, isolated);
  await page.waitForSelector("#ready", {state: "attached"});
}

/** Every library in the worker of a page that is ready. */
export async function expectLibraries(page: Page, isolated: boolean): Promise<void> {
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
export async function expectBuilds(page: Page): Promise<void> {
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
