import {createReadStream, existsSync} from "node:fs";
import {createServer} from "node:http";
import type {Server} from "node:http";
import type {AddressInfo} from "node:net";
import {fileURLToPath} from "node:url";
import {build} from "esbuild";
import type {Browser, Page} from "playwright-core";
import {afterAll, beforeAll, describe, expect, test} from "vitest";
import {convertCheckpoint} from "../../src/components/core/convert/convert.js";
import {widenStorage} from "../../src/components/core/model/widen-storage.js";
import {relativeError} from "../../src/components/core/vectors/relative-error.js";
import {fixtureBytes, fixtureCheckpoint, fixtureConfig, memoryBundle, reference} from "../core/convert/fixture.js";
import {answer, serveCheckpoint} from "../runtime/checkpoint-server.js";
import type {CheckpointServer, Misbehavior} from "../runtime/checkpoint-server.js";
import {openChromium} from "./chromium.js";

const runtime = fileURLToPath(new URL("../../node_modules/onnxruntime-web/dist/", import.meta.url));
const {genes, sentence} = reference;
const files = new Map([
  ["org/model/resolve/main/config.json", new TextEncoder().encode(JSON.stringify(fixtureConfig))],
  ["cdn/model.safetensors", fixtureBytes()]
]);

let site: Server;
let address: string;
let browser: Browser;
let page: Page;
let host: CheckpointServer;

/** Hands weights over within the host, as Hugging Face does, and after `until` requests answers no more. */
const redirecting =
  (until: number, reached: () => void): Misbehavior =>
  ({response, path, bytes, range, before}) => {
    if (path === "org/model/resolve/main/model.safetensors") {
      response.writeHead(302, {location: "/cdn/model.safetensors", "x-repo-commit": "0a1b"}).end();
      return true;
    }
    if (path !== "cdn/model.safetensors" || before < until) return false;
    reached();
    setTimeout(() => answer(response, bytes, range), 60_000).unref();
    return true;
  };

beforeAll(async () => {
  const entryPoints = ["convert-page.ts", "convert-worker.ts"].map((name) =>
    fileURLToPath(new URL(name, import.meta.url))
  );
  const scripts = await build({
    entryPoints,
    bundle: true,
    format: "esm",
    write: false,
    outdir: "x",
    logLevel: "silent"
  });
  const texts = new Map<string, Uint8Array | string>([
    ["/", '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>'],
    ["/page.js", scripts.outputFiles[0].contents],
    ["/worker.js", scripts.outputFiles[1].contents]
  ]);
  const types: Record<string, string> = {js: "text/javascript", mjs: "text/javascript", wasm: "application/wasm"};
  site = createServer(({url = "/"}, response) => {
    const text = texts.get(url);
    const file = /^\/ort\/([\w.-]+)$/.exec(url)?.[1];
    const found = text !== undefined || (file !== undefined && existsSync(runtime + file));
    response.writeHead(found ? 200 : 404, {"content-type": types[url.split(".").at(-1) ?? ""] ?? "text/html"});
    if (text !== undefined || !found) response.end(text);
    else createReadStream(runtime + String(file)).pipe(response);
  });
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(site.address() as AddressInfo).port}/`;
  browser = await openChromium({webgpu: false});
  page = await browser.newPage();
  await open();
});
afterAll(async () => {
  await browser.close();
  await new Promise((resolve) => site.close(resolve));
});

async function open(): Promise<void> {
  await page.goto(address);
  await page.waitForFunction(() => typeof window.embed === "function");
}

describe("converting a checkpoint in a browser", () => {
  let hash: string;

  test("goes on where a closed worker ended it, over redirects, and keeps the whole model alone", async () => {
    let reach = () => {};
    const reached = new Promise<void>((resolve) => (reach = resolve));
    host = await serveCheckpoint(
      files,
      redirecting(30, () => reach())
    );
    const order = {address: `${host.address}org/model`, genes, sentence};
    await page.evaluate((order) => window.startConversion(order), order);
    await reached;
    await page.evaluate(() => window.endWorker());
    const before = await page.evaluate(() => window.stored());
    expect(before.models).toEqual([]);
    expect(before.names.filter((name) => name.startsWith("making/pieces/")).length).toBeGreaterThan(15);
    const port = new URL(host.address).port;
    await host.close();

    host = await serveCheckpoint(
      files,
      redirecting(Infinity, () => {}),
      Number(port)
    );
    await page.evaluate((order) => window.startConversion(order), order);
    const outcome = await page.evaluate(() => window.outcome);
    expect(outcome).toEqual({hash: expect.stringMatching(/^[0-9a-f]{64}$/)});
    hash = outcome.hash!;
    expect(host.asked.filter((path) => path === "cdn/model.safetensors").length).toBeLessThan(35);
    await host.close();
    const {names, models} = await page.evaluate(() => window.stored());
    expect(models).toEqual([hash]);
    expect(names.every((name) => name.startsWith(`models/${hash}/`))).toBe(true);
  }, 60_000);

  test("gives the folded rows that Node gives, to 1e-6", async () => {
    const bundle = memoryBundle();
    await convertCheckpoint(fixtureCheckpoint(fixtureBytes()), bundle);
    const [{values}] = widenStorage("table", bundle.files.get("table.fp32.safetensors")!);
    const ours = await page.evaluate((hash) => window.tableOf(hash), hash);
    expect(ours.length).toBe(values.length);
    expect(Math.max(...ours.map((value, i) => Math.abs(value - values[i])))).toBeLessThan(1e-6);
  });

  test("gives a model that runs after a reload, from the store alone, as the float64 forward pass does", async () => {
    await open();
    const {sentences, embeddings} = reference;
    const {passed, vectors} = await page.evaluate(
      ([hash, sentences]) => window.embed(hash as string, sentences as number[][]),
      [hash, sentences]
    );
    expect(passed).toBe(true);
    expect(relativeError(Float32Array.from(vectors), embeddings.flat(), sentences.length, 64)).toBeLessThan(1e-4);
  }, 60_000);

  test("names a host that sends the browser elsewhere, and takes nothing of it", async () => {
    const other = await serveCheckpoint(files);
    host = await serveCheckpoint(files, ({response, path}) => {
      if (!path.endsWith("model.safetensors")) return false;
      response.writeHead(302, {location: `${other.address}cdn/model.safetensors`}).end();
      return true;
    });
    await page.evaluate((order) => window.startConversion(order), {
      address: `${host.address}org/model`,
      genes: genes.slice(1),
      sentence
    });
    expect(await page.evaluate(() => window.outcome)).toMatchObject({
      code: "redirected",
      message: expect.stringContaining(new URL(other.address).host)
    });
    await other.close();
    await host.close();
  }, 60_000);
});
