import {spawnSync} from "node:child_process";
import {copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {parquetMetadataAsync, parquetReadObjects} from "hyparquet";
import {afterAll, beforeAll, describe, expect, test} from "vitest";
import type {H5Reader} from "../../../src/components/core/anndata/h5-reader.js";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import {embeddingsTable} from "../../../src/components/core/tables/embeddings.js";
import {tableFromBytes, tableToFileBytes} from "../../../src/components/core/tables/file.js";
import {provenanceKey, type Provenance} from "../../../src/components/core/tables/provenance.js";
import {umapTable} from "../../../src/components/core/tables/umap.js";
import {openH5File} from "../../../src/components/runtime/node-h5.js";
import {openNodeSource} from "../../../src/components/runtime/node-source.js";
import {cli} from "./run-program.js";

const csc = "tests/fixtures/away/csc.h5ad";
const width = 5;
let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "export-"))));
afterAll(() => rmSync(folder, {recursive: true}));

/** Vectors of all cells of a file but the third, which has no counts, and those that `leftOut` names; as a table. */
async function vectorsOf(file: string, {name = "e.arrow", leftOut = [] as number[]} = {}) {
  const source = await openNodeSource(file);
  const reader = await openH5File(file);
  const names = openAnnData(reader).obsNames();
  reader.close();
  await source.close();
  // Not in the file's order.
  const rows = Int32Array.from(names.keys())
    .filter((row) => !leftOut.includes(row))
    .reverse();
  const provenance: Provenance = {
    format: 1,
    stage: "embed",
    software: {name: "test", version: "1"},
    source: {name: file.split("/").pop()!, bytes: statSync(file).size, identity: source.identity},
    parameters: {}
  };
  const status = Array.from(rows, (row) => (row === 2 ? ("empty" as const) : ("ok" as const)));
  const cellIds = Array.from(rows, (row) => names[row]);
  const vectors = Float32Array.from({length: rows.length * width}, (_, i) =>
    Math.fround(rows[Math.floor(i / width)] + (i % width) / 7)
  );
  const nTokens = rows.map((row) => (row === 2 ? 0 : 9));
  writeFileSync(
    at(name),
    tableToFileBytes(embeddingsTable({rows, cellIds, status, nTokens, vectors, width}, provenance))
  );
  const index = Int32Array.from(rows.keys()).filter((i) => rows[i] !== 2);
  const positions = Float32Array.from({length: 2 * index.length}, (_, i) => i / 3);
  const map = umapTable({rows, cellIds, positions, index}, {...provenance, stage: "umap", parameters: {seed: 1}});
  writeFileSync(at(`map-of-${name}`), tableToFileBytes(map));
  const expected = new Float32Array(names.length * width).fill(NaN);
  rows.forEach((row, i) => row !== 2 && expected.set(vectors.subarray(i * width, (i + 1) * width), row * width));
  return {table: at(name), map: at(`map-of-${name}`), expected};
}

/** Every object of a file by its path: what it is, its attributes and its values. */
function contents(reader: H5Reader, place = "/"): Map<string, unknown> {
  const node = reader.node(place)!;
  const own: unknown = {node: {...node, keys: undefined}, attributes: reader.attributes(place)};
  const found = new Map<string, unknown>([[place, own]]);
  if (node.kind === "dataset") return found.set(place, {own, values: reader.read(place)});
  for (const key of node.keys)
    contents(reader, `${place === "/" ? "" : place}/${key}`).forEach((value, name) => found.set(name, value));
  return found;
}

async function contentsOf(path: string): Promise<Map<string, unknown>> {
  const reader = await openH5File(path);
  const found = contents(reader);
  reader.close();
  return found;
}

const files = [
  csc,
  "tests/fixtures/away/records.h5ad",
  "tests/fixtures/away/user-block.h5ad",
  "tests/fixtures/anndata/legacy-groups.h5ad",
  "tests/fixtures/anndata/columns.h5ad"
];

