import {copyFile, mkdir, mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, test} from "vitest";
import {fetchRequest} from "../../src/components/adapters/http-request.js";
import type {CheckpointSource} from "../../src/components/core/convert/checkpoint-source.js";
import {convertSource} from "../../src/components/core/convert/convert-source.js";
import {planConversion} from "../../src/components/core/convert/plan-conversion.js";
import {remoteSource} from "../../src/components/core/convert/remote-source.js";
import type {Patience} from "../../src/components/core/remote/retry.js";
import {memoryStore} from "../../src/components/core/store/object-store.js";
import {pickedSource} from "../../src/components/runtime/browser/picked-source.js";
import {localSource} from "../../src/components/runtime/node-checkpoint.js";
import {memoryBundle} from "../core/convert/fixture.js";
import {original, originalBytes} from "../core/convert/original-fixture.js";
import {serveCheckpoint} from "./checkpoint-server.js";

const quick: Patience = {attempts: 3, first: 1, longest: 1, stall: 60, wait: async () => {}};
const species = [{name: "made up", genes: original.genes}];
const config = JSON.stringify(original.config);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "torch-"));
  await mkdir(join(folder, "one"));
  await copyFile("tests/fixtures/original/model.torch", join(folder, "one", "4layer_model.torch"));
  await writeFile(join(folder, "one", "config.json"), config);
});
afterAll(() => rm(folder, {recursive: true}));

async function tableOf(source: CheckpointSource): Promise<Uint8Array> {
  const bundle = memoryBundle();
  await convertSource(source, bundle, {species, sentence: original.sentence});
  return bundle.files.get("table.fp32.safetensors")!;
}

test("a folder, picked files and a host give the same model, and the header says what it costs", async () => {
  const local = await localSource(join(folder, "one"));
  expect(await planConversion(local, species)).toMatchObject({
    family: "uce",
    layers: 2,
    heads: 2,
    sentence: {cls: 3, chromosomeEnd: 2, chromosomeOffset: 143_574},
    vocabulary: 170,
    whole: originalBytes().length
  });
  const table = await tableOf(local);
  const picked = pickedSource([
    {
      path: "one/4layer_model.torch",
      file: new File([originalBytes() as Uint8Array<ArrayBuffer>], "4layer_model.torch")
    },
    {path: "one/config.json", file: new File([config], "config.json")}
  ]);
  expect(Buffer.compare(await tableOf(picked), table)).toBe(0);
});

test("one file is taken alone, from this disk, among picked files and from a host by range; what it was is kept", async () => {
  const path = join(folder, "one", "4layer_model.torch");
  const named = /4layer_model\.torch is 32 wide, which is no multiple of 64/;
  const local = await localSource(path);
  expect(local.name).toBe("4layer_model");
  await expect(planConversion(local, species)).rejects.toThrow(named);
  const file = new File([originalBytes() as Uint8Array<ArrayBuffer>], "4layer_model.torch");
  const picked = pickedSource([{path: "4layer_model.torch", file}]);
  expect(picked.name).toBe("4layer_model");
  await expect(planConversion(picked, species)).rejects.toThrow(named);
  const server = await serveCheckpoint(new Map([["4layer_model.torch", originalBytes()]]));
  const source = remoteSource(`${server.address}4layer_model.torch`, {request: fetchRequest(), patience: quick});
  expect(source.name).toBe("4layer_model");
  await expect(planConversion(source, species)).rejects.toThrow(named);
  // Config.json would tell its heads; a kept conversion goes on from what was read.
  const withHeads = {
    ...source,
    read: async (name: string) => (name === "config.json" ? new TextEncoder().encode(config) : null)
  } as CheckpointSource;
  const unfinished = memoryStore();
  const bundle = memoryBundle();
  await convertSource(withHeads, bundle, {species, sentence: original.sentence, unfinished});
  expect(await unfinished.list("")).toEqual([]);
  expect(
    Buffer.compare(bundle.files.get("table.fp32.safetensors")!, await tableOf(await localSource(join(folder, "one"))))
  ).toBe(0);
  expect(new Set(server.asked)).toEqual(new Set(["4layer_model.torch"]));
  await server.close();
});

test.each([
  ["https://figshare.com/ndownloader/files/42706576", "42706576"],
  ["https://huggingface.co/someone/uce/blob/main/33l_8ep_1024t_1280.torch", "33l_8ep_1024t_1280"]
])("the address of a file is understood: %s", async (address, name) => {
  const asked: string[] = [];
  const request = (asking: string) => {
    asked.push(asking);
    return Promise.reject(new Error("not asked in a test"));
  };
  const source = remoteSource(address, {request, patience: quick});
  expect(source.name).toBe(name);
  expect(await source.read("config.json")).toBeNull();
  await source.open((await source.list())![0]).catch(() => null);
  expect(asked[0]).toBe(address.replace("/blob/", "/resolve/"));
});

test("a folder of several, of none, and a file of cells are refused in words", async () => {
  const two = join(folder, "two");
  await mkdir(two);
  await writeFile(join(two, "a.torch"), "a");
  await writeFile(join(two, "b.pt"), "b");
  await expect(planConversion(await localSource(two), species)).rejects.toThrow(
    /two holds 2 checkpoints: a\.torch, b\.pt: give one of the files/
  );
  const cells = join(folder, "cells.h5ad");
  await writeFile(cells, "\x89HDF\r\n\x1a\n", "latin1");
  await expect(planConversion(await localSource(cells), species)).rejects.toThrow(/seems to be an HDF5 file/);
  await expect(planConversion(await localSource(folder), species)).rejects.toThrow(
    /there is no config\.json, no model\.safetensors and no \.torch file; there are .*cells\.h5ad/
  );
});
