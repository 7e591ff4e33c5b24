import {existsSync, readFileSync, renameSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import type {BrowserContextOptions, Page} from "playwright-core";
import {folderBundle} from "../../src/components/adapters/node-files.js";
import {openAnnData} from "../../src/components/core/anndata/anndata.js";
import type {Encoder} from "../../src/components/core/embed/encoder.js";
import {StageEngine} from "../../src/components/core/engine/stage-engine.js";
import {bestPrecision} from "../../src/components/core/model/best-precision.js";
import {openBundle} from "../../src/components/core/model/open-bundle.js";
import {defaultChain, type Chain} from "../../src/components/core/stages/chain.js";
import {memoryStore, type ObjectStore} from "../../src/components/core/store/object-store.js";
import {createResultStore} from "../../src/components/core/store/result-store.js";
import {ensureDemoModel} from "../../src/components/runtime/demo-model.js";
import {louvain} from "../../src/components/runtime/louvain.js";
import {nodeAliases} from "../../src/components/runtime/node-aliases.js";
import {openBackend} from "../../src/components/runtime/node-backend.js";
import {openH5File} from "../../src/components/runtime/node-h5.js";
import {componentMap} from "../../src/components/core/questions/component-map.js";
import {scores} from "../../src/components/core/questions/scores.js";
import {readCells} from "../../src/components/core/tables/cells.js";
import {readEmbeddings} from "../../src/components/core/tables/embeddings.js";
import {tableFromBytes} from "../../src/components/core/tables/file.js";
import {createUmapEngine} from "../../src/components/core/space/umap-engine.js";
import {software} from "../../src/components/runtime/software.js";
import {likeliestTypes} from "../../src/components/notebook/opened-file.js";
import {colorableColumns} from "../../src/components/views/color-column.js";
import {putBeside} from "./beside-site.js";
import type {OpenSite} from "./harness.js";
import {identityOfFile} from "./identity-of-file.js";
import {shortManifest} from "../short-model.js";
import {demoFile, shorten} from "./workbook-page.js";

/** What a finished run left behind. */
export interface Seed {
  objects: {name: string; base64: string}[];
}

/** Folder of this workbook in a browser's private file system (adapters/opfs.ts). */
const home = "uce-workbook-1";

/**
 * What a run of a chain on the file at `path` leaves in the store, computed in Node in seconds by the engine that a page's worker runs,
 * with the variant that a browser opens; `genes` as in `shorten`. The addresses are the browser's, so its pages take it for a run of theirs. `openEncoder` takes the model's place (made-up vectors).
 */
export async function seedOf(
  path: string,
  genes: number,
  parts: Partial<Chain> = {},
  openEncoder?: () => Promise<Encoder>
): Promise<Seed> {
  const objects = memoryStore();
  const folder = folderBundle(await ensureDemoModel());
  const manifest = new TextEncoder().encode(JSON.stringify(await shortManifest(genes)));
  const model = await openBundle({
    ...folder,
    read: async (name, signal) => (name === "manifest.json" ? manifest : folder.read(name, signal))
  });
  const precision = bestPrecision(model, {prefer: "download"});
  const engine = new StageEngine<{path: string; identity?: string}>({
    software,
    layoutEngine: createUmapEngine(),
    communities: louvain,
    adapt: false,
    openSource: async ({path: at}) => {
      const reader = await openH5File(at);
      const anndata = openAnnData(reader);
      return {anndata, identity: await identityOfFile(at), bytes: reader.byteLength, close: () => anndata.close()};
    },
    aliases: nodeAliases,
    model: async () => model,
    precisionOf: () => precision,
    encoderChoices: async () => [
      {label: "cpu", open: (signal) => openEncoder?.() ?? openBackend(model, {precision, threads: 1, signal})}
    ],
    openHead: () => Promise.reject(new Error("no question is asked here")),
    openLayers: () => Promise.reject(new Error("no question is asked here")),
    storage: async () => ({store: createResultStore(objects), fault: null})
  });
  const {inspection, obs, cellIds} = await engine.open({path}, null);
  const parameters = {...defaultChain.parameters, matrix: inspection.matrix.name, ...parts.parameters};
  const chain: Chain = {...defaultChain, ...parts, parameters};
  let rows = new Int32Array();
  await engine.run({source: {path}, chain, until: "umap", wanted: [], reuse: "all"}, (event) => {
    if (event.type !== "table" || event.name !== "cells") return;
    const cells = readCells(event.table);
    rows = cells.rows.filter((_, i) => cells.status[i] === "ok");
  });
  // The index shows the map of components beside it, and how well the labels by which it colors are told.
  if (openEncoder === undefined) {
    const groups = colorableColumns(obs, cellIds.length).filter(({kind}) => kind === "categorical" || kind === "text");
    const column = likeliestTypes(groups)?.name;
    await engine.answer({path}, chain, (context) => componentMap(context, {rows}, {}));
    if (column !== undefined) await engine.answer({path}, chain, (context) => scores(context, {column}, {}));
  }
  engine.close();
  return {objects: await contentsOf(objects)};
}

/** A finished run of the demo with sentences of `genes` genes; computed once for all test files of a run (tests/setup.ts). */
export function demoSeed(genes: number): Promise<Seed> {
  const known = demoSeeds.get(genes) ?? sharedSeed(genes);
  demoSeeds.set(genes, known);
  return known;
}

const demoSeeds = new Map<number, Promise<Seed>>();

async function sharedSeed(genes: number): Promise<Seed> {
  const path = join(process.env["WORKBOOK_TEST_RUN"]!, `demo-${genes}.json`);
  if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8")) as Seed;
  const demo = demoFile();
  try {
    const seed = await seedOf(demo.path, genes);
    // Whole or not at all: another file's worker may look for it meanwhile.
    const own = `${path}.${process.pid}`;
    writeFileSync(own, JSON.stringify(seed));
    renameSync(own, path);
    return seed;
  } finally {
    demo.remove();
  }
}

/** The vectors of a finished run, which a page is compared with. */
export function seededEmbeddings({objects}: Seed): ReturnType<typeof readEmbeddings> {
  const {name, base64} = objects.find(({name}) => /\/embeddings\.[^/]*$/.test(name))!;
  return readEmbeddings(tableFromBytes(Buffer.from(base64, "base64"), name));
}

/** A page on which the demo's run is finished, with sentences of `genes` genes: nothing is embedded before it can be looked at. */
export async function pageWithRun(site: OpenSite, genes: number, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await site.newPage(options);
  await shorten(page, genes);
  await plant(page, site.url, await demoSeed(genes));
  return page;
}

/** Where pages are isolated, the next one goes on in the process of this one. */
const isolating = {"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp"};
const empty = {
  type: "text/html",
  headers: isolating,
  body: `<!doctype html><link rel="icon" href="data:,"><title>.</title>`
};
let plants = 0;

/**
 * Puts a seed into the browser's storage for the site at `url`, before any of its pages is opened, and what a browser that has run something knows of its
 * processor. Its bytes come from the site's own server, in one piece.
 */
export async function plant(page: Page, url: string, {objects}: Seed): Promise<void> {
  const place = `planted-${++plants}`;
  const bytes = objects.map(({base64}) => Buffer.from(base64, "base64"));
  const given = [
    putBeside(`${place}.html`, empty),
    putBeside(`${place}.bin`, {type: "application/octet-stream", body: Buffer.concat(bytes)})
  ];
  try {
    await page.goto(`${url}${place}.html`);
    await page.evaluate(
      async ([home, place, files]) => {
        localStorage.setItem("workbook-product-rate", "2000000000");
        const all = await (await fetch(`${place}.bin`)).blob();
        const root = await (await navigator.storage.getDirectory()).getDirectoryHandle(home, {create: true});
        await Promise.all(
          files.map(async ({name, from, to}) => {
            const path = name.split("/");
            let folder = root;
            for (const part of path.slice(0, -1)) folder = await folder.getDirectoryHandle(part, {create: true});
            const file = await folder.getFileHandle(path[path.length - 1], {create: true});
            const stream = await file.createWritable();
            await stream.write(all.slice(from, to));
            await stream.close();
          })
        );
      },
      [home, place, placesOf(objects, bytes)] as const
    );
  } finally {
    for (const take of given) take();
  }
}

/** Where each object stands among the bytes of all. */
function placesOf(objects: Seed["objects"], bytes: Buffer[]): {name: string; from: number; to: number}[] {
  let to = 0;
  return objects.map(({name}, i) => ({name, from: to, to: (to += bytes[i].length)}));
}

async function contentsOf(store: ObjectStore): Promise<Seed["objects"]> {
  const found: Seed["objects"] = [];
  // Vectors by batch are only looked for where there is no table of them.
  for (const {name} of (await store.list("")).filter(({name}) => !name.includes("/part-"))) {
    found.push({name, base64: Buffer.from((await store.read(name))!).toString("base64")});
  }
  return found;
}
