import {createReadStream, existsSync} from "node:fs";
import {createServer, type Server} from "node:http";
import type {AddressInfo} from "node:net";
import {fileURLToPath} from "node:url";
import {build} from "esbuild";
import type {Page} from "playwright-core";
import {afterAll, beforeAll, describe, expect, test} from "vitest";
import {openNodeEncoder} from "../../src/components/adapters/onnxruntime-node.js";
import {convertCheckpoint} from "../../src/components/core/convert/convert.js";
import {embedTokens} from "../../src/components/core/embed/embed-tokens.js";
import type {Architecture} from "../../src/components/core/model/bundle.js";
import {openBundle} from "../../src/components/core/model/open-bundle.js";
import {createRandom} from "../../src/components/core/random.js";
import {relativeError} from "../../src/components/core/vectors/relative-error.js";
import {writeRandomBundle} from "../../scripts/random-bundle.js";
import {originalArchitecture, originalBundle} from "../bench/family-model.js";
import {fixtureBytes, fixtureCheckpoint, memoryBundle, reference} from "../core/convert/fixture.js";
import {fileBrowser} from "./file-site.js";
import type {WgslResult} from "./wgsl-page.js";

/** Folder of onnxruntime-web's builds. */
const runtime = fileURLToPath(new URL("../../node_modules/onnxruntime-web/dist/", import.meta.url));
const types: Record<string, string> = {
  html: "text/html",
  js: "text/javascript",
  mjs: "text/javascript",
  wasm: "application/wasm"
};

/** The original UCE's family, small: heads of 64, ReLU, four projections, two layers. */
const original = memoryBundle();
const originalGenes = Array.from({length: 60}, (_, i) => ({
  symbol: `G${i}`,
  token: 10 + i,
  chromosome: i % 3,
  start: i
}));
const originalShape: Architecture = {
  ...originalArchitecture(2),
  ...{width: 128, heads: 2, feedForward: 512, outputWidth: 128, maxLength: 96, expression: null},
  output: [96, 128, 128, 128].map((width, i) => ({width, finish: i < 3 ? "norm-gelu" : "none"}))
};

/** One for all tests, whatever they compute with. */
const browser = fileBrowser({webgpu: true});
let server: Server;
/** A page for each script. */
let variants: Page;
let kernels: Page;

