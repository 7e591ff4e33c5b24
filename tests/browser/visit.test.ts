import {copyFileSync, mkdtempSync, rmSync, truncateSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {Page} from "playwright-core";
import {afterAll, beforeAll, expect, test, vi} from "vitest";
import {folderBundle} from "../../src/components/adapters/node-files.js";
import {openBundle} from "../../src/components/core/model/open-bundle.js";
import {ensureDemoModel} from "../../src/components/runtime/demo-model.js";
import {fileSite} from "./file-site.js";
import {denyStorage} from "./harm.js";
import {identityOfFile} from "./identity-of-file.js";
import {pick, settled, wordsOf} from "./workbook-page.js";

vi.setConfig({testTimeout: 120_000});

const site = fileSite({coi: true, serviceWorkers: "none"});
let folder: string;
/** Two small files. */
let mine: string;
let other: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "visit-"));
  [mine, other] = ["mine.h5ad", "other.h5ad"].map((name) => join(folder, name));
  copyFileSync("tests/fixtures/anndata/compressed/lzf.h5ad", mine);
  copyFileSync("tests/fixtures/anndata/values-empty-cells.h5ad", other);
});
afterAll(() => rmSync(folder, {recursive: true}));

/** A page that remembers a slow device, so that nothing is embedded unasked: what is tested is the file. */
async function calmPage(): Promise<Page> {
  const page = await site().newPage();
  const {hash} = await openBundle(folderBundle(await ensureDemoModel()));
  const pace = JSON.stringify([[hash, 60_000]]);
  await page.addInitScript(`localStorage.setItem("workbook-ms-per-cell", ${JSON.stringify(pace)})`);
  return page;
}

/** Takes faults that a test may provoke, by the file that it takes or takes away, from what went wrong. */
function mayHappen(words: RegExp): void {
  const {faults} = site();
  faults.splice(0, faults.length, ...faults.filter((fault) => !words.test(fault)));
}

/** Numbers of the UMAP chapter: neighbors, minimum distance, seed. */
const layout = ".wb-layout-input input[type=number]";

/** Opens a file on a page, and waits for its copy. */
async function open(page: Page, path: string, name: string): Promise<void> {
  await pick(page, path);
  expect(await settled(page, name)).toBe("open");
  await kept(page, name);
}

const kept = (page: Page, name: string) =>
  page.locator(".wb-keep").getByText(`A copy of ${name} (`, {exact: false}).waitFor();

const follow = (page: Page, name: string) =>
  page.locator("#observablehq-sidebar").getByRole("link", {name, exact: true}).click();

const dataOf = (page: Page) => new URL(page.url()).searchParams.get("data");

