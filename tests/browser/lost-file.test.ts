import {spawnSync} from "node:child_process";
import {copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {Page} from "playwright-core";
import {afterAll, beforeAll, expect, test, vi} from "vitest";
import {withSite} from "./harness.js";
import {
  demoFile,
  embeddingsOf,
  noticesOf,
  pick,
  reaches,
  runButton,
  settled,
  shorten,
  stageIs,
  wordsOf,
  type WorkbookWindow
} from "./workbook-page.js";

vi.setConfig({testTimeout: 400_000});

let folder: string;
let demo: ReturnType<typeof demoFile>;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lost-file-"));
  demo = demoFile();
});
afterAll(() => {
  rmSync(folder, {recursive: true});
  demo.remove();
});

const idle = (page: Page) =>
  page.waitForFunction(() => !(window as unknown as WorkbookWindow).workbook.session.running);

/** Rows of every batch from now on, in `window.rows`. */
async function keepRows(page: Page): Promise<void> {
  await page.evaluate(() => {
    const rows: number[] = [];
    Object.assign(window, {rows});
    (window as unknown as WorkbookWindow).workbook.session.on({
      event(event) {
        if (event.type === "batch") rows.push(...event.rows);
      }
    });
  });
}

const rowsOf = (page: Page) => page.evaluate(() => (window as unknown as {rows: number[]}).rows);

const lost = {
  code: "file-changed",
  message: expect.stringMatching(/^cells\.h5ad has changed or gone since it was opened\. Choose it again/i)
};

test("a file that is removed while its rows stream: what was embedded stays, and a run on the file chosen again computes the rest", async () => {
  const [path, copy] = [join(folder, "cells.h5ad"), join(folder, "copy.h5ad")];
  // Two blocks of rows: the second is read when the first has been embedded.
  const made = spawnSync(
    process.execPath,
    ["--import", "tsx", "scripts/make-large-h5ad.ts", copy, "--cells", "500", "--per-cell", "6000"],
    {encoding: "utf8"}
  );
  expect(made.status, made.stderr).toBe(0);
  copyFileSync(copy, path);
  await withSite({coi: true, serviceWorkers: "none"}, async ({url, newPage}) => {
    const page = await newPage();
    await shorten(page, 32);
    await page.goto(url);
    await stageIs(page, "load", "running");
    await pick(page, path);
    expect(await settled(page, "cells.h5ad")).toBe("open");
    await page.evaluate(() => (window as unknown as WorkbookWindow).workbook.session.cancel());
    await idle(page);
    await page.evaluate(() =>
      (window as unknown as WorkbookWindow).workbook.session.change({cells: {mode: "all"} as never})
    );
    await keepRows(page);
    await runButton(page).click();
    await reaches(page, "embed", 8);
    rmSync(path);
    await page.waitForSelector('.wb-notice[data-code="file-changed"]', {timeout: 120_000});
    expect(await noticesOf(page)).toContainEqual(lost);
    await idle(page);
    expect(await wordsOf(page)).not.toMatch(/something in the workbook itself/i);
    const before = await rowsOf(page);
    expect(before.length).toBeGreaterThan(0);
    expect(before.length).toBeLessThan(500);

    copyFileSync(copy, path);
    await pick(page, path);
    expect(await settled(page, "cells.h5ad")).toBe("open");
    await runButton(page).click();
    await stageIs(page, "embed", "done");
    const all = await rowsOf(page);
    expect(all).toHaveLength(500);
    expect(new Set(all).size).toBe(500);
    expect(await noticesOf(page)).toContainEqual({
      code: "resumed",
      message: expect.stringContaining(`${before.length} cells were embedded earlier`)
    });
  });
});

