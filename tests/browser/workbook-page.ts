import type {Table} from "apache-arrow";
import type {Locator, Page} from "playwright-core";
import {openAnnData} from "../../src/components/core/anndata/anndata.js";
import {inspectAnnData} from "../../src/components/core/anndata/inspect.js";
import {type Problem} from "../../src/components/core/anndata/problem.js";
import {isWorkbookError, type ErrorDetails} from "../../src/components/core/errors.js";
import {stageOfTable, type TableName} from "../../src/components/core/pipeline/events.js";
import {defaultParameters} from "../../src/components/core/parameters.js";
import {runPipeline} from "../../src/components/core/pipeline/run-pipeline.js";
import {openBundle} from "../../src/components/core/model/open-bundle.js";
import {readEmbeddings} from "../../src/components/core/tables/embeddings.js";
import {readSentences} from "../../src/components/core/tables/sentences.js";
import {tableFromBytes} from "../../src/components/core/tables/file.js";
import type {StageName} from "../../src/components/core/types.js";
import {folderBundle} from "../../src/components/adapters/node-files.js";
import {openNodeEncoder} from "../../src/components/adapters/onnxruntime-node.js";
import {ensureDemoModel} from "../../src/components/runtime/demo-model.js";
import {nodeAliases} from "../../src/components/runtime/node-aliases.js";
import {openCounts} from "../../src/components/runtime/node-counts.js";
import {openNodeModel} from "../../src/components/runtime/node-model.js";
import {createUmapEngine} from "../../src/components/core/space/umap-engine.js";
import {shortManifest} from "../short-model.js";
import {giveManifest} from "./beside-site.js";
import type {Notice} from "../../src/components/views/notice-list.js";

export {demoFile} from "../demo-file.js";

/** Waits until a stage's card is in a state. */
export async function stageIs(
  page: Page,
  stage: StageName,
  state: "idle" | "running" | "done" | "error",
  timeout = 120_000
): Promise<void> {
  await page.waitForSelector(`[data-stage="${stage}"][data-state="${state}"]`, {timeout});
}

/** `data-done` of a stage's card. */
export async function doneOf(page: Page, stage: StageName): Promise<number> {
  return Number(await page.getAttribute(`[data-stage="${stage}"]`, "data-done"));
}

/** Waits until a stage has done `n` or more. */
export async function reaches(page: Page, stage: StageName, n: number, timeout = 120_000): Promise<void> {
  await page.waitForFunction(
    ([stage, n]) =>
      Number(document.querySelector<HTMLElement>(`[data-stage="${stage}"]`)?.dataset["done"]) >= Number(n),
    [stage, n] as const,
    {timeout}
  );
}

/** Gives a file to the page's file input, as the file button's dialog would. */
export async function pick(page: Page, path: string): Promise<void> {
  await page.setInputFiles(".wb-data input[type=file]", path);
}

/** Waits until the data card shows that file, open or refused; its state. */
export async function settled(page: Page, name: string, timeout = 60_000): Promise<"open" | "error"> {
  const handle = await page.waitForFunction(
    (name) => {
      const card = document.querySelector<HTMLElement>(".wb-data");
      const shown = card?.querySelector(".wb-data-name")?.textContent;
      const {state} = card?.dataset ?? {};
      return shown === name && (state === "open" || state === "error") ? state : null;
    },
    name,
    {timeout}
  );
  return (await handle.jsonValue()) as "open" | "error";
}

/** Chooses `n` random cells. */
export async function chooseRandom(page: Page, n: number): Promise<void> {
  await page.$eval(".wb-settings details:has(.wb-cells)", (fold) => ((fold as HTMLDetailsElement).open = true));
  await page.check('.wb-cells input[type=radio][value="random"]');
  await page.fill(".wb-cells input[type=number] >> nth=0", String(n));
}

/** The run button of the page, which says "Run again" once all is there. */
export function runButton(page: Page) {
  return page.getByRole("button", {name: /^Run( again)?$/});
}

/** Waits until the chain that the page shows is made with these texts (as in the address of a stage: `"seed",7`), and nothing of it runs. */
export async function idle(page: Page, made: readonly string[] = [], timeout = 120_000): Promise<void> {
  await page.waitForFunction(
    (made) => {
      const strip = document.querySelector<HTMLElement>(".wb-run");
      const {running, address = ""} = strip?.dataset ?? {};
      return running === "false" && made.every((text) => address.includes(text));
    },
    made,
    {timeout}
  );
}

/**
 * A table of the chain that the page shows, from its stage as a cell of the page would ask for it; throws if that stage is not done.
 * As text, because the test's compiler would turn the page's import into its own.
 */
export async function tableOf(page: Page, name: TableName) {
  const text = await page.evaluate<string | null>(`(async () => {
    const {stage: tip} = document.querySelector(".wb-run");
    const name = ${JSON.stringify(stageOfTable[name])};
    if (document.querySelector(\`[data-stage="\${name}"]\`)?.dataset.state !== "done") return null;
    let stage = tip;
    while (stage.name !== name) stage = stage.parent;
    const table = ${name === "genes"} ? await stage.genes() : await stage.table();
    const preloads = [...document.querySelectorAll("link[rel=modulepreload]")].map(({href}) => href);
    const {tableToIPC} = await import(preloads.find((href) => /\\/apache-arrow@/.test(href)));
    const bytes = tableToIPC(table, "file");
    let text = "";
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return btoa(text);
  })()`);
  if (text === null) throw new Error(`the page has no table ${name}`);
  return tableFromBytes(new Uint8Array(Buffer.from(text, "base64")), name);
}

