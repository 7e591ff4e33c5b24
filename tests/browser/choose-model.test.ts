import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {createRequire} from "node:module";
import {tmpdir} from "node:os";
import {basename, join} from "node:path";
import type {Page} from "playwright-core";
import {afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi} from "vitest";
import {convertCheckpoint} from "../../src/components/core/convert/convert.js";
import {memoryReader} from "../../src/components/core/remote/range-reader.js";
import {widenStorage} from "../../src/components/core/model/widen-storage.js";
import {memoryBundle} from "../core/convert/fixture.js";
import {answer, serveCheckpoint} from "../runtime/checkpoint-server.js";
import type {CheckpointServer} from "../runtime/checkpoint-server.js";
import {fileSite} from "./file-site.js";
import {tabTo} from "./keys.js";
import {agree, askFor, measureAndCancel, stored} from "./model-clicks.js";
import {dictionary, someGenes, smallCheckpoint} from "./small-checkpoint.js";
import {storedTable} from "./stored-table.js";
import {shorten, stageIs} from "./workbook-page.js";

vi.setConfig({testTimeout: 60_000});

const site = fileSite({coi: true});
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const {config, weights} = smallCheckpoint();
const small = [
  ["model/config.json", new TextEncoder().encode(JSON.stringify(config))],
  ["model/model.safetensors", weights]
] as const;
const damaged = weights.slice(0, weights.byteLength - 1000);
const files = new Map<string, Uint8Array>([
  ...small,
  ["damaged/config.json", small[0][1]],
  ["damaged/model.safetensors", damaged],
  ["elsewhere/config.json", small[0][1]],
  ["genes.json", new TextEncoder().encode(dictionary)]
]);

let host: CheckpointServer;
let other: CheckpointServer;
/** The host answers so many requests for weights, and then keeps silent. */
let patience = Infinity;
let reached = (): void => {};

beforeAll(async () => {
  other = await serveCheckpoint(files);
  host = await serveCheckpoint(files, ({response, path, bytes, range}) => {
    if (path === "elsewhere/model.safetensors") {
      response.writeHead(302, {location: `${other.address}model/model.safetensors`}).end();
      return true;
    }
    if (path !== "model/model.safetensors" || --patience >= 0) return false;
    reached();
    setTimeout(() => answer(response, bytes, range), 60_000).unref();
    return true;
  });
});
beforeEach(() => {
  host.asked.length = 0;
  patience = Infinity;
});
afterAll(async () => {
  await host.close();
  await other.close();
});

/** Faults of a site whose visitor agreed to ask this host: requests to it are none. */
function allowHosts(): void {
  const isAgreed = (fault: string) => [host, other].some(({address}) => fault.includes(address.slice(0, -1)));
  const rest = site().faults.filter((fault) => !isAgreed(fault));
  site().faults.splice(0, Infinity, ...rest);
}

/** Resolves when the host has answered `requests` more for weights, and keeps silent from then on. */
function silentAfter(requests: number): Promise<void> {
  patience = requests;
  return new Promise((resolve) => (reached = resolve));
}

async function giveDictionary(page: Page): Promise<void> {
  await page
    .locator(".wb-model-consent input[type=file]")
    .setInputFiles({name: "genes.json", mimeType: "application/json", buffer: Buffer.from(dictionary)});
  await page.getByText("genes.json: mouse, human").waitFor();
}

/** Agrees, cancels, goes on, closes the page in the middle, and goes on to the end; returns the model's hash. */
async function convertWithBreaks(page: Page): Promise<string> {
  let silence = silentAfter(30);
  await agree(page);
  await silence;
  // Another model has to wait for this one.
  await page
    .getByRole("button", {name: /^Fetch uce-brain/})
    .first()
    .click();
  await page.locator('.wb-model [data-code="busy-adding"]').waitFor();
  const begun = Date.now();
  await page.locator(".wb-model-progress button").click();
  await page.locator(".wb-model-progress").waitFor({state: "detached"});
  expect(Date.now() - begun).toBeLessThan(1000);
  await page.getByText("was not finished").first().waitFor();
  const pieces = (await stored(page, "making")).filter((name) => name.startsWith("pieces/")).length;
  expect(pieces).toBeGreaterThan(12);

  const goOn = async (): Promise<void> => {
    await page.getByRole("button", {name: "Go on"}).first().click();
    await giveDictionary(page);
    await agree(page);
  };
  silence = silentAfter(12);
  await goOn();
  await silence;
  await page.reload();
  await page.getByText("was not finished").first().waitFor();
  expect((await stored(page, "making")).filter((name) => name.startsWith("pieces/")).length).toBeGreaterThan(pieces);

  patience = Infinity;
  await goOn();
  await page.locator(".wb-model-line").first().getByText("model").waitFor();
  await page.waitForFunction(() => /[?&]model=[0-9a-f]{64}/.test(location.search));
  const asked = host.asked.filter((path) => path === "model/model.safetensors").length;
  expect(asked).toBeLessThan(100);
  expect(await stored(page, "making")).toEqual([]);
  return new URL(page.url()).searchParams.get("model")!;
}

/** The kept rows are those that Node folds, to 1e-6. */
async function rowsAreNodes(page: Page, hash: string): Promise<void> {
  const bundle = memoryBundle();
  await convertCheckpoint(
    {
      name: "model",
      config,
      weights: memoryReader("model.safetensors", weights),
      species: [{name: "human", genes: someGenes}],
      source: {name: "model", revision: "", sha256: ""}
    },
    bundle
  );
  const [{values}] = widenStorage("table", bundle.files.get("table.fp32.safetensors")!);
  const ours = await storedTable(page, hash);
  expect(ours.length).toBe(values.length);
  expect(ours.reduce((worst, value, i) => Math.max(worst, Math.abs(value - values[i])), 0)).toBeLessThan(1e-6);
}