test("a file opened on the index is open on every page, also past the model card, and after a reload; the last one opened is the one; clear clears it", async () => {
  const {url} = site();
  const page = await calmPage();
  await page.goto(url);
  await open(page, mine, "mine.h5ad");
  const identity = await identityOfFile(mine);
  const isOpen = async (where: string, name = "mine.h5ad") => {
    expect(await settled(page, name), where).toBe("open");
    expect(await page.locator(".wb-data .wb-data-problem").textContent(), where).toBe("");
  };
  // Load comes after the model card.
  const names = [
    "Normalize",
    "Sample",
    "Embed",
    "UMAP",
    "What is this cell?",
    "Can I trust this map?",
    "Write your own",
    "The model"
  ];
  for (const name of names) {
    await follow(page, name);
    await page.waitForURL((address) => address.pathname !== "/" && address.searchParams.get("data") === identity);
    await isOpen(name);
  }
  await page
    .locator("#observablehq-main")
    .getByRole("link", {name: /model card/})
    .first()
    .click();
  await page.waitForURL(/model-card/);
  await page.waitForLoadState("load");
  await follow(page, "Load");
  await page.waitForURL(/stages\/load/);
  await isOpen("from the model card");
  await page.reload();
  await isOpen("after a reload");
  expect(dataOf(page)).toBe(identity);
  await page.goto(`${url}stages/sample`);
  await isOpen("at an address that names no file");
  await page.goBack();
  await page.waitForURL(/stages\/load/);
  await isOpen("back");
  await page.goForward();
  await page.waitForURL(/stages\/sample/);
  await isOpen("forward");

  // Another file on another page; then the demo by its link, which is the last one then; and back.
  await open(page, other, "other.h5ad");
  await follow(page, "UCE workbook");
  await isOpen("the last one", "other.h5ad");
  await page.goto(`${url}stages/load?data=demo`);
  await isOpen("a link to the demo", "demo.h5ad");
  await page.goto(`${url}stages/load`);
  await isOpen("after the demo", "demo.h5ad");
  await page.evaluate(() => history.go(-2));
  await page.waitForURL((address) => address.pathname === "/");
  await isOpen("back at the file", "other.h5ad");

  await page.getByText(/^Storage: .*B$/).click();
  await page.getByText(/2 copied files \(.*B\)/).waitFor();
  await page.getByRole("button", {name: "Clear copies of files"}).click();
  await page.getByText(/Cleared\. .*no copied file/).waitFor();
  await page.locator(".wb-data").getByText("The copy of other.h5ad was removed", {exact: false}).waitFor();
  await page.reload();
  await page.locator(".wb-data").getByText("open the file here", {exact: false}).waitFor();
  await page.goto(url);
  await isOpen("nothing is left of the visit", "demo.h5ad");
  // The example of "Write your own" is about genes that the file lacks.
  mayHappen(/no gene called/);
});

test("a link that is pressed at once waits for the copy; a choice that is followed by a reload at once is kept", async () => {
  const page = await calmPage();
  // On the first page copying waits until it is told to go on.
  await page.addInitScript(`{
    const stream = Blob.prototype.stream;
    const told = new Promise((resolve) => (window.letCopy = () => resolve(sessionStorage.setItem("told", "yes"))));
    Blob.prototype.stream = function () {
      const wait = new TransformStream({start: () => (sessionStorage.getItem("told") ? undefined : told)});
      return stream.call(this).pipeThrough(wait);
    };
  }`);
  await page.goto(`${site().url}?data=1-00&name=elsewhere.h5ad`);
  await page.waitForSelector('.wb-data[data-state="error"]');
  await pick(page, mine);
  await page.locator(".wb-keep").getByText("Copying mine.h5ad", {exact: false}).waitFor();
  await follow(page, "UMAP");
  await page.locator(".wb-keep").getByText("The page opens when", {exact: false}).waitFor();
  expect(new URL(page.url()).pathname).toBe("/");
  await page.evaluate("window.letCopy()");
  await page.waitForURL(/stages\/umap/);
  expect(await settled(page, "mine.h5ad")).toBe("open");

  const numbers = () => page.$$eval(layout, (all) => all.map((one) => (one as HTMLInputElement).value));
  await page.waitForSelector(layout);
  const before = await numbers();
  const loaded = page.waitForEvent("load");
  await page.evaluate(`(async () => {
    for (const [i, value] of [20, 0.35, 120].entries()) {
      const input = document.querySelectorAll("${layout}")[i];
      input.value = value;
      input.dispatchEvent(new Event("input", {bubbles: true}));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    location.reload();
  })()`);
  await loaded;
  await page.waitForSelector(layout);
  await expect.poll(numbers).not.toEqual(before);
  expect(await numbers()).toEqual(["20", "0.35", "120"]);
});

