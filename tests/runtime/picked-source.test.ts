import {describe, expect, it} from "vitest";
import {convertInto} from "../../src/components/core/convert/convert-into.js";
import {planConversion} from "../../src/components/core/convert/plan-conversion.js";
import {addBundle} from "../../src/components/core/model/add-bundle.js";
import {memoryStore} from "../../src/components/core/store/object-store.js";
import {pickedSource, type PickedFile} from "../../src/components/runtime/browser/picked-source.js";
import {sourceBundle} from "../../src/components/runtime/browser/source-bundle.js";
import {fixtureBytes, fixtureCheckpoint, fixtureConfig} from "../core/convert/fixture.js";

const {species, sentence} = fixtureCheckpoint(fixtureBytes());
const picked = (path: string, content: BlobPart): PickedFile => ({
  path,
  file: new File([content], path.split("/").at(-1)!, {lastModified: 1})
});
const checkpoint = [
  picked("model/config.json", JSON.stringify(fixtureConfig)),
  picked("model/model.safetensors", fixtureBytes() as Uint8Array<ArrayBuffer>),
  picked("model/deeper/config.json", "{}")
];

describe("files that were picked or dropped", () => {
  it("are a checkpoint in the folder of the highest config.json, of which the header says what is needed", async () => {
    const source = pickedSource(checkpoint);
    expect(source.name).toBe("model");
    const plan = await planConversion(source, species);
    expect(plan).toMatchObject({layers: 2, width: 64, heads: 4, vocabulary: 170, genes: 150});
    expect(plan.whole).toBe(fixtureBytes().byteLength);
    expect(plan.needed).toBeLessThanOrEqual(plan.whole);
    expect(plan.needed).toBeGreaterThan(plan.whole / 2);
    const {manifest} = await convertInto(memoryStore(), source, {species, sentence});
    expect(manifest.name).toBe("model");
  });

  it("are a converted model where manifest.json is, also without a folder", async () => {
    const store = memoryStore();
    const {hash} = await convertInto(store, pickedSource(checkpoint), {species, sentence});
    const files = await Promise.all(
      (await store.list(`models/${hash}`)).map(async ({name}) =>
        picked(name.slice(`models/${hash}/`.length), (await store.read(name))!)
      )
    );
    expect((await addBundle(memoryStore(), sourceBundle(pickedSource(files)))).hash).toBe(hash);
    const some = files.filter(({path}) => !path.startsWith("encoder"));
    await expect(addBundle(memoryStore(), sourceBundle(pickedSource(some)))).rejects.toMatchObject({
      details: {domain: "model", code: "missing"}
    });
  });

  it("that are neither are refused by name", () => {
    expect(() => pickedSource([picked("notes.txt", "x")])).toThrow(
      /no config.json, manifest.json or .torch file among notes.txt/
    );
    expect(() => pickedSource([])).toThrow(/among no files/);
  });
});
