import {describe, expect, it} from "vitest";
import type {CheckpointSource} from "../../../src/components/core/convert/checkpoint-source.js";
import {convertInto, forgetUnfinished} from "../../../src/components/core/convert/convert-into.js";
import {memoryReader} from "../../../src/components/core/remote/range-reader.js";
import {openBundle} from "../../../src/components/core/model/open-bundle.js";
import {listStoredModels, removeStoredModel, storedBundle} from "../../../src/components/core/model/stored-models.js";
import {WorkbookError} from "../../../src/components/core/errors.js";
import {memoryStore} from "../../../src/components/core/store/object-store.js";
import type {ObjectStore} from "../../../src/components/core/store/object-store.js";
import {fixtureBytes, fixtureConfig, reference} from "./fixture.js";

const {genes, sentence} = reference;
const options = {sentence, species: [{name: "made up", genes}]};
const source: CheckpointSource = {
  name: "fixture",
  address: "",
  revision: () => "",
  list: async () => null,
  read: async (path) => (path === "config.json" ? new TextEncoder().encode(JSON.stringify(fixtureConfig)) : null),
  open: async (path) => (path === "model.safetensors" ? {...memoryReader(path, fixtureBytes()), version: "1"} : null)
};
const names = async (store: ObjectStore) => (await store.list("")).map(({name}) => name);

describe("converting into a store", () => {
  it("keeps a whole model under its hash, and nothing else", async () => {
    const store = memoryStore();
    await store.write("making/bundle/left-by-a-closed-tab", new Uint8Array(3));
    await store.write("results/other", new Uint8Array(5));
    const {hash, manifest} = await convertInto(store, source, options);
    expect((await names(store)).filter((name) => !name.startsWith(`models/${hash}/`))).toEqual(["results/other"]);
    const bundle = await openBundle(storedBundle(store, hash));
    expect(bundle.hash).toBe(hash);
    for (const {path} of manifest.variants[0].files) await bundle.file(path);
    const [model] = await listStoredModels(store);
    expect(model).toMatchObject({hash, manifest: {name: "fixture"}});
    expect(model.bytes).toBeGreaterThan(100_000);
    expect((await convertInto(store, source, options)).hash).toBe(hash);

    await removeStoredModel(store, hash);
    expect(await names(store)).toEqual(["results/other"]);
    await expect(openBundle(storedBundle(store, hash))).rejects.toMatchObject({details: {code: "no-such-file"}});
  });

  it("leaves no half of a model where the store is full, and goes on when there is room", async () => {
    const store = memoryStore();
    let room = 6;
    const small: ObjectStore = {
      ...store,
      write: async (name, bytes) => {
        if (--room < 0) {
          const details = {domain: "storage", code: "storage-full", fault: "no room", remedy: "make room"} as const;
          throw new WorkbookError(details);
        }
        await store.write(name, bytes);
      }
    };
    for (const [places, left] of [
      [1, "pieces"],
      [6, "pieces"],
      [10, "models"]
    ] as const) {
      room = places;
      await expect(convertInto(small, source, options)).rejects.toMatchObject({details: {code: "storage-full"}});
      expect((await names(store)).some((name) => name.includes(left))).toBe(true);
      expect(await listStoredModels(store)).toEqual([]);
    }
    room = Infinity;
    const {hash} = await convertInto(small, source, options);
    expect((await listStoredModels(store)).map((model) => model.hash)).toEqual([hash]);
  });

  it("can be forgotten when it was not ended", async () => {
    const store = memoryStore();
    const abort = new AbortController();
    const onProgress = ({step, done}: {step: string; done: number}) => step === "fold" && done > 0 && abort.abort();
    const canceled = convertInto(store, source, {...options, signal: abort.signal, onProgress});
    await expect(canceled).rejects.toMatchObject({name: "AbortError"});
    expect((await names(store)).length).toBeGreaterThan(0);
    await store.write("models/0123/table.fp32.safetensors", new Uint8Array(3));
    await forgetUnfinished(store);
    expect(await names(store)).toEqual([]);
  });
});
