import {createServer, type Server} from "node:http";
import type {AddressInfo} from "node:net";
import {fileURLToPath} from "node:url";
import {build} from "esbuild";
import type {Browser, Page} from "playwright-core";
import {afterAll, beforeAll, describe, expect, test} from "vitest";
import {openNodeEncoder} from "../../src/components/adapters/onnxruntime-node.js";
import {convertCheckpoint} from "../../src/components/core/convert/convert.js";
import {embedTokens} from "../../src/components/core/embed/embed-tokens.js";
import type {Architecture} from "../../src/components/core/model/bundle.js";
import {openBundle} from "../../src/components/core/model/open-bundle.js";
import {createRandom} from "../../src/components/core/random.js";
import {writeRandomBundle} from "../../scripts/random-bundle.js";
import {originalArchitecture, originalBundle} from "../bench/family-model.js";
import {relativeError} from "../../src/components/core/vectors/relative-error.js";
import {fixtureBytes, fixtureCheckpoint, memoryBundle, reference} from "../core/convert/fixture.js";
import {openChromium} from "./chromium.js";
import type {WgslResult} from "./wgsl-page.js";

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

let server: Server;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  const bundle = memoryBundle();
  await convertCheckpoint(fixtureCheckpoint(fixtureBytes()), bundle, {
    variants: ["fp32", "int8", "int4"],
    allowInexact: true,
    openEncoder: (opened, precision) => openNodeEncoder(opened, {precision, threads: 1})
  });
  await writeRandomBundle({...originalBundle(2, originalGenes), architecture: originalShape}, original);
  const script = await build({
    entryPoints: [fileURLToPath(new URL("wgsl-page.ts", import.meta.url))],
    bundle: true,
    format: "esm",
    write: false,
    logLevel: "silent"
  });
  const files = new Map<string, Uint8Array | string>([
    ["/", '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>'],
    ["/page.js", script.outputFiles[0].contents],
    ...Array.from(bundle.files, ([path, bytes]): [string, Uint8Array] => [`/bundle/${path}`, bytes]),
    ...Array.from(original.files, ([path, bytes]): [string, Uint8Array] => [`/original/${path}`, bytes])
  ]);
  server = createServer(({url = "/"}, response) => {
    const type = url === "/" ? "text/html" : url.endsWith(".js") ? "text/javascript" : "application/octet-stream";
    response.writeHead(files.has(url) ? 200 : 404, {"content-type": type});
    response.end(files.get(url));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  browser = await openChromium({webgpu: true});
  page = await browser.newPage();
  await page.goto(address);
  await page.waitForFunction(() => typeof window.testWgsl === "function");
}, 120_000);
afterAll(async () => {
  await browser.close();
  await new Promise((resolve) => server.close(resolve));
});

describe("our own kernels", () => {
  test("give the vectors of the float64 reference, pass the self-test, and say what goes wrong", async () => {
    const {selfTest, bytes, nibbles, vectors, refusals}: WgslResult = await page.evaluate(
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
  const ours = Float32Array.from(await page.evaluate((tokens) => window.testOriginal(tokens), sentences));
  expect(relativeError(ours, right, sentences.length, 128)).toBeLessThan(1e-4);
  const shifted = ours.map((_, i) => ours[(i + 128) % ours.length]);
  expect(relativeError(shifted, right, sentences.length, 128)).toBeGreaterThan(0.5);
}, 120_000);

test("candidates from the GPU give the neighbors that the processor finds, and too many cells are refused in words", async () => {
  const {right, found, fallbacks, refusal} = await page.evaluate(() => window.testNeighbors());
  expect(found).toEqual(right);
  // Copies: more than the candidates are equally near, and the processor must compare them all.
  expect(fallbacks).toBe(134);
  expect(refusal).toMatch(/neighbors of 400 cells: its buffers hold 1000 bytes/);
}, 120_000);