test("a file that changes, is cut off or removed is never read as what it was and its results stay; another of its name has its own", async () => {
  const path = join(folder, "cells.h5ad");
  const whole = readFileSync(demo.path);
  const harm: Record<string, () => void> = {
    removed: () => rmSync(path),
    "cut off": () => truncateSync(path, 100_000),
    "written anew": () => writeFileSync(path, whole)
  };
  await withSite({coi: true, serviceWorkers: "none"}, async ({url, newPage}) => {
    const page = await newPage();
    await shorten(page, 32);
    await page.goto(url);
    await stageIs(page, "load", "running");
    const open = async (what: string) => {
      await pick(page, path);
      expect(await settled(page, "cells.h5ad"), what).toBe("open");
      await stageIs(page, "umap", "done");
      await idle(page);
    };
    writeFileSync(path, whole);
    await open("at first");
    const vectors = [...(await embeddingsOf(page)).vectors];
    for (const [name, spoil] of Object.entries(harm)) {
      spoil();
      await runButton(page).click();
      await page.waitForSelector('.wb-notice[data-code="file-changed"]');
      await idle(page);
      await page.waitForFunction(() => (window as unknown as WorkbookWindow).workbook.results.has("umap"));
      expect(await noticesOf(page), name).toContainEqual(lost);
      expect(await wordsOf(page)).not.toMatch(/something in the workbook itself/i);
      expect([...(await embeddingsOf(page)).vectors], `what is shown of a file that is ${name}`).toEqual(vectors);
      writeFileSync(path, whole);
      await open(name);
      expect(await noticesOf(page), name).not.toContainEqual(lost);
    }

    // A file of the same name, size and shape, with another name for one kind of cell.
    const other = Buffer.from(whole.toString("latin1").replaceAll("monocyte", "Monocyte"), "latin1");
    expect(other.equals(whole)).toBe(false);
    const address = new URL(page.url()).searchParams.get("data");
    writeFileSync(path, other);
    await page.evaluate(() => {
      const kept: string[] = [];
      Object.assign(window, {kept});
      (window as unknown as WorkbookWindow).workbook.session.on({
        event(event) {
          if ("stored" in event && event.stored) kept.push(event.type);
        }
      });
    });
    await open("another of its name");
    expect(new URL(page.url()).searchParams.get("data")).not.toBe(address);
    expect(await page.evaluate(() => (window as unknown as {kept: string[]}).kept)).toEqual([]);
    expect(await wordsOf(page)).toContain("Monocyte");
  });
});

test("a chapter says that its file is gone, also where a copy is wanted, and goes on with the file chosen again", async () => {
  const path = join(folder, "cells.h5ad");
  const whole = readFileSync(demo.path);
  writeFileSync(path, whole);
  await withSite({coi: true, serviceWorkers: "none"}, async ({url, newPage}) => {
    const page = await newPage();
    await shorten(page, 32);
    await page.goto(`${url}stages/normalize`);
    await page.waitForSelector(".wb-probabilities tbody tr:nth-child(5)");
    await pick(page, path);
    expect(await settled(page, "cells.h5ad")).toBe("open");
    // At once, while its cells are still read for the figures below: whichever question comes first, every one is answered in the same words.
    rmSync(path);
    await page.getByRole("button", {name: "Next cell"}).click();
    await page.waitForSelector('.wb-notice[data-code="cell-failed"]');
    for (const notice of await noticesOf(page))
      expect(notice).toEqual({...lost, code: expect.stringMatching(/^(cell|spread)-failed$/) as string});
    expect(await noticesOf(page)).toContainEqual({...lost, code: "cell-failed"});
    await page.getByRole("button", {name: "Keep a copy"}).click();
    await page.getByText("cells.h5ad has changed or gone", {exact: false}).nth(1).waitFor();
    writeFileSync(path, whole);
    await pick(page, path);
    expect(await settled(page, "cells.h5ad")).toBe("open");
    await page.waitForSelector('.wb-notice[data-code="cell-failed"]', {state: "detached"});
    await page.getByRole("button", {name: "Next cell"}).click();
    await expect.poll(() => page.locator("[role=combobox]").inputValue()).toMatch(/^2: /);
    expect(await noticesOf(page)).toEqual([]);

    // The frame of the chapters that run the chain, with a file chosen while the demo is still on its way.
    await page.context().route(/demo[^/]*\.h5ad/, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 4000));
      await route.continue();
    });
    await page.goto(`${url}stages/embed?cells=random-24-1`);
    await pick(page, path);
    expect(await settled(page, "cells.h5ad")).toBe("open");
    rmSync(path);
    await page.locator(".wb-chapter-bar").getByRole("button", {name: "Run", exact: true}).click();
    await page.waitForSelector('.wb-notice[data-code="file-changed"]');
    expect(await noticesOf(page)).toContainEqual(lost);
  });
});
