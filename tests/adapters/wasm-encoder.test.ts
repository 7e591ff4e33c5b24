import {setFlagsFromString} from "node:v8";
import {runInNewContext} from "node:vm";
import {afterEach, beforeAll, describe, expect, it} from "vitest";
import {nodeThread} from "../../src/components/adapters/node-thread.js";
import {openWasmEncoder} from "../../src/components/adapters/wasm-encoder.js";
import {convertCheckpoint} from "../../src/components/core/convert/convert.js";
import type {Encoder} from "../../src/components/core/embed/encoder.js";
import type {Bundle} from "../../src/components/core/model/bundle.js";
import {openBundle} from "../../src/components/core/model/open-bundle.js";
import type {StartThread} from "../../src/components/core/threads/messages.js";
import {ownThread} from "../../src/components/core/threads/own-thread.js";
import {relativeError} from "../../src/components/core/vectors/relative-error.js";
import {threadProgram} from "../../src/components/runtime/thread-program.js";
import {fixtureCheckpoint, fixtureTensors, memoryBundle, reference, toSafetensors} from "../core/convert/fixture.js";

let bundle: Bundle;
let started = 0;
const realThread: StartThread = () => ((started += 1), nodeThread(threadProgram));
const noThread: StartThread = () => {
  throw new Error("no threads here");
};

/** Sentences of one length, as many as there are, side by side. */
const {length} = reference.sentences[0];
const sentences = reference.sentences.filter((sentence) => sentence.length === length);
const tokens = Int32Array.from(sentences.flat());
const expected = Float32Array.from(
  reference.embeddings.filter((_, i) => reference.sentences[i].length === length).flat()
);

const open: Encoder[] = [];
async function encoderOf(threads: number, startThread = realThread, of = bundle): Promise<Encoder> {
  const encoder = await openWasmEncoder(of, {name: "wasm", precision: "fp32", threads, startThread});
  open.push(encoder);
  return encoder;
}

beforeAll(async () => {
  const files = memoryBundle();
  await convertCheckpoint(fixtureCheckpoint(toSafetensors(await fixtureTensors())), files);
  bundle = await openBundle(files);
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((encoder) => encoder.close()));
  started = 0;
});

describe("the encoder of our own functions on the processor", () => {
  it("says what it is, and gives the reference's vectors", async () => {
    const encoder = await encoderOf(2);
    expect(encoder).toMatchObject({name: "wasm, 2 threads", backend: "wasm", compute: "fp32", storage: "fp32"});
    expect(encoder).toMatchObject({width: 64, limits: {maxBatch: 128, preferredBatch: 4, sideBySide: 2, atOnce: 2}});
    const vectors = await encoder.embed(tokens, sentences.length, length);
    expect(relativeError(vectors, expected, sentences.length, 64)).toBeLessThan(1e-5);
    expect(started).toBe(2);
  });

  it("gives the same bytes whatever the threads: two with one memory, three with one each, the caller's own", async () => {
    const vectorsOf = async (encoder: Encoder) => [...(await encoder.embed(tokens, sentences.length, length))];
    const vectors = [await vectorsOf(await encoderOf(2))];
    const alone = await encoderOf(1, noThread);
    expect(alone.name).toBe("wasm, 1 thread");
    vectors.push(await vectorsOf(alone));
    Object.assign(globalThis, {crossOriginIsolated: false});
    try {
      vectors.push(await vectorsOf(await encoderOf(3)));
    } finally {
      Reflect.deleteProperty(globalThis, "crossOriginIsolated");
    }
    expect(vectors[1]).toEqual(vectors[0]);
    expect(vectors[2]).toEqual(vectors[0]);
  });

  it("takes the next call while one is under way, and answers them in their order", async () => {
    const encoder = await encoderOf(2);
    const short = tokens.slice(0, 5);
    const alone = [await encoder.embed(tokens, sentences.length, length), await encoder.embed(short, 1, 5)];
    const order: number[] = [];
    const calls = [encoder.embed(tokens, sentences.length, length), encoder.embed(short, 1, 5)];
    calls.forEach((call, i) => void call.then(() => order.push(i)));
    expect((await Promise.all(calls)).map((vectors) => [...vectors])).toEqual(alone.map((vectors) => [...vectors]));
    expect(order).toEqual([0, 1]);
  });

  it("goes on when threads die, and says how many are left", async () => {
    const threads: {end(): unknown}[] = [];
    const encoder = await encoderOf(2, () => {
      const thread = realThread();
      threads.push(thread);
      return thread;
    });
    const vectors = await encoder.embed(tokens, sentences.length, length);
    for (const left of [1, 1]) {
      const again = encoder.embed(tokens, sentences.length, length);
      void threads.pop()!.end();
      expect([...(await again)]).toEqual([...vectors]);
      await expect.poll(() => encoder.name).toBe(`wasm, ${left} thread`);
    }
  });

  it("hears Cancel at once, and computes what comes after", async () => {
    const encoder = await encoderOf(1);
    const vectors = await encoder.embed(tokens, sentences.length, length);
    const stop = new AbortController();
    const canceled = encoder.embed(tokens, sentences.length, length, stop.signal);
    stop.abort(new Error("not wanted"));
    await expect(canceled).rejects.toThrow("not wanted");
    await expect(encoder.embed(tokens, sentences.length, length, stop.signal)).rejects.toThrow("not wanted");
    expect([...(await encoder.embed(tokens, sentences.length, length))]).toEqual([...vectors]);
    const never = openWasmEncoder(bundle, {
      ...{name: "wasm", precision: "fp32", threads: 1},
      startThread: () => ({post() {}, listen() {}, end() {}}),
      signal: AbortSignal.timeout(20)
    });
    await expect(never).rejects.toThrow(/timeout/i);
  });

  it("says that a model is too large before it takes any memory or starts a thread", async () => {
    const {architecture} = bundle.manifest;
    const wide = {...architecture, layers: 33, width: 1280, heads: 20, feedForward: 5120};
    const large = {...bundle, manifest: {...bundle.manifest, architecture: wide}};
    await expect(encoderOf(2, realThread, large)).rejects.toMatchObject({
      details: {code: "too-large", fault: expect.stringMatching(/2,598 MB in float32/) as string}
    });
    expect(started).toBe(0);
  });

  it("names a token that the model does not know, and refuses to compute once it is closed", async () => {
    const encoder = await encoderOf(1, () => ownThread());
    await expect(encoder.embed(Int32Array.of(-1), 1, 1)).rejects.toThrow(/token -1/);
    await encoder.close();
    await encoder.close();
    await expect(encoder.embed(tokens, sentences.length, length)).rejects.toThrow("the model was closed");
  });

  it("needs no more memory after a thousand calls", async () => {
    const encoder = await encoderOf(1, () => ownThread());
    const short = tokens.slice(0, 4);
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const {signal} = new AbortController();
    const many = async (calls: number) => {
      for (let call = 0; call < calls; ++call) await encoder.embed(short, 1, 4, signal);
      collect();
      const {heapUsed, arrayBuffers, external} = process.memoryUsage();
      return heapUsed + arrayBuffers + external;
    };
    const before = await many(100);
    expect((await many(1000)) - before).toBeLessThan(1e6);
  });
});
