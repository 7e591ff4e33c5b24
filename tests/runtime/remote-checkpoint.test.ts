import {afterEach, beforeAll, describe, expect, test} from "vitest";
import {fetchRequest} from "../../src/components/adapters/http-request.js";
import {convertSource} from "../../src/components/core/convert/convert-source.js";
import type {SourceOptions} from "../../src/components/core/convert/convert-source.js";
import {remoteSource} from "../../src/components/core/convert/remote-source.js";
import type {Patience} from "../../src/components/core/remote/retry.js";
import type {Manifest} from "../../src/components/core/model/bundle.js";
import {memoryStore} from "../../src/components/core/store/object-store.js";
import {fixtureConfig, fixtureTensors, memoryBundle, reference, toSafetensors} from "../core/convert/fixture.js";
import {answer, serveCheckpoint} from "./checkpoint-server.js";
import type {CheckpointServer, Misbehavior} from "./checkpoint-server.js";

const waits: number[] = [];
const quick: Patience = {
  attempts: 4,
  first: 500,
  longest: 1500,
  stall: 300,
  wait: async (milliseconds) => void waits.push(milliseconds)
};
let weights: Uint8Array;
let config: Uint8Array;
let server: CheckpointServer | undefined;

beforeAll(async () => {
  weights = toSafetensors(await fixtureTensors());
  config = new TextEncoder().encode(JSON.stringify(fixtureConfig));
});
afterEach(async () => {
  await server?.close();
  waits.length = 0;
});

async function serve(misbehave?: Misbehavior, folder = ""): Promise<CheckpointServer> {
  const files = new Map([
    [`${folder}config.json`, config],
    [`${folder}model.safetensors`, weights]
  ]);
  return (server = await serveCheckpoint(files, misbehave));
}

interface Converted {
  manifest: Manifest;
  files: Map<string, Uint8Array>;
}

async function convert(address: string, options: Partial<SourceOptions> = {}, revision?: string): Promise<Converted> {
  const bundle = memoryBundle();
  const source = remoteSource(address, {request: fetchRequest(), patience: quick}, revision);
  const {genes, sentence} = reference;
  const manifest = await convertSource(source, bundle, {sentence, species: [{name: "made up", genes}], ...options});
  return {manifest, files: bundle.files};
}

const sameBytes = (a: Map<string, Uint8Array>, b: Map<string, Uint8Array>): void => {
  for (const [path, bytes] of a)
    if (path !== "manifest.json") expect(Buffer.compare(bytes, b.get(path)!), path).toBe(0);
};

describe("a checkpoint at an address", () => {
  test("is converted from the bytes that are needed, and identified by what its host says", async () => {
    const {address, sent} = await serve();
    const {manifest} = await convert(address);
    expect(manifest.source).toMatchObject({
      name: "127.0.0.1:" + new URL(address).port,
      address,
      sha256: "",
      files: [{path: "model.safetensors", version: '"one"', bytes: weights.byteLength}]
    });
    expect(manifest.source.read!.bytes).toBeLessThan(weights.byteLength);
    expect(sent()).toBeLessThan(weights.byteLength + 80_000);
  });

  test("gives the same bundle and the same hash of what was read as a folder's bytes do", async () => {
    const {address} = await serve();
    const first = await convert(address);
    const again = await convert(address);
    sameBytes(first.files, again.files);
    expect(again.manifest).toEqual(first.manifest);
  });

  test.each([
    ["a repository's resolve layout", "org/model/resolve/main/", "org/model", undefined, "main"],
    ["a page of a repository", "org/model/resolve/v2/", "org/model/tree/v2", undefined, "v2"],
    ["a revision", "org/model/resolve/abc/", "org/model", "abc", "abc"],
    ["a file of it", "plain/", "plain/config.json", undefined, ""],
    ["a folder without a slash", "plain/", "plain", undefined, ""]
  ])("is found in %s", async (_, folder, path, revision, named) => {
    const {address} = await serve(({response, bytes, range}) => {
      answer(response, bytes, range, {"x-repo-commit": named && `commit-of-${named}`});
      return true;
    }, folder);
    const {manifest} = await convert(address + path, {}, revision);
    expect(manifest.source.address).toBe(address + folder);
    expect(manifest.source.name).toBe(folder === "plain/" ? "plain" : "model");
    expect(manifest.source.revision).toBe(named && `commit-of-${named}`);
  });

  test("is read over connections that drop, and goes on at the byte where it was", async () => {
    const {address, asked, sent} = await serve(({response, path, bytes, range, before}) => {
      if (path !== "model.safetensors" || before % 2 === 0 || range === null) return false;
      response.writeHead(206, {
        etag: '"one"',
        "content-length": range.end - range.start,
        "content-range": `bytes ${range.start}-${range.end - 1}/${bytes!.byteLength}`
      });
      response.write(bytes!.subarray(range.start, range.start + ((range.end - range.start) >> 1)));
      setTimeout(() => response.destroy(), 5);
      return true;
    });
    const steady = await serveCheckpoint(
      new Map([
        ["config.json", config],
        ["model.safetensors", weights]
      ])
    );
    const expected = await convert(steady.address);
    await steady.close();
    const {files} = await convert(address);
    sameBytes(expected.files, files);
    expect(asked.length).toBeGreaterThan(40);
    expect(sent()).toBeLessThan(1.2 * weights.byteLength);
    expect(waits.length).toBeGreaterThan(10);
    expect(Math.max(...waits)).toBe(500);
  });

  test("is waited for where the host is busy, as long as the host asks", async () => {
    const {address} = await serve(({response, before}) => {
      if (before > 1) return false;
      response.writeHead(before === 0 ? 503 : 429, {"retry-after": "2"}).end();
      return true;
    });
    await convert(address);
    expect(waits).toEqual([2000, 2000, 2000, 2000]);
  });
});

