import {afterEach, beforeEach, expect, test, vi} from "vitest";
import {createRandom} from "../../src/components/core/random.js";
import {nearestNeighbors} from "../../src/components/core/vectors/neighbors.js";

const {normal} = createRandom(4);
const [count, width] = [4000, 3];
const cells = Float32Array.from({length: count * width}, normal);
const limits = {maxStorageBufferBindingSize: 2 ** 30, maxBufferSize: 2 ** 30};

let opened = 0;
let destroyed = 0;

/** A browser whose GPU has this name and gives devices that are lost at the first call. */
function browserWith(description: string): void {
  const device = {
    limits,
    pushErrorScope: () => {},
    popErrorScope: () => Promise.resolve(null),
    createBuffer: () => {
      throw new DOMException("the device is gone", "AbortError");
    },
    destroy: () => (destroyed += 1)
  };
  const adapter = {
    features: [],
    limits,
    info: {vendor: "", architecture: "", device: "", description},
    requestDevice: () => Promise.resolve(((opened += 1), device))
  };
  vi.stubGlobal("navigator", {gpu: {requestAdapter: () => Promise.resolve(adapter)}});
}

const search = async () => (await import("../../src/components/runtime/browser/search-neighbors.js")).searchNeighbors;

beforeEach(() => {
  vi.resetModules();
  [opened, destroyed] = [0, 0];
});
afterEach(() => vi.unstubAllGlobals());

test("what a lost GPU has begun the processor does, and the device is given back", async () => {
  browserWith("Made-up GPU");
  const found = await (await search())(cells, width, 5);
  expect(found).toEqual(await nearestNeighbors(cells, width, 5));
  expect({opened, destroyed}).toEqual({opened: 1, destroyed: 1});
});

test("neither few cells nor an imitated GPU open a device", async () => {
  browserWith("Made-up GPU");
  await (
    await search()
  )(cells.subarray(width), width, 5);
  vi.resetModules();
  browserWith("SwiftShader");
  await (
    await search()
  )(cells, width, 5);
  expect(opened).toBe(0);
});

test("who has stopped waiting is not answered by the processor instead", async () => {
  browserWith("Made-up GPU");
  const signal = AbortSignal.abort();
  await expect((await search())(cells, width, 5, {signal})).rejects.toMatchObject({name: "AbortError"});
});
