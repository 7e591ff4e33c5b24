import {createServer, type Server} from "node:http";
import type {AddressInfo} from "node:net";
import {fileURLToPath} from "node:url";
import {build} from "esbuild";
import type {Browser, Page} from "playwright-core";
import {afterAll, beforeAll, describe, expect, test} from "vitest";
import {openNodeEncoder} from "../../src/components/adapters/onnxruntime-node.js";
import {convertCheckpoint} from "../../src/components/core/convert/convert.js";
import {relativeError} from "../../src/components/core/vectors/relative-error.js";
import {fixtureBytes, fixtureCheckpoint, memoryBundle, reference} from "../core/convert/fixture.js";
import {openChromium} from "./chromium.js";
import type {WgslResult} from "./wgsl-page.js";

let server: Server;
let address: string;
let browser: Browser;

beforeAll(async () => {
  const bundle = memoryBundle();
  await convertCheckpoint(fixtureCheckpoint(fixtureBytes()), bundle, {
    variants: ["fp32", "int8", "int4"],
    allowInexact: true,
    openEncoder: (opened, precision) => openNodeEncoder(opened, {precision, threads: 1})
  });
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
    ...Array.from(bundle.files, ([path, bytes]): [string, Uint8Array] => [`/bundle/${path}`, bytes])
  ]);
  server = createServer(({url = "/"}, response) => {
    const type = url === "/" ? "text/html" : url.endsWith(".js") ? "text/javascript" : "application/octet-stream";
    response.writeHead(files.has(url) ? 200 : 404, {"content-type": type});
    response.end(files.get(url));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  browser = await openChromium({webgpu: true});
}, 120_000);
afterAll(async () => {
  await browser.close();
  await new Promise((resolve) => server.close(resolve));
});

async function openPage(): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(address);
  await page.waitForFunction(() => typeof window.testWgsl === "function");
  return page;
}

async function run(): Promise<WgslResult> {
  const page = await openPage();
  return await page.evaluate((sentences) => window.testWgsl(sentences), reference.sentences);
}

describe("our own kernels", () => {
  test("give the vectors of the float64 reference, pass the self-test, and say what goes wrong", async () => {
    const {selfTest, bytes, nibbles, vectors, refusals} = await run();
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

test("candidates from the GPU give the neighbors that the processor finds, and too many cells are refused in words", async () => {
  const page = await openPage();
  const {right, found, fallbacks, refusal} = await page.evaluate(() => window.testNeighbors());
  expect(found).toEqual(right);
  // Copies: more than the candidates are equally near, and the processor must compare them all.
  expect(fallbacks).toBe(134);
  expect(refusal).toMatch(/neighbors of 400 cells: its buffers hold 1000 bytes/);
}, 120_000);
