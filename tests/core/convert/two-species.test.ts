import {readFileSync} from "node:fs";
import {beforeAll, describe, expect, it} from "vitest";
import type {CheckpointSizes} from "../../../scripts/hashed-checkpoint.js";
import {openNodeEncoder} from "../../../src/components/adapters/onnxruntime-node.js";
import {convertCheckpoint} from "../../../src/components/core/convert/convert.js";
import {openKeptPieces} from "../../../src/components/core/convert/kept-pieces.js";
import {encodeSafetensors} from "../../../src/components/core/convert/write-safetensors.js";
import {speciesFolder} from "../../../src/components/core/convert/species-folder.js";
import {embedTokens} from "../../../src/components/core/embed/embed-tokens.js";
import {bundleFiles} from "../../../src/components/core/model/bundle-files.js";
import type {BundleSource, Manifest} from "../../../src/components/core/model/bundle.js";
import {openBundle} from "../../../src/components/core/model/open-bundle.js";
import {parseManifest} from "../../../src/components/core/model/manifest.js";
import {memoryStore} from "../../../src/components/core/store/object-store.js";
import type {SentenceConstants, SpeciesGenes} from "../../../src/components/core/types.js";
import {relativeError} from "../../../src/components/core/vectors/relative-error.js";
import {fixtureCheckpoint, memoryBundle} from "./fixture.js";
import {hashedStored} from "./hashed-file.js";

/** What tests/reference/two_species.py computed in float64. */
interface Expected {
  config: CheckpointSizes & Record<string, unknown>;
  sentence: SentenceConstants;
  species: (SpeciesGenes & {sentences: number[][]; embeddings: number[][]})[];
}

const expected = JSON.parse(readFileSync("tests/fixtures/two-species/expected.json", "utf8")) as Expected;
const species = expected.species.map(({name, genes}) => ({name, genes}));
const weights = encodeSafetensors(hashedStored(expected.config));
const checkpoint = {...fixtureCheckpoint(weights, expected.config), sentence: expected.sentence};
const files = memoryBundle();
let manifest: Manifest;
beforeAll(async () => {
  manifest = await convertCheckpoint({...checkpoint, species}, files, {
    openEncoder: (bundle, precision) => openNodeEncoder(bundle, {precision, threads: 1}),
    variants: ["fp32", "int8"],
    allowInexact: true
  });
});

/** The bundle, and what is read of it. */
function spied(): {source: BundleSource; read: string[]} {
  const read: string[] = [];
  return {read, source: {name: "spied", read: (path) => (read.push(path), files.read(path))}};
}

