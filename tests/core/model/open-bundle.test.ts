import {beforeAll, describe, expect, it} from "vitest";
import type {BundleSource, Manifest} from "../../../src/components/core/model/bundle.js";
import {convertCheckpoint} from "../../../src/components/core/convert/convert.js";
import {readGraphFiles} from "../../../src/components/core/model/graph-files.js";
import {openBundle} from "../../../src/components/core/model/open-bundle.js";
import {sha256} from "../../../src/components/core/sha256.js";
import {fixtureCheckpoint, fixtureTensors, memoryBundle, reference, toSafetensors} from "../convert/fixture.js";

const files = memoryBundle();
beforeAll(async () => {
  await convertCheckpoint(fixtureCheckpoint(toSafetensors(await fixtureTensors())), files);
});

/** The bundle with one file replaced. */
function withFile(path: string, bytes: Uint8Array<ArrayBuffer> | string): BundleSource {
  const content = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
  return {name: "bundle", read: async (wanted) => (wanted === path ? content : files.read(wanted))};
}

/** The bundle with a changed manifest. */
function withManifest(change: (manifest: Record<string, unknown> & Manifest) => void): BundleSource {
  const manifest = JSON.parse(new TextDecoder().decode(files.files.get("manifest.json")));
  change(manifest);
  return withFile("manifest.json", JSON.stringify(manifest));
}

