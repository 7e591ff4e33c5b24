import {describe, expect, it} from "vitest";
import {convertCheckpoint} from "../../../src/components/core/convert/convert.js";
import {addBundle, filesToKeep} from "../../../src/components/core/model/add-bundle.js";
import type {ReadyBundle} from "../../../src/components/core/model/adding-model.js";
import type {BundleSource} from "../../../src/components/core/model/bundle.js";
import {openBundle} from "../../../src/components/core/model/open-bundle.js";
import {listStoredModels, storedBundle} from "../../../src/components/core/model/stored-models.js";
import {memoryStore} from "../../../src/components/core/store/object-store.js";
import {fixtureBytes, fixtureCheckpoint, memoryBundle} from "../convert/fixture.js";

const bundle = memoryBundle();
const manifest = await convertCheckpoint(fixtureCheckpoint(fixtureBytes()), bundle, {
  variants: ["fp32", "fp16"],
  allowInexact: true
});
const names = filesToKeep(manifest).map(({place}) => place);

/** The bundle, with a note of what is read of it. */
function source(
  change: (path: string, bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> = (_, bytes) => bytes
) {
  const read: string[] = [];
  const noted: BundleSource = {
    name: "a host",
    read: async (path) => (read.push(path), change(path, (await bundle.read(path)).slice()))
  };
  return {read, noted};
}

describe("adding a ready bundle", () => {
  it("keeps the files of the variant that a browser opens, and gives the model that the bundle is", async () => {
    const store = memoryStore();
    const done: number[] = [];
    const {noted} = source();
    const ready: ReadyBundle[] = [];
    const added = await addBundle(store, noted, {
      onManifest: (said) => (expect(done).toEqual([]), ready.push(said)),
      onProgress: (progress) => done.push(progress.done / progress.total)
    });
    const {architecture, tableRows} = manifest;
    const bytes = filesToKeep(manifest).reduce((sum, file) => sum + file.bytes, 0);
    expect(ready).toEqual([{architecture, tableRows, storage: "fp32", files: names.length, bytes}]);
    expect(added.hash).toBe((await openBundle(bundle)).hash);
    expect(done.at(-1)).toBe(1);
    const [model] = await listStoredModels(store);
    expect(model.hash).toBe(added.hash);
    expect((await store.list("")).map(({name}) => name.split("/").slice(2).join("/")).sort()).toEqual(
      [...names, "manifest.json"].sort()
    );
    // What was not measured is passed over for float32.
    expect(names).toContain("table.fp32.safetensors");
    expect(names).not.toContain("table.fp16.safetensors");
    const kept = await openBundle(storedBundle(store, added.hash));
    for (const {name} of filesToKeep(manifest)) await kept.file(name);
  });

  it("refuses a file that is not what the manifest says, is no model then, and goes on without fetching again what is good", async () => {
    const store = memoryStore();
    const last = names.at(-1);
    const broken = source((path, bytes) => {
      if (path === last) bytes[bytes.length - 1] ^= 1;
      return bytes;
    });
    await expect(addBundle(store, broken.noted)).rejects.toMatchObject({details: {code: "wrong-checksum"}});
    expect(await listStoredModels(store)).toEqual([]);
    const again = source();
    await addBundle(store, again.noted);
    const opening = ["manifest.json", "genes.arrow"];
    expect(again.read.filter((path) => !opening.includes(path))).toEqual([last]);
    expect(await listStoredModels(store)).toHaveLength(1);
  });

  it("fetches again what is damaged in the store", async () => {
    const store = memoryStore();
    const {hash} = await addBundle(store, source().noted);
    await store.write(`models/${hash}/table.fp32.safetensors`, new Uint8Array(9));
    const again = source();
    await addBundle(store, again.noted);
    expect(again.read).toContain("table.fp32.safetensors");
    await (await openBundle(storedBundle(store, hash))).file("table.fp32.safetensors");
  });

  it("ends with the signal's reason", async () => {
    const stop = new AbortController();
    const store = memoryStore();
    const adding = addBundle(store, source().noted, {signal: stop.signal, onProgress: () => stop.abort()});
    await expect(adding).rejects.toMatchObject({name: "AbortError"});
    expect(await listStoredModels(store)).toEqual([]);
  });
});