describe("a bundle of two species", () => {
  it.each(expected.species.map((entry) => [entry.name, entry] as const))(
    "embeds %s as the float64 forward pass does",
    async (name, {sentences, embeddings}) => {
      const bundle = await openBundle(files, undefined, {species: name});
      const encoder = await openNodeEncoder(bundle, {precision: "fp32", threads: 1});
      const vectors = await embedTokens(
        encoder,
        sentences.map((tokens) => Int32Array.from(tokens))
      ).finally(() => encoder.close());
      const [cells, width] = [embeddings.length, embeddings[0].length];
      expect(relativeError(vectors, embeddings.flat(), cells, width)).toBeLessThan(2e-5);
      const [first] = expected.species.filter((other) => other.name !== name);
      expect(relativeError(vectors, first.embeddings.flat(), cells, width)).toBeGreaterThan(0.5);
    }
  );

  it("has for each the genes, table and graph that a bundle of it alone has, and the weights once", async () => {
    expect(Object.keys(JSON.parse(new TextDecoder().decode(files.files.get("manifest.json"))) as object)).not.toContain(
      "variants"
    );
    for (const entry of species) {
      const alone = memoryBundle();
      await convertCheckpoint({...checkpoint, species: [entry]}, alone);
      for (const [path, bytes] of alone.files) {
        if (path === "manifest.json") continue;
        const here = files.files.get(path) ?? files.files.get(`${entry.name}/${path}`);
        expect(Buffer.compare(here!, bytes), path).toBe(0);
      }
    }
    const paths = bundleFiles(manifest).map(({path}) => path);
    expect([...files.files.keys()].sort()).toEqual(["manifest.json", ...paths].sort());
    expect(paths.filter((path) => path.startsWith("encoder."))).toEqual([
      "encoder.fp32.safetensors",
      "encoder.int8.safetensors"
    ]);
    expect(manifest.species.map(({name, folder, genes, tableRows}) => ({name, folder, genes, tableRows}))).toEqual([
      {name: "human", folder: "human", genes: 150, tableRows: 3 + 6 + 150},
      {name: "mouse", folder: "mouse", genes: 120, tableRows: 3 + 4 + 120}
    ]);
  });

  it("opens one species without reading a file of the other, and tells its files by name", async () => {
    const {source, read} = spied();
    const bundle = await openBundle(source, undefined, {species: "mouse"});
    const encoder = await openNodeEncoder(bundle, {precision: "int8", threads: 1});
    await encoder.close();
    expect(read.filter((path) => path.startsWith("human/"))).toEqual([]);
    expect(read).toContain("mouse/table.int8.safetensors");
    expect(bundle.manifest.tableRows).toBe(127);
    expect(bundle.manifest.variants[0].files.map(({path}) => path)).toContain("table.fp32.safetensors");
    expect(bundle.manifest.variants[0].selfTestError).toBe(0);
  });

  it("is another model in every result for another species, and says which one it lacks", async () => {
    const {source, read} = spied();
    const human = await openBundle(source);
    const mouse = await human.forSpecies("mouse");
    expect([human.species, mouse.species]).toEqual(["human", "mouse"]);
    expect(mouse.hash).not.toBe(human.hash);
    expect(await mouse.forSpecies("human")).toBe(human);
    expect(read.filter((path) => path === "manifest.json")).toHaveLength(1);
    await expect(human.forSpecies("rat")).rejects.toThrow(/has no species "rat": choose one of: human, mouse/);
  });

  it("keeps the folded rows of the two apart, and goes on with both", async () => {
    const store = memoryStore();
    await convertCheckpoint({...checkpoint, species}, memoryBundle(), {kept: await openKeptPieces(store, "one")});
    const again = memoryBundle();
    const kept = await openKeptPieces(store, "one");
    const onlyRead = {...kept, write: () => Promise.reject(new Error("was folded again"))};
    await convertCheckpoint({...checkpoint, species}, again, {kept: onlyRead});
    for (const path of ["human/table.fp32.safetensors", "mouse/table.fp32.safetensors"])
      expect(Buffer.compare(again.files.get(path)!, files.files.get(path)!), path).toBe(0);
  });
});

describe("a manifest of several species", () => {
  const changed = (change: (json: {species: Record<string, unknown>[]}) => void): Uint8Array => {
    const json = JSON.parse(new TextDecoder().decode(files.files.get("manifest.json")));
    change(json);
    return new TextEncoder().encode(JSON.stringify(json));
  };

  it.each<[string, (json: {species: Record<string, unknown>[]}) => void, RegExp]>([
    ["without a folder", ({species: [first]}) => delete first.folder, /species\/0\/folder is missing/],
    ["a folder outside", ({species: [first]}) => void (first.folder = "../x"), /folder is "..\/x", not a plain/],
    ["one name twice", ({species: [a, b]}) => void (b.name = a.name), /species human stands there twice/],
    ["without variants", ({species: [, b]}) => delete b.variants, /species\/1\/variants is missing/],
    [
      "two checksums of one file",
      ({species: [a]}) => {
        const [variant] = a.variants as {files: {path: string; bytes: number}[]}[];
        variant.files.find(({path}) => path.startsWith("encoder."))!.bytes += 1;
      },
      /encoder\.fp32\.safetensors has two sizes or checksums/
    ]
  ])("is refused %s", (_, change, message) => {
    expect(() => parseManifest(changed(change), "here")).toThrow(message);
  });

  it("of version 1 has one", () => {
    const json = {...manifest, formatVersion: 1};
    expect(() => parseManifest(new TextEncoder().encode(JSON.stringify(json)), "here")).toThrow(
      /format version 1 has one species, not 2/
    );
  });
});

it("a species' folder is a name that any host serves, and distinct", () => {
  expect(speciesFolder("human", [])).toBe("human");
  expect(speciesFolder("Mus musculus", [])).toBe("Mus_musculus");
  expect(speciesFolder("../up", [])).toBe("up");
  expect(speciesFolder("ネズミ", [])).toBe("species");
  expect(speciesFolder("Human", ["human"])).toBe("Human-2");
});