describe.each(files)("--into %s", (file) => {
  test("adds vectors, coordinates and provenance to a copy; everything else is as it was", async () => {
    const {table, map, expected} = await vectorsOf(file, {leftOut: [4]});
    const before = readFileSync(file);
    const out = at("new.h5ad");
    const {status, text, errors} = await cli("export", table, "--umap", map, "--into", file, "--out", out);
    expect({status, errors}).toEqual({
      status: 0,
      errors: expect.stringMatching(/2 of 12 cells have no vector \(1 not in e\.arrow, 1 without usable counts\): NaN/)
    });
    expect(text).toMatch(/new\.h5ad: 12 cells, 2 of them without a vector; obsm\/X_uce, obsm\/X_uce_umap, uns\/uce/);
    expect(readFileSync(file).equals(before)).toBe(true);
    const [original, copy] = [await contentsOf(file), await contentsOf(out)];
    const added = [...copy.keys()].filter((name) => !original.has(name));
    expect(added.filter((name) => !/^\/(obsm|uns)$|^\/obsm\/X_uce(_umap)?$|^\/uns\/uce(\/|$)/.test(name))).toEqual([]);
    for (const [name, value] of original) expect(copy.get(name), name).toEqual(value);
    const reader = await openH5File(out);
    expect(reader.read("/obsm/X_uce")).toEqual(expected);
    expect((reader.read("/obsm/X_uce_umap") as Float32Array).slice(0, 2)).toEqual(
      Float32Array.of(20 / 3 - 2 / 3, 19 / 3)
    );
    expect(JSON.parse(reader.read("/uns/uce/provenance") as string)).toMatchObject({
      stage: "embed",
      source: {bytes: before.length}
    });
    reader.close();
    if (file.includes("user-block"))
      expect(readFileSync(out).subarray(0, 512).equals(before.subarray(0, 512))).toBe(true);
  });
});

test("Python's anndata reads what was put into each of them, and finds the rest unchanged", async ({skip}) => {
  const python = "/usr/bin/python3";
  if (spawnSync(python, ["-c", "import anndata, h5py"]).status !== 0) skip("there is no Python with anndata here");
  const args: string[] = [];
  for (const [i, file] of files.entries()) {
    const {table, expected} = await vectorsOf(file, {leftOut: [4]});
    writeFileSync(at(`${i}.f32`), new Uint8Array(expected.buffer));
    await cli("export", table, "--into", file, "--out", at(`${i}.h5ad`));
    args.push(file, at(`${i}.h5ad`), at(`${i}.f32`), String(width));
  }
  const {stdout, stderr} = spawnSync(python, ["tests/reference/check_export.py", ...args], {encoding: "utf8"});
  expect(stdout + stderr).toBe(
    files.map((_, i) => `${at(`${i}.h5ad`)}: 12 vectors, everything else unchanged\n`).join("")
  );
});

test("R reads the h5ad and the CSV by the lines of docs/formats.md", async ({skip}) => {
  if (spawnSync("Rscript", ["-e", "library(rhdf5)"]).status !== 0) skip("there is no R with rhdf5 here");
  const {table, expected} = await vectorsOf(csc);
  writeFileSync(at("r.f32"), new Uint8Array(expected.buffer));
  await cli("export", table, "--into", csc, "--out", at("r.h5ad"));
  await cli("export", table, "--out", at("r.csv"));
  const args = ["tests/reference/check_export.R", at("r.h5ad"), at("r.csv"), at("r.f32"), String(width)];
  const {stdout, stderr, status} = spawnSync("Rscript", args, {encoding: "utf8"});
  expect({status, stdout}, stderr).toEqual({status: 0, stdout: "12 cells read by R\n"});
});