/** Moves the copy of a file to a place outside the workbook's own, which the browser remembers: what a dropped file's place is. */
const toPlace = (identity: string) => `(async () => {
  const root = await navigator.storage.getDirectory();
  const files = await (await root.getDirectoryHandle("uce-workbook-1")).getDirectoryHandle("files");
  const copy = await (await files.getFileHandle("${identity}")).getFile();
  const handle = await root.getFileHandle("mine.h5ad", {create: true});
  const stream = await handle.createWritable();
  await stream.write(await copy.arrayBuffer());
  await stream.close();
  await files.removeEntry("${identity}");
  const request = indexedDB.open("uce-workbook-files", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("handles", {keyPath: "identity"});
  const db = await new Promise((resolve) => request.onsuccess = () => resolve(request.result));
  const put = db.transaction("handles", "readwrite").objectStore("handles").put({identity: "${identity}", handle, kept: 1});
  await new Promise((resolve) => put.onsuccess = resolve);
  db.close();
})()`;

test("a file whose place the browser remembers is open, or one click away; one that has changed is asked for", async () => {
  const page = await calmPage();
  await page.goto(`${site().url}stages/load`);
  await open(page, mine, "mine.h5ad");
  await page.evaluate(toPlace(await identityOfFile(mine)));
  await follow(page, "Normalize");
  expect(await settled(page, "mine.h5ad")).toBe("open");
  await page.locator(".wb-keep").getByText("This browser remembers where mine.h5ad is", {exact: false}).waitFor();

  await page.addInitScript(`{
    let answer = "prompt";
    FileSystemHandle.prototype.queryPermission = async () => answer;
    FileSystemHandle.prototype.requestPermission = async () => (answer = "granted");
  }`);
  await page.reload();
  const again = page.getByRole("button", {name: "Open mine.h5ad", exact: true});
  await again.waitFor();
  expect(await page.locator(".wb-data-problem").innerText()).toMatch(/asks before it reads it again\. Press Open mine/);
  await again.click();
  expect(await settled(page, "mine.h5ad")).toBe("open");
  expect(await again.isVisible()).toBe(false);

  await page.evaluate(`(async () => {
    const handle = await (await navigator.storage.getDirectory()).getFileHandle("mine.h5ad");
    const stream = await handle.createWritable();
    await stream.write("another");
    await stream.close();
  })()`);
  await page.reload();
  await again.click();
  await page.locator(".wb-data").getByText("mine.h5ad has changed since it was opened", {exact: false}).waitFor();
  mayHappen(/mine\.h5ad has changed or gone/);
});

test("a file that is refused says why once, where it was chosen; a large file is offered to be kept, with its size; where nothing can be kept, that is said here and on the next page", async () => {
  const large = join(folder, "large.h5ad");
  copyFileSync(mine, large);
  truncateSync(large, 600_000_000);
  const page = await calmPage();
  await page.goto(`${site().url}stages/load`);
  await pick(page, "tests/fixtures/anndata/genes-mouse.h5ad");
  await page.locator(".wb-run").getByText("the file was refused", {exact: false}).first().waitFor();
  await expect.poll(async () => (await wordsOf(page)).match(/–/g)?.length ?? 0).toBeGreaterThan(3);
  const words = await wordsOf(page);
  expect(words.match(/look like those of mouse/g)).toHaveLength(1);

  await pick(page, large);
  await page.locator(".wb-keep").getByText("large.h5ad (600 MB) is larger than 500 MB", {exact: false}).waitFor();
  const offered = page.locator(".wb-keep button:visible");
  expect(await offered.allInnerTexts()).toEqual(["Remember where it is …", "Keep a copy (600 MB)"]);

  const denied = await calmPage();
  await denyStorage(denied);
  await denied.goto(`${site().url}stages/load`);
  await pick(denied, mine);
  expect(await settled(denied, "mine.h5ad")).toBe("open");
  await denied.locator(".wb-keep").getByText("will ask for mine.h5ad again", {exact: false}).waitFor();
  await follow(denied, "Normalize");
  await denied.locator(".wb-data").getByText("This browser keeps no copy of mine.h5ad", {exact: false}).waitFor();
});
