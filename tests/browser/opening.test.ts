import {copyFileSync} from "node:fs";
import {join} from "node:path";
import {afterAll, beforeAll, expect, test, vi} from "vitest";
import {identityOfFile} from "./identity-of-file.js";
import {fileSite} from "./file-site.js";
import {quiet} from "./quiet.js";
import {
  demoFile,
  idle,
  noticesOf,
  pick,
  reaches,
  runButton,
  settled,
  shorten,
  stageIs,
  tableOf,
  wordsOf
} from "./workbook-page.js";

vi.setConfig({testTimeout: 200_000});

const site = fileSite({coi: true, serviceWorkers: "none"});

let demo: ReturnType<typeof demoFile>;
beforeAll(() => {
  demo = demoFile();
});
afterAll(() => demo.remove());

const small = "tests/fixtures/anndata/compressed/lzf.h5ad";

test("a demo that cannot be fetched is told of, and leaves the file that is open; it is at hand once it can, runs, and can be canceled", async () => {
  const {url, newPage, faults} = site();
  const page = await newPage();
  await shorten(page, 64);
  const demoFiles = /demo[^/]*\.h5ad/;
  await page.context().route(demoFiles, (route) => route.abort("internetdisconnected"));
  await page.goto(url);
  await page.waitForSelector('.wb-data[data-state="error"]');
  expect(await page.innerText(".wb-data")).toMatch(/demo could not be fetched.*press Use the demo again/s);
  expect(await runButton(page).isDisabled()).toBe(true);

  await pick(page, small);
  expect(await settled(page, "lzf.h5ad")).toBe("open");
  await stageIs(page, "umap", "done");
  const address = page.url();
  await page.getByRole("button", {name: "Use the demo"}).click();
  await page.waitForSelector('.wb-notice[data-code="demo-unreachable"]');
  expect(await noticesOf(page)).toContainEqual({
    code: "demo-unreachable",
    message: expect.stringMatching(/demo could not be fetched.*a file of your own needs no connection/)
  });
  expect(await settled(page, "lzf.h5ad")).toBe("open");
  await stageIs(page, "umap", "done");
  expect(page.url()).toBe(address);

  await page.context().unroute(demoFiles);
  await page.getByRole("button", {name: "Use the demo"}).click();
  expect(await settled(page, "demo.h5ad")).toBe("open");
  expect((await noticesOf(page)).map(({code}) => code)).not.toContain("demo-unreachable");
  expect(await wordsOf(page)).not.toMatch(/demo could not be fetched/);
  await reaches(page, "embed", 8);
  await page.locator(".wb-run-bar").getByRole("button", {name: "Cancel"}).click();
  await idle(page);
  expect(await runButton(page).isEnabled()).toBe(true);
  expect((await noticesOf(page)).filter(({code}) => code !== "no-gpu")).toEqual([]);
  const expected = faults.filter((fault) => /demo[^/]*\.h5ad/.test(fault));
  expect(expected.length).toBeGreaterThan(0);
  for (const fault of expected) faults.splice(faults.indexOf(fault), 1);
});

/** Reading a file whose name begins with "slow" takes, as on a slow disk, until `window.turn` is called, which resolves when all that was asked for is read. */
const slowDisk = `{
  const slow = new WeakSet();
  const slice = Blob.prototype.slice;
  Blob.prototype.slice = function (...range) {
    const part = slice.apply(this, range);
    if (slow.has(this) || this.name?.startsWith("slow")) slow.add(part);
    return part;
  };
  const turned = new Promise((resolve) => (window.turn = () => (resolve(), Promise.all(reads))));
  const reads = [];
  const read = Blob.prototype.arrayBuffer;
  Blob.prototype.arrayBuffer = async function () {
    const bytes = (slow.has(this) ? turned : Promise.resolve()).then(() => read.call(this));
    if (slow.has(this)) reads.push(bytes);
    return bytes;
  };
}`;

test("while no file is open nothing can be run; the file picked last is the one that is opened, however long those before it take", async () => {
  const slow = join(demo.folder, "slow.h5ad");
  copyFileSync(demo.path, slow);
  const {url, newPage} = site();
  const page = await newPage();
  await shorten(page, 64);
  await page.addInitScript(slowDisk);
  await page.goto(`${url}?data=1-00&name=elsewhere.h5ad`);
  await page.waitForSelector('.wb-data[data-state="error"]');
  expect(await page.innerText(".wb-data")).toContain("his link refers to elsewhere.h5ad");
  expect(await runButton(page).isDisabled()).toBe(true);
  expect(await page.getByRole("button", {name: "Use the demo"}).isEnabled()).toBe(true);
  await pick(page, slow);
  await page.waitForSelector('.wb-data[data-state="reading"]');
  expect(await page.textContent(".wb-data-name")).toBe("slow.h5ad");
  await pick(page, small);
  expect(await settled(page, "lzf.h5ad")).toBe("open");
  await stageIs(page, "umap", "done");
  expect(await page.evaluate<unknown[]>("window.turn().then((reads) => reads.map(() => 1))")).not.toEqual([]);
  await quiet(page, 500);
  expect(await settled(page, "lzf.h5ad")).toBe("open");
  expect(new URL(page.url()).searchParams.get("data")).toBe(await identityOfFile(small));
  expect((await tableOf(page, "cells")).numRows).toBeLessThan(260);

  await pick(page, slow);
  await pick(page, small);
  await pick(page, slow);
  expect(await settled(page, "slow.h5ad")).toBe("open");
  expect(new URL(page.url()).searchParams.get("data")).toBe(await identityOfFile(slow));
});

test("a file that the site brings is opened where the address names it, by what is in it", async () => {
  const {url, newPage, faults} = site();
  const page = await newPage();
  await page.context().route("**/data/live/cells.h5ad", (route) => route.fulfill({path: small}));
  const open = async (data: string) => {
    await page.goto(
      `${url}stages/normalize?${new URLSearchParams({data, name: "cells.h5ad", from: "site"}).toString()}`
    );
    return settled(page, "cells.h5ad");
  };
  expect(await open("1-00")).toBe("error");
  expect(await open(await identityOfFile(small))).toBe("open");
  expect(new URL(page.url()).searchParams.get("from")).toBe("site");
  expect(faults).toEqual([]);
});