test("a table of one's own: joined with map and obs, or the columns that are asked for, in three formats that agree", async () => {
  const {table, map} = await vectorsOf(csc);
  const write = (name: string, ...more: string[]) => cli("export", table, "--out", at(name), ...more);
  for (const ending of ["arrow", "parquet", "csv"]) {
    const told = await write(`all.${ending}`, "--umap", map, "--obs", csc);
    expect(told).toMatchObject({status: 0, errors: ""});
  }
  const arrow = tableFromBytes(readFileSync(at("all.arrow")));
  const names = ["row", "cell_id", "status", "n_tokens", "x", "y", "obs:kind", "obs:n", "embedding"];
  expect(arrow.schema.fields.map(({name}) => name)).toEqual(names);
  expect(arrow.toArray().map((cell) => [cell["cell_id"], cell["obs:n"]])).toEqual(
    Array.from({length: 12}, (_, i) => [`cell${11 - i}`, 11 - i])
  );
  const buffer = new Uint8Array(readFileSync(at("all.parquet"))).buffer;
  const rows = (await parquetReadObjects({file: buffer})) as Record<string, unknown>[];
  const plain = (value: unknown): unknown =>
    value !== null && typeof value === "object" ? Array.from(value as Iterable<number>) : value;
  expect(rows.map((row) => ({...row, embedding: row["embedding"] ?? null}))).toEqual(
    arrow.toArray().map((cell) => Object.fromEntries(names.map((name) => [name, plain(cell[name])])))
  );
  const {key_value_metadata: notes} = await parquetMetadataAsync(buffer);
  expect(JSON.parse(notes!.find(({key}) => key === provenanceKey)!.value!)).toMatchObject({stage: "umap"});
  const lines = readFileSync(at("all.csv"), "utf8").split("\r\n");
  expect(lines[0]).toBe(
    "row,cell_id,status,n_tokens,x,y,obs:kind,obs:n,embedding_0,embedding_1,embedding_2,embedding_3,embedding_4"
  );
  expect(lines[1]).toMatch(/^11,cell11,ok,9,0,0\.3333\d*,,11,11,11\.142\d*,/);
  expect(lines.find((line) => line.startsWith("2,"))).toBe("2,cell2,empty,0,,,,2,,,,,");

  await write("few.csv", "--umap", map, "--columns", "cell_id,y");
  expect(readFileSync(at("few.csv"), "utf8").split("\r\n")[0]).toBe("cell_id,y");
});

test("an h5ad of names alone", async () => {
  const {table, map} = await vectorsOf(csc);
  expect((await cli("export", table, "--umap", map, "--key", "X_other", "--out", at("bare.h5ad"))).status).toBe(0);
  const reader = await openH5File(at("bare.h5ad"));
  expect(openAnnData(reader).obsNames()[0]).toBe("cell11");
  expect([reader.node("/obsm/X_other"), reader.node("/obsm/X_other_umap")]).toMatchObject([
    {shape: [12, width]},
    {shape: [12, 2]}
  ]);
  expect(reader.node("/uns/other")).toMatchObject({kind: "group"});
  reader.close();
});

