import {readFile} from "node:fs/promises";
import type {Page} from "playwright-core";
import {expect, test} from "vitest";
import {readEmbeddings} from "../../src/components/core/tables/embeddings.js";
import {tableFromBytes} from "../../src/components/core/tables/file.js";
import {fileSite} from "./file-site.js";
import {expectReadable} from "./readable.js";
import {pageWithRun} from "./seeded.js";
import {reaches, stageIs} from "./workbook-page.js";

const site = fileSite({coi: true});
const options = {viewport: {width: 1280, height: 900}, reducedMotion: "reduce", acceptDownloads: true} as const;

const wordsBecome = (page: Page, selector: string, words: string) =>
  page.waitForFunction(
    ([at, text]) => [...document.querySelectorAll(at)].some((element) => element.textContent.includes(text)),
    [selector, words] as const,
    {timeout: 120_000}
  );

/** The vectors as the page's menu saves them. */
async function downloaded(page: Page, format: string): Promise<Buffer> {
  await page.getByLabel("What to take away").selectOption({label: "Vectors"});
  await page.getByLabel("Format", {exact: true}).selectOption(format);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator(".wb-export").getByRole("button", {name: "Save"}).click()
  ]);
  return readFile(await download.path());
}

const timesOf = (page: Page) => page.getAttribute("svg[aria-label^='Milliseconds a cell']", "aria-label");

/** Expects a kept run, which was not computed: its figures, table and downloads, and what its controls do. */
async function expectKept(page: Page): Promise<void> {
  expect(await page.innerText(".wb-run-words")).toContain("nothing was computed");
  expect(await page.innerText(".wb-arch-table")).toContain("19,698 rows of 128");
  // The run that was planted was timed, and its times are there in another visit.
  await page.waitForFunction(() => document.querySelectorAll(".wb-frame svg circle").length > 3);
  expect(await page.innerText(".wb-stage-times")).toMatch(/Embed [\d.]+ m?s/);
  expect(await page.getAttribute(".wb-heat-canvas", "aria-label")).toBe("The embeddings: 260 cells by 128 dimensions");
  const read = async () => {
    await page.locator(".wb-heat-canvas").press("ArrowRight");
    const words = await page.innerText(".wb-heat-read");
    expect(words).toMatch(/simulated-\d+ \(excitatory neuron\), dimension \d+: -?[\d.]+/);
    return Number(/: (-?[\d.]+)/.exec(words)![1]);
  };
  await page.locator(".wb-export > summary").click();
  const vectors = readEmbeddings(tableFromBytes(new Uint8Array(await downloaded(page, "arrow")), "a"));
  expect([vectors.rows.length, vectors.width]).toEqual([260, 128]);
  const csv = (await downloaded(page, "csv")).toString("utf8").trim().split("\r\n");
  expect([csv.length, csv[0].split(",").slice(0, 2)]).toEqual([261, ["row", "cell_id"]]);
  await page.getByText("What made it").click();
  const shown = JSON.parse(await page.innerText("details pre[aria-label='What made the table']")) as object;
  expect(shown).toMatchObject({stage: "embed", parameters: {sampling: "reference"}});

  // The box takes the mean of each dimension away from what is shown, and keeps the focus.
  await read();
  const box = page.getByLabel("minus the mean of each dimension");
  const centered = await read();
  await box.focus();
  await page.keyboard.press("Space");
  expect(await box.evaluate((element) => document.activeElement === element)).toBe(true);
  await page.locator(".wb-heat-canvas").press("ArrowLeft");
  const plain = await read();
  expect(plain).not.toBe(centered);

  await page.getByLabel("Group cells by").selectOption("donor");
  await wordsBecome(page, ".wb-cosines figcaption", "same donor");
  expect(new URL(page.url()).searchParams.get("color")).toBe("obs:donor");
}

/** Embeds again, cancels that, and goes on with it. */
async function embedAgain(page: Page): Promise<void> {
  await page.getByRole("button", {name: "Embed again, and time it"}).click();
  await stageIs(page, "embed", "running");
  await reaches(page, "embed", 20);
  await page.locator(".wb-run-bar").getByRole("button", {name: "Cancel"}).click();
  const canceled = Date.now();
  await page.waitForSelector('.wb-run[data-running="false"]');
  expect(Date.now() - canceled).toBeLessThan(1000);
  // What was there is still there, and can be made anew once more.
  await stageIs(page, "embed", "done");
  await page.getByRole("button", {name: "Embed again, and time it"}).click();
  await stageIs(page, "embed", "running");
  await stageIs(page, "embed", "done");
  await page.waitForFunction(() => document.querySelectorAll(".wb-frame svg circle").length > 3);
}

/** Turns switches that spoil the model: one is canceled, one is ended by another, whose vectors collapse. */
async function spoil(page: Page): Promise<void> {
  const row = (name: string) => page.locator(`[data-break="${name}"]`);
  await row("shuffled order").getByRole("button").click();
  await page.waitForSelector('[data-break="shuffled order"][data-state="running"]');
  const start = Date.now();
  await row("shuffled order").getByRole("button").click();
  await page.waitForSelector('[data-break="shuffled order"][data-state="idle"]');
  expect(Date.now() - start).toBeLessThan(1000);
  // One at a time: a second switch ends the first.
  await row("shuffled order").getByRole("button").click();
  await row("random weights").getByRole("button").click();
  await page.waitForSelector('[data-break="shuffled order"][data-state="idle"]');
  await page.waitForSelector('[data-break="random weights"]:is([data-state="done"], [data-state="error"])', {
    timeout: 120_000
  });
  expect(await row("random weights").innerText()).toContain("has collapsed");
}

test("the chapter on embedding: a kept run is shown, not computed; its figures, table and downloads; a link's column; embedded again and timed, canceled and gone on with; a switch can be canceled, and random weights collapse; all of it can be read", async () => {
  const page = await pageWithRun(site(), 48, options);
  await page.goto(`${site().url}stages/embed`);
  await wordsBecome(page, ".wb-verdict-line", "have not collapsed");
  await expectKept(page);
  await embedAgain(page);
  await spoil(page);
  await expectReadable(page);

  // The figure has long been drawn with the last call of the run, too.
  const measured = await timesOf(page);
  // A reload computes nothing, and the times of the last run are still there.
  await page.reload();
  await wordsBecome(page, ".wb-verdict-line", "have not collapsed");
  expect(await page.innerText(".wb-run-words")).toContain("nothing was computed");
  await page.waitForFunction(() => document.querySelectorAll(".wb-frame svg circle").length > 3);
  expect(await timesOf(page)).toBe(measured);
});