/** What the worker tells of runs, kept over reloads of the tab: "embed" for a stage that was computed, "embed kept" for one that was stored, and rows of batches. */
export interface RunLog {
  stages: string[];
  rows: number[];
}

/** Makes every page of the tab keep a log of what its worker tells; call it before a page is opened. */
export async function keepLog(page: Page): Promise<void> {
  await page.addInitScript(`{
    const log = JSON.parse(sessionStorage.getItem("log") ?? '{"stages": [], "rows": []}');
    const hear = ({type, stage, state, stored, rows}) => {
      if (type === "progress" && state === "done") log.stages.push(stored ? stage + " kept" : stage);
      else if (type === "batch") log.rows.push(...rows);
      sessionStorage.setItem("log", JSON.stringify(log));
    };
    const listen = MessagePort.prototype.addEventListener;
    MessagePort.prototype.addEventListener = function (name, listener, options) {
      listen.call(this, name, name !== "message" ? listener : (event) => {
        const told = event.data?.argumentList?.[0]?.value;
        if (typeof told?.type === "string") hear(told);
        listener.call(this, event);
      }, options);
    };
  }`);
}

/** The log so far. */
export async function logOf(page: Page): Promise<RunLog> {
  return page.evaluate(() => JSON.parse(sessionStorage.getItem("log") ?? '{"stages": [], "rows": []}') as RunLog);
}

/** Embeddings of the chain that the page shows. */
export async function embeddingsOf(page: Page) {
  return readEmbeddings(await tableOf(page, "embeddings"));
}

/** Where the map of the chain that the page shows has its cells, to be compared with another. */
export async function mapOf(page: Page): Promise<string> {
  return Buffer.from((await tableOf(page, "umap")).getChild("x")!.toArray() as Float32Array).toString("base64");
}

/** Notices that the page shows. */
export async function noticesOf(page: Page): Promise<Pick<Notice, "code" | "message">[]> {
  return page.$$eval(".wb-notice", (bars) =>
    bars.map((bar) => ({
      code: (bar as HTMLElement).dataset["code"]!,
      message: bar.querySelector(".wb-notice-text")!.textContent!
    }))
  );
}

/** Asks the trust page, which has its labels' scores, for batches and for the noise of seeds on few cells; the panel of the latter, which fills in. */
export async function askTrust(page: Page): Promise<Locator> {
  await page.getByLabel("Column of batches").selectOption("donor");
  await page.locator(".wb-mixing").waitFor({timeout: 60_000});
  const seeds = page.locator(".wb-trust-seeds");
  await seeds.getByLabel("cells to embed again").fill("30");
  await seeds.getByLabel("seeds a cell").selectOption("2");
  await seeds.getByRole("button", {name: "Measure"}).click();
  return seeds;
}

/** All words on the page. */
export async function wordsOf(page: Page): Promise<string> {
  return page.innerText("#observablehq-main");
}

/**
 * The embedded model with sentences of `genes` genes in place of 1,024: the same weights, many times quicker, for tests of
 * what does not depend on length. Call it before the page is opened, and give `genes` to `nodeEmbeddings` too.
 */
export async function shorten(page: Page, genes: number): Promise<void> {
  await giveManifest(page.context(), genes, await shortManifest(genes));
}

/** Embeddings of `rows` (null: all) of a file on Node's CPU; `genes` as in `shorten`. */
export async function nodeEmbeddings(path: string, rows: Int32Array | null, genes = 1024) {
  return readEmbeddings(await nodeTable(path, rows, genes, "embeddings"));
}

/** Sentences of all cells of a file, as Node draws them; `genes` as in `shorten`. */
export async function nodeSentences(path: string, genes: number) {
  return readSentences(await nodeTable(path, null, genes, "sentences"));
}

async function nodeTable(path: string, rows: Int32Array | null, genes: number, wanted: "sentences" | "embeddings") {
  const folder = folderBundle(await ensureDemoModel());
  const manifest = new TextEncoder().encode(JSON.stringify(await shortManifest(genes)));
  const bundle = await openBundle({
    ...folder,
    read: async (name, signal) => (name === "manifest.json" ? manifest : folder.read(name, signal))
  });
  const reader = await openCounts(path);
  try {
    const anndata = openAnnData(reader);
    const found: Table[] = [];
    await runPipeline(
      {anndata, provenance: {name: anndata.name, bytes: reader.byteLength, identity: ""}},
      {
        bundle,
        software: {name: "test", version: "0"},
        layoutEngine: createUmapEngine(),
        openEncoder: () => openNodeEncoder(bundle, {precision: "int8", threads: 1})
      },
      {
        parameters: defaultParameters,
        rows,
        until: stageOfTable[wanted],
        keep: {probabilities: false, sentences: wanted === "sentences"},
        onEvent: (event) => {
          if (event.type === "table" && event.name === wanted) found.push(event.table);
        }
      }
    );
    return found[0];
  } finally {
    reader.close();
  }
}

/** Symbols that the embedded model knows; read once. */
let knownGenes: Promise<Set<string>> | undefined;

/** What the command line finds wrong with a file: the error that stops it, or the first problem that makes it useless. */
export async function nodeFault(path: string): Promise<Problem | ErrorDetails | null> {
  knownGenes ??= openNodeModel(undefined).then(({genes}) => new Set(genes.map(({symbol}) => symbol)));
  const genes = await knownGenes;
  try {
    const reader = await openCounts(path);
    try {
      const {problems} = await inspectAnnData(openAnnData(reader), {genes, aliases: nodeAliases});
      return problems.find(({severity}) => severity === "error") ?? null;
    } finally {
      reader.close();
    }
  } catch (error) {
    if (isWorkbookError(error)) return error.details;
    throw error;
  }
}