beforeAll(async () => {
  const bundle = memoryBundle();
  await convertCheckpoint(fixtureCheckpoint(fixtureBytes()), bundle, {
    variants: ["fp32", "fp16", "int8", "int4"],
    allowInexact: true,
    openEncoder: (opened, precision) => openNodeEncoder(opened, {precision, threads: 1})
  });
  await writeRandomBundle({...originalBundle(2, originalGenes), architecture: originalShape}, original);
  server = await serve(
    new Map<string, Uint8Array | string>([
      ...Array.from(bundle.files, ([path, bytes]): [string, Uint8Array] => [`/bundle/${path}`, bytes]),
      ...Array.from(original.files, ([path, bytes]): [string, Uint8Array] => [`/original/${path}`, bytes]),
      ...(await scripts(["variants-page", "wgsl-page"]))
    ])
  );
  const open = async (name: string): Promise<Page> => {
    const page = await browser().newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}.html`);
    await page.waitForFunction(() => "testVariants" in window || "testWgsl" in window);
    return page;
  };
  variants = await open("variants-page");
  kernels = await open("wgsl-page");
}, 120_000);
afterAll(() => new Promise((resolve) => server.close(resolve)));

/** Scripts of pages, bundled, and pages that run them. */
async function scripts(names: readonly string[]): Promise<[string, Uint8Array | string][]> {
  const {outputFiles} = await build({
    entryPoints: names.map((name) => fileURLToPath(new URL(`${name}.ts`, import.meta.url))),
    bundle: true,
    format: "esm",
    outdir: "/",
    write: false,
    logLevel: "silent"
  });
  return names.flatMap((name, i): [string, Uint8Array | string][] => [
    [`/${name}.js`, outputFiles[i].contents],
    [`/${name}.html`, `<!doctype html><link rel="icon" href="data:,"><script type="module" src="/${name}.js"></script>`]
  ]);
}

/** Serves these files, and onnxruntime-web's at /ort/. */
async function serve(files: ReadonlyMap<string, Uint8Array | string>): Promise<Server> {
  const server = createServer(({url = "/"}, response) => {
    const content = files.get(url);
    const file = /^\/ort\/([\w.-]+)$/.exec(url)?.[1];
    const found = content !== undefined || (file !== undefined && existsSync(runtime + file));
    const type = types[url.split(".").at(-1) ?? ""] ?? "application/octet-stream";
    response.writeHead(found ? 200 : 404, {"content-type": type});
    if (content !== undefined || !found) response.end(content);
    else createReadStream(runtime + String(file)).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

describe("in a browser", () => {
  test.each(["own", "wasm", "webgpu"] as const)(
    "each variant passes its self-test on %s, and its storage is what is off",
    async (backend) => {
      const results = await variants.evaluate((backend) => window.testVariants(backend), backend);
      expect(results.map(({precision}) => precision)).toEqual(["fp32", "fp16", "int8"]);
      for (const result of results) {
        expect(result, result.precision).toMatchObject({passed: true, cells: 26});
        expect(result.control).toBeGreaterThan(0.5);
      }
      const [exact, half, bytes] = results.map(({relativeError}) => relativeError);
      expect(exact).toBeLessThan(1e-4);
      expect(half).toBeGreaterThan(exact);
      expect(bytes).toBeGreaterThan(half);
    },
    400_000
  );

  test("8-bit blocks multiplied as they lie are float32's products of them, but for factors of 14 bits", async () => {
    const {pay, possible, relativeError, chosen} = await variants.evaluate(() => window.compareBlocks());
    expect(possible).toBe(true);
    expect(chosen).toBe(pay ? "blocks" : "fp32");
    expect(relativeError).toBeLessThan(1e-3);
    expect(relativeError).toBeGreaterThan(1e-6);
  }, 60_000);
});

describe("our own kernels", () => {
  test("give the vectors of the float64 reference, pass the self-test, and say what goes wrong", async () => {
    const {selfTest, bytes, nibbles, vectors, refusals}: WgslResult = await kernels.evaluate(
      (sentences) => window.testWgsl(sentences),
      reference.sentences
    );
    expect(selfTest).toMatchObject({passed: true, cells: 26});
    expect(selfTest.relativeError).toBeLessThan(1e-4);
    expect(selfTest.control).toBeGreaterThan(0.5);
    expect(bytes).toMatchObject({passed: true, cells: 26});
    expect(bytes.relativeError).toBeGreaterThan(1e-4);
    expect(nibbles).toMatchObject({passed: true, cells: 26});
    expect(nibbles.relativeError).toBeLessThan(1e-4);
    const {sentences, embeddings} = reference;
    const width = embeddings[0].length;
    const right = Float32Array.from(embeddings.flat());
    expect(relativeError(Float32Array.from(vectors), right, sentences.length, width)).toBeLessThan(1e-4);
    expect(refusals).toEqual([
      expect.stringMatching(/^unknown-token: token 4242/),
      expect.stringMatching(/AbortError/),
      expect.stringMatching(/^(out-of-memory|run-failed): /),
      expect.stringMatching(/^device-lost: /),
      expect.stringMatching(/^closed: /)
    ]);
  }, 120_000);
});

test("the original UCE's family in 4 bits has the vectors that onnxruntime computes of the same blocks", async () => {
  const {next} = createRandom(2);
  const sentences = [70, 70, 70, 41].map((length) =>
    Array.from({length}, (_, i) => (i === 0 ? 3 : originalGenes[Math.floor(next() * originalGenes.length)].token))
  );
  const node = await openNodeEncoder(await openBundle(original), {precision: "int4", threads: 1});
  const right = await embedTokens(
    node,
    sentences.map((tokens) => Int32Array.from(tokens))
  ).finally(() => node.close());
  const ours = Float32Array.from(await kernels.evaluate((tokens) => window.testOriginal(tokens), sentences));
  expect(relativeError(ours, right, sentences.length, 128)).toBeLessThan(1e-4);
  const shifted = ours.map((_, i) => ours[(i + 128) % ours.length]);
  expect(relativeError(shifted, right, sentences.length, 128)).toBeGreaterThan(0.5);
}, 120_000);

test("candidates from the GPU give the neighbors that the processor finds, and too many cells are refused in words", async () => {
  const {right, found, fallbacks, refusal} = await kernels.evaluate(() => window.testNeighbors());
  expect(found).toEqual(right);
  // Copies: more than the candidates are equally near, and the processor must compare them all.
  expect(fallbacks).toBe(67);
  expect(refusal).toMatch(/neighbors of 200 cells: its buffers hold 1000 bytes/);
}, 120_000);
