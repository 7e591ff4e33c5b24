import {afterAll, beforeAll, describe, expect, test, vi} from "vitest";
import type {Page} from "playwright-core";
import {selectRows} from "../../src/components/core/cells/select-rows.js";
import {relativeError} from "../../src/components/core/vectors/relative-error.js";
import {beforeWorker} from "./harm.js";
import {withSite} from "./harness.js";
import {
  demoFile,
  embeddingsOf,
  idle,
  keepLog,
  logOf,
  nodeEmbeddings,
  noticesOf,
  reaches,
  runButton,
  shorten,
  stageIs
} from "./workbook-page.js";

vi.setConfig({testTimeout: 300_000});

let demo: ReturnType<typeof demoFile>;
beforeAll(() => {
  demo = demoFile();
});
afterAll(() => demo.remove());

/** An imitated GPU takes about a second a sentence, however short. */
const genes = 32;
const rows = selectRows({mode: "random", n: 4, seed: 0}, 260)!;

/** What Node computes of them; once, for all runs. */
let onNode: ReturnType<typeof nodeEmbeddings> | undefined;

/** For the worker: a message on the channel "gpu" does the device in use a harm: "lose" destroys it, "refuse" lets it refuse a buffer, as one without memory does. */
const harmDevice = `{
  let device = null;
  const request = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (...wish) {
    return (device = await request.apply(this, wish));
  };
  const create = GPUDevice.prototype.createBuffer;
  new BroadcastChannel("gpu").onmessage = ({data}) => {
    if (data === "lose") device.destroy();
    else create.call(device, {size: 2 ** 40, usage: GPUBufferUsage.STORAGE});
  };
}
`;

/** Does a harm and waits until the page says what came of it. */
async function harm(page: Page, way: "lose" | "refuse", says: RegExp): Promise<void> {
  await page.evaluate((way) => new BroadcastChannel("gpu").postMessage(way), way);
  await page.locator('.wb-notice[data-code="reopened"]').getByText(says).waitFor();
}

/** Expects the vectors that Node computes, of the page's run number `run` on WebGPU, each of which embedded no cell twice. */
async function expectNodes(page: Page, run: number): Promise<Float32Array> {
  const embedded = async () => (await logOf(page)).rows;
  await expect.poll(async () => (await embedded()).length, {timeout: 120_000}).toBe(run * rows.length);
  await stageIs(page, "umap", "done");
  await idle(page);
  expect(await page.getAttribute(".wb-badge", "data-backend"), JSON.stringify(await noticesOf(page))).toBe("webgpu");
  onNode ??= nodeEmbeddings(demo.path, rows, genes);
  const [ours, reference] = [await embeddingsOf(page), await onNode];
  expect([...ours.rows]).toEqual([...reference.rows]);
  expect([...ours.status]).toEqual([...reference.status]);
  expect(relativeError(ours.vectors, reference.vectors, rows.length, ours.width)).toBeLessThan(1e-3);
  expect((await embedded()).slice((run - 1) * rows.length).toSorted((a, b) => a - b)).toEqual([...rows]);
  return ours.vectors;
}

/** Largest difference of any number of two tables of vectors. */
function apart(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

describe("WebGPU imitated on the processor", () => {
  test("is not taken by itself; asked for, it gives Node's vectors, also when its device is lost in mid-run or refuses a buffer", async () => {
    await withSite({coi: true, serviceWorkers: "none", webgpu: true}, async ({url, newPage}) => {
      const open = async (backend: string) => {
        const page = await newPage();
        await shorten(page, genes);
        await keepLog(page);
        await beforeWorker(page, harmDevice);
        await page.goto(`${url}?cells=random-4-0${backend}`);
        return page;
      };
      const asked = await open("");
      await asked.waitForSelector('.wb-notice[data-code="no-gpu"]');
      expect(await noticesOf(asked)).toContainEqual({
        code: "no-gpu",
        message: expect.stringMatching(/imitated on the processor.*wasm/i)
      });
      await stageIs(asked, "embed", "done");
      expect(await asked.getAttribute(".wb-badge", "data-backend")).toBe("wasm");
      await asked.context().close();

      const page = await open("&backend=webgpu");
      await reaches(page, "embed", 1);
      await harm(page, "lose", /lost/);
      await reaches(page, "embed", 2);
      await harm(page, "refuse", /ran out of memory on 1 sentences? .*opened again; nothing is lost/);
      const vectors = await expectNodes(page, 1);
      // The same without harm: no cell is taken from the store.
      await runButton(page).and(page.getByText("Run again")).click();
      expect(apart(await expectNodes(page, 2), vectors)).toBeLessThan(1e-6);
    });
  });
});
