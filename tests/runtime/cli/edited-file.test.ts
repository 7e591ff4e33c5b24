import {mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {File, ready, type Dataset} from "h5wasm/node";
import {afterAll, beforeAll, describe, expect, test, vi} from "vitest";
import {folderStore} from "../../../src/components/adapters/folder-store.js";
import {parseGenes} from "../../../src/components/core/cells/genes-csv.js";
import {readEmbeddings} from "../../../src/components/core/tables/embeddings.js";
import {tableFromBytes} from "../../../src/components/core/tables/file.js";
import {embed, load, normalize, openFile, sample} from "../../../src/components/notebook/node.js";
import {openNodeSource} from "../../../src/components/runtime/node-source.js";
import {cli} from "./run-program.js";

let folder: string;
let file: string;
/** A stored count that no sampled block covers: its offset in the file and the cell that it belongs to. */
let place: {offset: number; row: number};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "edited-"));
  file = join(folder, "cells.h5ad");
  await writeLarge();
  place = await findPlace();
});
afterAll(() => rmSync(folder, {recursive: true}));

describe("a file edited in place between the sampled blocks", () => {
  test("gives the vectors of the edited file, also where its date is put back", async () => {
    const store = join(folder, "store");
    const vectors = async (out: string, where = store) => {
      const args = ["embed", file, "--rows", String(place.row), "--out", join(folder, out), "--store", where];
      expect(await cli(...args)).toMatchObject({status: 0, errors: ""});
      return readFileSync(join(folder, out));
    };
    const {atime, mtime} = statSync(file);
    const before = await later(() => vectors("before"));
    const identity = await identityOf();
    edit(500);
    expect(await identityOf()).toBe(identity);
    const edited = await vectors("edited");
    expect(same(edited, before)).toBe(false);
    expect(edited.equals(await vectors("fresh", join(folder, "fresh-store")))).toBe(true);

    edit(1000);
    utimesSync(file, atime, mtime);
    const again = await vectors("again");
    expect(same(again, before) || same(again, edited)).toBe(false);

    // As it was at first, with another date: its old results are still good.
    edit(original);
    expect((await vectors("back")).equals(before)).toBe(true);
  });

  test("has one address in a store: stages in Node embed nothing that the command line has embedded", async () => {
    const store = join(folder, "shared-store");
    const out = join(folder, "shared");
    const row = String(place.row);
    expect(await cli("embed", file, "--rows", row, "--out", out, "--store", store)).toMatchObject({status: 0});
    const parts = () => readdirSync(store, {recursive: true}).filter((name) => String(name).includes("part-"));
    const before = parts();
    const counts = load(await openFile(file, {store}), {cells: {mode: "rows", rows: [place.row]}});
    const {vectors} = readEmbeddings(await embed(sample(normalize(counts))).table());
    expect(vectors).toEqual(readEmbeddings(tableFromBytes(readFileSync(out))).vectors);
    expect(parts()).toEqual(before);
  });
});

describe("the hash of a file's content", () => {
  test("is taken once while nobody touches the file, and again when it was touched", async () => {
    const objects = folderStore(join(folder, "hashes"));
    const hash = async () => {
      let read = 0;
      const source = await openNodeSource(file);
      const content = await source.content(objects, {onProgress: (done) => (read = done)});
      await source.close();
      return {content, read};
    };
    const {size} = statSync(file);
    const first = await later(hash);
    expect(first).toEqual({content: expect.stringMatching(/^[0-9a-f]{64}$/), read: size});
    expect(await later(hash)).toEqual({content: first.content, read: 0});
    utimesSync(file, new Date(), new Date());
    expect(await hash()).toEqual({content: first.content, read: size});
    // Touched just now: the next edit may leave the same times, so they are not trusted.
    expect(await hash()).toEqual({content: first.content, read: size});
    expect(readdirSync(join(folder, "hashes/files"))).toHaveLength(1);
  });

  test("is not needed for a small file, whose identity covers every byte", async () => {
    const source = await openNodeSource("tests/fixtures/anndata/columns.h5ad");
    expect(await source.content(folderStore(join(folder, "unused")))).toBeNull();
    await source.close();
  });
});