describe("choosing a model", () => {
  test("asks before any request, goes on after Cancel and after a closed tab, runs without the host, and removes", async () => {
    const page = await site().newPage();
    await shorten(page, 48);
    await page.goto(`${site().url}models`);
    const line = page.locator(".wb-model-line").first();
    await line.getByText("UCE small, human").waitFor();

    await page.evaluate(axeSource);
    const found = await page.evaluate(`axe.run(document.querySelector(".wb-model"), {resultTypes: ["violations"]})`);
    expect((found as {violations: {id: string}[]}).violations.map(({id}) => id)).toEqual([]);
    await page.locator(".wb-model summary").first().focus();
    await tabTo(page, ".wb-model-offers input[type=url]");

    await askFor(page, `${host.address}model`);
    const consent = page.locator(".wb-model-consent");
    const words = await consent.textContent();
    expect(words).toContain(`Your browser will ask ${new URL(host.address).host}`);
    expect(words).toContain("its header says, which is read first");
    expect(host.asked).toEqual([]);
    await giveDictionary(page);

    const hash = await convertWithBreaks(page);
    await rowsAreNodes(page, hash);
    await measureAndCancel(page);

    const before = host.asked.length;
    // Two models beside each other: the site's own and this one, of the same cells.
    await page.goto(`${site().url}models?model2=${hash}&cells=random-40-1`);
    await page.waitForFunction(
      () => document.querySelectorAll('[data-stage="umap"][data-state="done"]').length === 2,
      null,
      {timeout: 60_000}
    );
    await page.getByText("40 cells placed by UMAP").nth(1).waitFor();
    const drawn = () =>
      page
        .locator("canvas.wb-map-canvas:visible")
        .evaluateAll((all) => all.map((canvas) => (canvas as HTMLCanvasElement).toDataURL()));
    await expect.poll(async () => new Set(await drawn()).size, {message: "two maps, not one twice"}).toBe(2);
    await page.locator(".wb-score table").nth(1).waitFor();
    // A link carries the model, and the map is made without its host.
    await page.goto(`${site().url}?model=${hash}&cells=random-40-1`);
    await stageIs(page, "umap", "done", 60_000);
    expect(await page.locator(".wb-model-line").textContent()).toMatch(
      /^Model: model · human · [\d.]+ kB · float32 · weights of a checkpoint/
    );
    expect(host.asked.length).toBe(before);

    await page.locator(".wb-model summary").first().click();
    await page.getByRole("button", {name: "Remove model"}).click();
    await page.getByRole("button", {name: "Remove it"}).click();
    await page.locator(".wb-model-line").getByText("UCE small, human").waitFor();
    await expect.poll(() => stored(page, "models")).toEqual([]);
    expect(page.url()).not.toContain("model=");

    await page.goto(`${site().url}models?model=${hash}`);
    await page.getByText("a model that this browser does not keep").waitFor();
    await line.getByText("waits for a choice").waitFor();
    allowHosts();
  });

  test("says what is wrong with a checkpoint, and which host it would be handed over to; takes a converted model from this disk, each file verified", async () => {
    const page = await site().newPage();
    await shorten(page, 48);
    await page.goto(`${site().url}models`);
    await page.locator(".wb-model-line").first().getByText("UCE small, human").waitFor();
    await askFor(page, `${host.address}damaged`);
    await page.getByLabel("Address of the gene dictionary").fill(`${host.address}genes.json`);
    await agree(page);
    await page.locator('.wb-model [data-code="truncated"]').waitFor();
    expect(host.asked).toContain("genes.json");

    await askFor(page, `${host.address}elsewhere`);
    await giveDictionary(page);
    await agree(page);
    const elsewhere = new URL(other.address).host;
    await page.getByRole("button", {name: `Allow ${elsewhere}`}).click();
    expect(await page.locator(".wb-model-consent").textContent()).toContain(elsewhere);

    patience = Infinity;
    // Without its own dictionary another vocabulary is refused.
    await askFor(page, `${host.address}model`);
    await agree(page);
    await page.getByText("a vocabulary of 7100 tokens").waitFor();
    expect(await stored(page, "models")).toEqual([]);

    const folder = "src/data/model/";
    const {variants} = JSON.parse(readFileSync(`${folder}manifest.json`, "utf8")) as {
      variants: {files: {path: string}[]}[];
    };
    const paths = new Set(variants.flatMap((variant) => variant.files.map(({path}) => path)));
    const all = ["manifest.json", ...paths].map((path) => folder + path);
    const give = async (some: string[]): Promise<void> => {
      await page.locator(".wb-model [data-pick=files]").first().setInputFiles(some);
      await agree(page);
    };
    const disk = mkdtempSync(join(tmpdir(), "workbook-model-"));
    onTestFinished(() => rmSync(disk, {recursive: true}));
    const broken = all.map((path) => {
      const name = basename(path);
      if (!name.startsWith("encoder.int8")) return path;
      const bytes = readFileSync(path);
      bytes[bytes.length - 1] ^= 1;
      writeFileSync(join(disk, name), bytes);
      return join(disk, name);
    });
    expect(broken).not.toEqual(all);
    await give(broken);
    await page.locator('.wb-model [data-code="wrong-checksum"]').waitFor();
    expect((await stored(page, "models")).filter((name) => name.endsWith("manifest.json"))).toEqual([]);
    await give(all);
    await page.locator(".wb-model-line", {hasText: "kept in this browser"}).first().waitFor();
    allowHosts();
  });
});