describe("opening a bundle", () => {
  it("gives the genes as they were converted, and a table row for every token a sentence can have", async () => {
    const bundle = await openBundle(files);
    expect(bundle.genes).toEqual(reference.genes);
    const {pad, cls, chromosomeEnd} = reference.sentence;
    expect([pad, cls, chromosomeEnd, 3, 4, 5, 6, 8, 9].map((token) => bundle.tableRow.get(token))).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8
    ]);
    for (const tokens of reference.sentences) for (const token of tokens) expect(bundle.tableRow.has(token)).toBe(true);
    expect(new Set(bundle.tableRow.values()).size).toBe(bundle.manifest.tableRows);
    expect(bundle.hash).toBe(await sha256(files.files.get("manifest.json") ?? new Uint8Array(0)));
  });

  it("reads nothing but manifest and genes until more is asked for", async () => {
    const read: string[] = [];
    await openBundle({name: "spied", read: (path) => (read.push(path), files.read(path))});
    expect(read).toEqual(["manifest.json", "genes.arrow"]);
  });

  it.each<[string, string, string | Uint8Array<ArrayBuffer>, RegExp]>([
    [
      "wrong-size",
      "genes.arrow",
      "short",
      /genes\.arrow has 5 bytes where the manifest says \d+ \(at bundle\/genes\.arrow\): download the bundle again/
    ],
    ["not-a-bundle", "manifest.json", "<!doctype html>", /bundle is not a model bundle: manifest\.json is not JSON/],
    ["not-a-bundle", "manifest.json", "{}", /not that of a model bundle/]
  ])("says %s of %s", async (code, path, bytes, message) => {
    await expect(openBundle(withFile(path, bytes))).rejects.toThrow(message);
    await expect(openBundle(withFile(path, bytes))).rejects.toMatchObject({details: {domain: "model", code}});
  });

  it("finds a single changed bit by its checksum", async () => {
    const damaged = Uint8Array.from(files.files.get("table.fp32.safetensors") ?? []);
    damaged[damaged.length - 7] ^= 1;
    const bundle = await openBundle(withFile("table.fp32.safetensors", damaged));
    await expect(readGraphFiles(bundle, "encoder", "fp32")).rejects.toThrow(
      /table\.fp32\.safetensors is not what the manifest describes.*download/
    );
  });

  it.each<[string, (manifest: Record<string, unknown> & Manifest) => void, RegExp]>([
    ["a later format", (m) => Object.assign(m, {formatVersion: 3}), /format version 3; this version reads 1 and 2/],
    [
      "a missing field",
      (m) => Reflect.deleteProperty(m, "sentence"),
      /manifest\.json\/sentence is missing, not an object/
    ],
    [
      "a text for a number",
      (m) => Object.assign(m.architecture, {layers: "2"}),
      /architecture\/layers is "2", not a positive whole number/
    ],
    ["no variant", (m) => (m.variants = []), /variants is \[\], not a list with entries/],
    [
      "an unknown precision",
      (m) => Object.assign(m.variants[0], {precision: "int2"}),
      /variants\/0\/precision is "int2"/
    ],
    [
      "a path that leaves the folder",
      (m) => (m.variants[0].files[0].path = "../secret"),
      /files\/0\/path is "\.\.\/secret", not a plain relative path/
    ],
    ["an absolute path", (m) => (m.variants[0].files[0].path = "/etc/passwd"), /not a plain relative path/],
    ["a damaged checksum", (m) => (m.variants[0].files[1].sha256 = "00"), /files\/1\/sha256 is "00"/],
    [
      "a family that nobody knows",
      (m) => Object.assign(m.architecture, {family: "bert"}),
      /architecture\/family is "bert", not "uce-brain" or "uce"/
    ],
    [
      "an output block that nobody knows",
      (m) => Object.assign(m.architecture.output[0], {finish: "relu"}),
      /architecture\/output is \[\{.*"finish":"relu"\}\], not a list of width and finish/
    ],
    [
      "another width at its end",
      (m) => (m.architecture.output[0].width = 32),
      /last block of output is 32 wide, and outputWidth is 64/
    ],
    ["heads that do not divide", (m) => (m.architecture.heads = 7), /width 64 is not a multiple of heads 7/],
    [
      "two checksums of a file",
      (m) => m.variants[0].files.push({...m.variants[0].files[0], bytes: 1}),
      /genes\.arrow has two sizes/
    ],
    [
      "a figure that is no number",
      (m) => Object.assign(m.variants[0], {selfTestError: "0"}),
      /variants\/0\/selfTestError is "0", not a number/
    ],
    [
      "a measurement without its controls",
      (m) => Object.assign(m, {measured: {origin: "cells", cells: 500, backend: "cpu"}}),
      /manifest\.json\/measured is \{"origin":"cells".*, not origin, cells, backend and controls/
    ],
    ["too few rows", (m) => (m.tableRows = 5), /makes 159 table rows where the manifest says 5/],
    [
      "other special tokens",
      (m) => (m.sentence.cls = m.sentence.pad),
      /gene GENE0 is given table row 9, its place is 8/
    ]
  ])("refuses a manifest with %s", async (_, change, message) => {
    await expect(openBundle(withManifest(change))).rejects.toThrow(message);
    await expect(openBundle(withManifest(change))).rejects.toMatchObject({details: {domain: "model"}});
  });

  it("takes an older manifest, which does not tell of the output, for one of UCE-brain", async () => {
    const older = withManifest(({architecture}) => {
      for (const name of ["family", "output", "expressionTable"]) Reflect.deleteProperty(architecture, name);
    });
    const {manifest} = await openBundle(older);
    expect(manifest.architecture).toEqual((await openBundle(files)).manifest.architecture);
    expect(manifest.architecture).toMatchObject({family: "uce-brain", output: [{width: 64, finish: "norm"}]});
  });

  it("lists what it has where a variant or a part is missing", async () => {
    const bundle = await openBundle(files);
    await expect(readGraphFiles(bundle, "encoder", "int8")).rejects.toThrow(/no int8 variant \(it has fp32\)/);
    const without = await openBundle(
      withManifest(
        (m) => (m.variants[0].files = m.variants[0].files.filter(({path}) => !path.startsWith("expression")))
      )
    );
    await expect(readGraphFiles(without, "expression", "fp32")).rejects.toThrow(
      /fp32 variant .* has no expression\.fp32\.onnx/
    );
    await expect(bundle.file("other.bin")).rejects.toThrow(/lists no other\.bin/);
  });

  it("stops when aborted", async () => {
    const bundle = await openBundle(files);
    await expect(bundle.file("genes.arrow", AbortSignal.abort())).rejects.toMatchObject({name: "AbortError"});
  });
});