test("a file that changes while it is read: nothing more is stored, and the fault is said", async () => {
  const path = join(folder, "growing");
  writeFileSync(path, "one");
  const source = await openNodeSource(path);
  const store = source.guard(folderStore(join(folder, "guarded")));
  await store.write("results/a", new Uint8Array(1));
  await source.requireUnchanged();
  writeFileSync(path, "two, longer");
  const changed = {details: {domain: "file", code: "changed", fault: "growing was changed while it was read"}};
  await expect(source.requireUnchanged()).rejects.toMatchObject(changed);
  await expect(store.write("results/b", new Uint8Array(1))).rejects.toMatchObject(changed);
  expect((await store.list("results")).map(({name}) => name)).toEqual(["results/a"]);
  await source.close();
});

let original: number;

/** Does something while the clock says that 2.1 s have passed: long enough that a file's times of change are trusted. */
async function later<T>(act: () => Promise<T>): Promise<T> {
  const now = Date.now.bind(Date);
  const clock = vi.spyOn(Date, "now").mockImplementation(() => now() + 2100);
  try {
    return await act();
  } finally {
    clock.mockRestore();
  }
}

/** Cells by 2,700 human genes each, uncompressed: so large that the file's identity is of samples. */
async function writeLarge(): Promise<void> {
  await ready;
  const genes = parseGenes(readFileSync("src/data/human-genes.csv", "utf8")).map(({symbol}) => symbol);
  const [nCells, perCell] = [300, 2700];
  const indices = Int32Array.from({length: nCells * perCell}, (_, i) => 7 * (i % perCell) + (i % 5));
  const open = new File(file, "w");
  const x = open.create_group("X");
  x.create_attribute("encoding-type", "csr_matrix");
  x.create_attribute("encoding-version", "0.1.0");
  x.create_attribute("shape", [nCells, genes.length], null, "<q");
  const indptr = BigInt64Array.from({length: nCells + 1}, (_, i) => BigInt(i * perCell));
  x.create_dataset({name: "indptr", data: indptr, dtype: "<q"});
  x.create_dataset({name: "indices", data: indices, dtype: "<i"});
  x.create_dataset({
    name: "data",
    data: Float32Array.from(indices, (gene, i) => 1 + ((31 * gene + i) % 13)),
    dtype: "<f"
  });
  const tables = {obs: Array.from({length: nCells}, (_, i) => `cell${i}`), var: genes};
  for (const [name, index] of Object.entries(tables)) {
    const group = open.create_group(name);
    group.create_attribute("_index", "_index");
    group.create_dataset({name: "_index", data: index, dtype: "S20"});
  }
  open.close();
}

function edit(count: number): void {
  const bytes = readFileSync(file);
  bytes.writeFloatLE(count, place.offset);
  writeFileSync(file, bytes, {flag: "r+"});
}

/** Equal vectors, whatever else the two tables say. */
function same(a: Buffer, b: Buffer): boolean {
  const [x, y] = [a, b].map((bytes) => readEmbeddings(tableFromBytes(bytes, "")).vectors);
  return x.every((value, i) => value === y[i]);
}

async function identityOf(): Promise<string> {
  const source = await openNodeSource(file);
  await source.close();
  return source.identity;
}

/** Looks for the bytes of X/data in the file, and there for a value half-way between two of the 64 sampled blocks. */
async function findPlace(): Promise<{offset: number; row: number}> {
  await ready;
  const open = new File(file, "r");
  const values = (path: string) => (open.get(path) as Dataset).value;
  const data = values("X/data") as Float32Array;
  const indptr = Array.from(values("X/indptr") as BigInt64Array, Number);
  open.close();
  const bytes = readFileSync(file);
  const first = bytes.indexOf(Buffer.from(data.buffer, data.byteOffset, 4096));
  expect(first).toBeGreaterThan(0);
  const step = (bytes.length - 65536) / 63;
  expect(step).toBeGreaterThan(2 * 65536 * 0.75);
  const block = Math.ceil(first / step) + 2;
  const element = Math.round((block * step + (65536 + step) / 2 - first) / 4);
  const offset = first + 4 * element;
  expect(bytes.readFloatLE(offset)).toBe((original = data[element]));
  return {offset, row: indptr.findLastIndex((start) => start <= element)};
}