describe("what was fetched of a checkpoint", () => {
  const first: Misbehavior = ({response, path, before}) => {
    if (path !== "model.safetensors" || before < 40) return false;
    response.destroy();
    return true;
  };

  test("is kept when the host is gone, and not fetched again", async () => {
    const unfinished = memoryStore();
    const {address} = await serve(first);
    const port = Number(new URL(address).port);
    await expect(convert(address, {unfinished})).rejects.toMatchObject({details: {code: /dropped|unreachable/}});
    const kept = await unfinished.list("");
    expect(kept.length).toBeGreaterThan(30);
    await server!.close();
    expect(waits).toContain(1000);

    server = await serveCheckpoint(
      new Map([
        ["config.json", config],
        ["model.safetensors", weights]
      ]),
      undefined,
      port
    );
    const {files} = await convert(address, {unfinished});
    expect(server.asked.length).toBeLessThan(25);
    expect(await unfinished.list("")).toEqual([]);
    sameBytes((await convert(address)).files, files);
  });

  test("is not used for a file that has changed, other genes, or where a piece was damaged", async () => {
    const unfinished = memoryStore();
    const {address} = await serve(first);
    const port = Number(new URL(address).port);
    await expect(convert(address, {unfinished})).rejects.toThrow();
    await server!.close();
    const [{name}] = await unfinished.list("");
    await unfinished.write(name, new Uint8Array(4));
    const files = new Map([
      ["config.json", config],
      ["model.safetensors", weights]
    ]);
    server = await serveCheckpoint(files, undefined, port);
    const expected = await convert(address);
    const repaired = await convert(address, {unfinished});
    sameBytes(expected.files, repaired.files);

    await unfinished.write("other/key.0.00", new Uint8Array(4));
    const fewer = await convert(address, {
      unfinished,
      species: [{name: "made up", genes: reference.genes.slice(0, 100)}]
    });
    expect(fewer.manifest.species[0].genes).toBe(100);
    expect(await unfinished.list("")).toEqual([]);
  });

  test("goes on after Cancel", async () => {
    const unfinished = memoryStore();
    const {address, asked} = await serve();
    const abort = new AbortController();
    const onProgress = ({step, done, total}: {step: string; done: number; total: number}) =>
      step === "weights" && done === total && abort.abort();
    await expect(convert(address, {unfinished, signal: abort.signal, onProgress})).rejects.toMatchObject({
      name: "AbortError"
    });
    const before = asked.length;
    await convert(address, {unfinished});
    expect(asked.length - before).toBeLessThan(8);
  });
});