describe("is refused, with nothing written", () => {
  const refusal = async (...args: string[]) => {
    const before = readdirSync(folder).sort();
    const {status, errors} = await cli("export", ...args);
    expect(readdirSync(folder).sort()).toEqual(before);
    return {status, errors};
  };
  const refused = (status: number, words: RegExp) => ({status, errors: expect.stringMatching(words)});

  test("the command line", async () => {
    const {table} = await vectorsOf(csc);
    expect(await refusal(table, "--out", at("a.txt"))).toEqual(
      refused(1, /ends in no known format: name a file that ends in \.h5ad/)
    );
    expect(await refusal(table, "--out", "-")).toEqual(refused(1, /no ending/));
    expect(await refusal(table, "--out", at("a.csv"), "--into", csc)).toEqual(refused(1, /--into does not go with/));
    expect(await refusal(table, "--out", at("a.h5ad"), "--obs", csc)).toEqual(refused(1, /--obs does not go with/));
    expect(await refusal(table, "--out", at("a.csv"), "--columns", "cell_id,q")).toEqual(
      refused(1, /no column "q": choose from row, cell_id/)
    );
    expect(await refusal(table, "--out", at("a.h5ad"), "--key", "a/b")).toEqual(refused(1, /--key cannot be/));
    expect(await refusal(table, "--out", join(folder, "no/where.csv"))).toEqual(refused(1, /cannot be written to/));
    copyFileSync(csc, at("own.h5ad"));
    expect(await refusal(table, "--into", at("own.h5ad"), "--out", at("own.h5ad"))).toEqual(
      refused(1, /is the file to be read/)
    );
    expect(readFileSync(at("own.h5ad")).equals(readFileSync(csc))).toBe(true);
  });

  test("a file that changed since, unless its names are enough", async () => {
    const {table} = await vectorsOf(csc);
    const changed = readFileSync(csc);
    writeFileSync(at("csc.h5ad"), Buffer.concat([changed, Buffer.from([0])]));
    expect(await refusal(table, "--into", at("csc.h5ad"), "--out", at("a.h5ad"))).toEqual(
      refused(2, /has changed since it was embedded.*--other-file/)
    );
    expect(await refusal(table, "--obs", at("csc.h5ad"), "--out", at("a.csv"))).toEqual(
      refused(2, /has changed since/)
    );
    expect(
      (await cli("export", table, "--into", at("csc.h5ad"), "--other-file", "--out", at("other.h5ad"))).status
    ).toBe(0);
    expect(
      await refusal(table, "--into", "tests/fixtures/anndata/columns.h5ad", "--other-file", "--out", at("a.h5ad"))
    ).toEqual(refused(2, /has none of the 12 cells/));
  });

  test("an output that exists stays as it is where the new one is refused, and is replaced by one that is whole", async () => {
    const {table} = await vectorsOf(csc);
    const out = at("there.h5ad");
    writeFileSync(out, "before");
    const records = "tests/fixtures/anndata/legacy-records.h5ad";
    expect((await refusal(table, "--into", records, "--other-file", "--out", out)).status).toBe(2);
    expect(readFileSync(out, "utf8")).toBe("before");
    expect((await cli("export", table, "--into", csc, "--out", out)).status).toBe(0);
    expect(readFileSync(out).length).toBeGreaterThan(statSync(csc).size);
    rmSync(out);
  });

  test("names that are taken, or stand twice; tables that do not belong together; an obsm of records", async () => {
    const {table, map} = await vectorsOf(csc);
    await cli("export", table, "--into", csc, "--out", at("once.h5ad"));
    expect(await refusal(table, "--into", at("once.h5ad"), "--other-file", "--out", at("a.h5ad"))).toEqual(
      refused(2, /has X_uce already.*--key X_uce2/)
    );
    const few = await vectorsOf(csc, {name: "few.arrow", leftOut: [1]});
    expect(await refusal(few.table, "--umap", map, "--out", at("a.csv"))).toEqual(
      refused(2, /was not made of few\.arrow: it has 12 cells, the other 11/)
    );
    const twice = await vectorsOf("tests/fixtures/anndata/names-twice.h5ad", {name: "twice.arrow"});
    expect(
      await refusal(twice.table, "--into", "tests/fixtures/anndata/names-twice.h5ad", "--out", at("a.h5ad"))
    ).toEqual(refused(2, /two cells of the name/));
    const records = "tests/fixtures/anndata/legacy-records.h5ad";
    const old = await vectorsOf(records, {name: "old.arrow"});
    expect(await refusal(old.table, "--into", records, "--out", at("a.h5ad"))).toEqual(
      refused(2, /one table of records.*write_h5ad/)
    );
  });

  test("a full disk (needs the right to mount one)", async ({skip}) => {
    const disk = mkdtempSync(join(tmpdir(), "disk-"));
    const size = Math.ceil((statSync(csc).size + 2000) / 4096);
    try {
      if (spawnSync("mount", ["-t", "tmpfs", "-o", `size=${4 * size}k`, "tmpfs", disk]).status !== 0)
        return skip("no disk can be mounted here");
      const {table} = await vectorsOf(csc);
      const refusedBy = async (...args: string[]) => {
        const before = readdirSync(disk);
        const {status, errors} = await cli("export", table, ...args);
        expect({status, errors}).toEqual({status: 1, errors: expect.stringMatching(/no space left|given up/)});
        expect(readdirSync(disk)).toEqual(before);
      };
      await refusedBy("--into", csc, "--out", join(disk, "a.h5ad"));
      // Not a byte is left: what stands there already stays as it is.
      writeFileSync(join(disk, "a.csv"), "before");
      spawnSync("dd", ["if=/dev/zero", `of=${join(disk, "filler")}`, "bs=1024"]);
      for (const ending of ["csv", "arrow", "parquet"]) await refusedBy("--out", join(disk, `a.${ending}`));
      expect(readFileSync(join(disk, "a.csv"), "utf8")).toBe("before");
    } finally {
      spawnSync("umount", [disk]);
      rmSync(disk, {recursive: true});
    }
  });
});
