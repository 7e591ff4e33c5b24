import {createReadStream, existsSync} from "node:fs";
import {createServer} from "node:http";
import type {Server} from "node:http";
import type {AddressInfo} from "node:net";
import {fileURLToPath} from "node:url";
import {build} from "esbuild";
import type {Page} from "playwright-core";
import {afterAll, beforeAll, describe, expect, test} from "vitest";
import {openNodeEncoder} from "../../src/components/adapters/onnxruntime-node.js";
import {convertCheckpoint} from "../../src/components/core/convert/convert.js";
import {fixtureBytes, fixtureCheckpoint, memoryBundle} from "../core/convert/fixture.js";
import {openChromium, sharedChromium} from "./chromium.js";
import type {VariantBackend, VariantResult} from "./variants-page.js";

const runtime = fileURLToPath(new URL("../../node_modules/onnxruntime-web/dist/", import.meta.url));
const types: Record<string, string> = {
  html: "text/html",
  js: "text/javascript",
  mjs: "text/javascript",
  wasm: "application/wasm"
};

let server: Server;
let address: string;

beforeAll(async () => {
  const bundle = memoryBundle();
  await convertCheckpoint(fixtureCheckpoint(fixtureBytes()), bundle, {
    variants: ["fp32", "fp16", "int8"],
    allowInexact: true,
    openEncoder: (opened, precision) => openNodeEncoder(opened, {precision, threads: 1})
  });
  const script = await build({
    entryPoints: [fileURLToPath(new URL("variants-page.ts", import.meta.url))],
    bundle: true,
    format: "esm",
    write: false,
    logLevel: "silent"
  });
  const texts = new Map<string, Uint8Array | string>([
    ["/", '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>'],
    ["/page.js", script.outputFiles[0].contents],
    ...Array.from(bundle.files, ([path, bytes]): [string, Uint8Array] => [`/bundle/${path}`, bytes])
  ]);
  server = createServer(({url = "/"}, response) => {
    const text = texts.get(url);
    const file = /^\/ort\/([\w.-]+)$/.exec(url)?.[1];
    const found = text !== undefined || (file !== undefined && existsSync(runtime + file));
    const type = types[url === "/" ? "html" : (url.split(".").at(-1) ?? "")] ?? "application/octet-stream";
    response.writeHead(found ? 200 : 404, {"content-type": type});
    if (text !== undefined || !found) response.end(text);
    else createReadStream(runtime + String(file)).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const inPage = async <T>(act: (page: Page) => Promise<T>): Promise<T> => {
  const page = await (await sharedChromium()).newPage();
  try {
    await page.goto(address);
    await page.waitForFunction(() => typeof window.testVariants === "function");
    return await act(page);
  } finally {
    await page.close();
  }
};

async function testVariants(backend: VariantBackend): Promise<VariantResult[]> {
  const own = backend === "webgpu" ? await openChromium({webgpu: true}) : undefined;
  const page = await (own ?? (await sharedChromium())).newPage();
  try {
    await page.goto(address);
    await page.waitForFunction(() => typeof window.testVariants === "function");
    return await page.evaluate((backend) => window.testVariants(backend), backend);
  } finally {
    await page.close();
    await own?.close();
  }
}

describe("in a browser", () => {
  test.each(["own", "wasm", "webgpu"] as const)(
    "each variant passes its self-test on %s, and its storage is what is off",
    async (backend) => {
      const results = await testVariants(backend);
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
    const {pay, possible, relativeError, chosen} = await inPage((page) => page.evaluate(() => window.compareBlocks()));
    expect(possible).toBe(true);
    expect(chosen).toBe(pay ? "blocks" : "fp32");
    expect(relativeError).toBeLessThan(1e-3);
    expect(relativeError).toBeGreaterThan(1e-6);
  }, 60_000);
});
