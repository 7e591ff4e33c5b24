import {execFileSync, spawnSync} from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync
} from "node:fs";
import {tmpdir} from "node:os";
import {join, resolve} from "node:path";
import {gzipSync} from "node:zlib";
import {File, ready} from "h5wasm/node";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {openH5} from "../../src/components/adapters/h5wasm.js";
import {filterInfo} from "../../src/components/core/anndata/h5-filters.js";
import type {H5Value} from "../../src/components/core/anndata/h5-reader.js";
import {WorkbookError} from "../../src/components/core/errors.js";
import {openH5File} from "../../src/components/runtime/node-h5.js";

const fixtures = resolve("tests/fixtures/anndata");
const good = join(fixtures, "columns.h5ad");
const {sum: expectedSum, row: expectedRow} = JSON.parse(
  readFileSync(join(fixtures, "compressed/expected.json"), "utf8")
) as {sum: number; row: number[]};
let folder = "";
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "h5wasm-test-"))));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

function put(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function faultOf(path: string, place?: string): Promise<WorkbookError> {
  try {
    const reader = await openH5File(path);
    try {
      if (place !== undefined) reader.read(place);
    } finally {
      reader.close();
    }
  } catch (error) {
    expect(error).toBeInstanceOf(WorkbookError);
    return error as WorkbookError;
  }
  throw new Error(`${path} opened and was read`);
}

describe("every way in which a file can be wrong has its own answer, in one line", () => {
  const cases: [what: string, path: () => string, code: string, says: RegExp][] = [
    ["a missing file", () => join(folder, "nowhere.h5ad"), "missing", /there is no file .*nowhere\.h5ad/],
    ["a folder", () => folder, "folder", /is a folder/],
    [
      "a zarr folder",
      () => {
        const path = join(folder, "cells.zarr");
        mkdirSync(path);
        writeFileSync(join(path, ".zgroup"), "{}");
        return path;
      },
      "folder",
      /a zarr store.*read_zarr/
    ],
    ["an empty file", () => put("empty.h5ad", ""), "empty", /is empty \(0 bytes\)/],
    ["text", () => put("text.h5ad", "gene,cell1,cell2\nTP53,0,1\n"), "not-hdf5", /first bytes are "gene,cell1,cell2/],
    ["other bytes", () => put("noise.h5ad", new Uint8Array([1, 2, 255, 0])), "not-hdf5", /first bytes are 01 02 ff 00/],
    [
      "a Git LFS pointer",
      () => put("lfs.h5ad", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"),
      "lfs-pointer",
      /Git LFS pointer.*git lfs pull/
    ],
    ["a gzipped h5ad", () => put("zipped.h5ad", gzipSync(readFileSync(good))), "gzip-compressed", /gunzip/],
    ["a zip archive", () => put("zip.h5ad", Buffer.from("504b030414000000", "hex")), "zip-archive", /zip archive/],
    ["an Arrow file", () => put("arrow.h5ad", "ARROW1\0\0........"), "arrow-file", /Arrow/],
    ["a web page", () => put("page.h5ad", "<!doctype html><title>404</title>"), "web-page", /download that went wrong/],
    [
      "half an h5ad",
      () => {
        const path = join(folder, "half.h5ad");
        copyFileSync(good, path);
        truncateSync(path, Math.floor(statSync(good).size / 2));
        return path;
      },
      "truncated",
      new RegExp(`has ${Math.floor(statSync(good).size / 2)} bytes of ${statSync(good).size}`)
    ],
    [
      "the first 20 bytes of an h5ad",
      () => put("stub.h5ad", readFileSync(good).subarray(0, 20)),
      "truncated",
      /20 bytes/
    ],
    ["the first 5 bytes of an h5ad", () => put("five.h5ad", readFileSync(good).subarray(0, 5)), "truncated", /5 bytes/]
  ];
  for (const [what, path, code, says] of cases) {
    it(`${what}: ${code}`, async () => {
      const error = await faultOf(path());
      expect(error).toMatchObject({domain: "file", code});
      expect(error.message).toMatch(says);
      expect(error.message).not.toMatch(/\n|HDF5-DIAG|#0/);
    });
  }

  it("a superblock that promises too little is no reason to refuse a whole file", async () => {
    const path = put("longer.h5ad", Buffer.concat([readFileSync(good), new Uint8Array(100)]));
    (await openH5File(path)).close();
  });

  it("a file behind a user block of 512 bytes opens", async () => {
    const reader = await openH5File(put("user-block.h5ad", Buffer.concat([new Uint8Array(512), readFileSync(good)])));
    expect(reader.node("/")).toMatchObject({kind: "group"});
    reader.close();
  });

  it("a damaged chunk", async () => {
    const error = await faultOf(join(fixtures, "compressed/damaged-gzip.h5ad"), "/X");
    expect(error).toMatchObject({code: "damaged-data", details: {place: "/X"}});
    expect(error.message).toBe(
      "damaged-gzip.h5ad is damaged: a block of data cannot be unpacked (at /X): download or copy it again"
    );
  });

  it("a compression that we cannot undo is named by number and name", async () => {
    const snappy = await faultOf(join(fixtures, "compressed/snappy.h5ad"), "/X");
    expect(snappy).toMatchObject({code: "unknown-compression"});
    expect(snappy.message).toMatch(/filter 32003 \(Snappy\).*\(at \/X\)/);
    expect((await faultOf(join(fixtures, "compressed/unregistered.h5ad"), "/X")).message).toMatch(
      /filter 40404 \(unknown\)/
    );
  });

  it("overwritten metadata", async () => {
    const bytes = readFileSync(join(fixtures, "legacy-groups.h5ad"));
    for (let at = 800; at < bytes.length; at += 97) bytes[at] = 0x5a;
    const path = put("overwritten.h5ad", bytes);
    const error = await (async () => {
      try {
        const reader = await openH5File(path);
        for (const place of ["/", "/obs", "/var", "/X", "/X/data", "/X/indices", "/obs/cell_id", "/var/_index"]) {
          if (reader.node(place)?.kind === "dataset") reader.read(place);
          reader.attributes(place);
        }
      } catch (caught) {
        return caught;
      }
      return null;
    })();
    expect(error).toBeInstanceOf(WorkbookError);
    expect((error as WorkbookError).message).not.toMatch(/\n|HDF5-DIAG/);
  });

  it("a part that is not there, and a group where data should be", async () => {
    expect(await faultOf(good, "/nothing")).toMatchObject({code: "missing-part", details: {place: "/nothing"}});
    expect(await faultOf(good, "/obs")).toMatchObject({code: "missing-part"});
  });

  it("rows that are not there, and a file that was closed", async () => {
    const reader = await openH5File(join(fixtures, "values-nan.h5ad"));
    expect(() =>
      reader.read("/X", [
        [0, 99],
        [0, 2]
      ])
    ).toThrow(/holds data of shape 12 x 9, 0 to 99 x 0 to 2 was asked for/);
    reader.close();
    reader.close();
    expect(() => reader.read("/X")).toThrow(/has been closed/);
  });
});

it("HDF5 writes nothing to stdout or stderr when a file is damaged", () => {
  const script = `
    const {openH5File} = await import("./src/components/runtime/node-h5.ts");
    for (const [file, place] of [["compressed/damaged-gzip.h5ad", "/X"], ["compressed/snappy.h5ad", "/X"],
      ["compressed/lzf-strings.h5", "/damaged"], ["columns.h5ad", "/no"]]) {
      const reader = await openH5File("tests/fixtures/anndata/" + file);
      try { reader.read(place); console.log("read"); } catch (error) { console.log(error.code); }
      reader.node("/not/there/at/all");
      reader.close();
    }`;
  const run = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {encoding: "utf8"});
  expect(run.stderr).toBe("");
  expect(run.stdout).toBe("damaged-data\nunknown-compression\ndamaged-data\nmissing-part\n");
});

it("reading under tsx stays far from the 600 MB that tsx took to look h5wasm over", () => {
  const script = `
    const {readFileSync} = await import("node:fs");
    const {openH5File} = await import("./src/components/runtime/node-h5.ts");
    (await openH5File("tests/fixtures/anndata/columns.h5ad")).close();
    console.log(process.resourceUsage().maxRSS / 1024);`;
  const run = execFileSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    encoding: "utf8"
  });
  expect(Number(run)).toBeGreaterThan(20);
  expect(Number(run)).toBeLessThan(250);
});

describe("compressed chunks that the compressors themselves packed are unpacked by the plugins", () => {
  for (const name of ["lzf", "bzip2", "lz4", "zstd", "blosc", "bitshuffle"]) {
    it(name, async () => {
      const reader = await openH5File(join(fixtures, `compressed/${name}.h5ad`));
      const values = reader.read("/X") as Float32Array;
      expect(values).toHaveLength(360);
      expect(values.reduce((sum, value) => sum + value, 0)).toBe(expectedSum);
      expect(Array.from(values.subarray(0, 9))).toEqual(expectedRow);
      reader.close();
    });
  }
});

it("LZF strings are unpacked, whose chunks do not say how large they will be", async () => {
  const reader = await openH5File(join(fixtures, "compressed/lzf-strings.h5"));
  expect(reader.node("/strings")).toMatchObject({filters: [{id: 32000}]});
  expect(reader.read("/strings")).toEqual(Array.from({length: 80}, (_, i) => `gene ${i}`));
  expect(() => reader.read("/damaged")).toThrow("is damaged: a block of data cannot be unpacked");
  expect(reader.read("/strings", [[78, 80]])).toEqual(["gene 78", "gene 79"]);
  reader.close();
});

describe("every plugin that we name works with this version of h5wasm, writing and reading", () => {
  const values = Float32Array.from({length: 4096}, (_, i) => (i * i) % 64);
  const options: Record<number, number[]> = {
    307: [9],
    32000: [],
    32001: [2, 2, 4, 16384, 5, 1, 1],
    32004: [0],
    32008: [0, 2],
    32013: [],
    32015: [3],
    32022: [3, 4, 0, 0, 0],
    32023: [3, 0, 0, 0, 0],
    32026: [0, 0, 0, 0, 5, 1, 0]
  };
  const lossy = new Set([32022, 32023]); // they round to the three significant digits asked for
  for (const [id, compression_opts] of Object.entries(options)) {
    const {name, plugin} = filterInfo(Number(id))!;
    it(`${name} (${id}, ${plugin})`, async () => {
      await ready;
      (await openH5File(join(fixtures, "compressed/lzf.h5ad"))).read("/X"); // puts the plugins on the search path
      const path = join(folder, `${id}.h5`);
      const file = new File(path, "w");
      file.create_dataset({
        name: "data",
        data: values,
        shape: [4096],
        chunks: [1024],
        compression: Number(id),
        compression_opts
      });
      file.close();
      const reader = await openH5File(path);
      expect(reader.node("/data")).toMatchObject({filters: [{id: Number(id), name}]});
      const read = reader.read("/data") as Float32Array;
      if (lossy.has(Number(id))) {
        expect(read).toHaveLength(values.length);
        expect(values.every((value, i) => Math.abs(read[i] - value) <= 1e-3 * value)).toBe(true);
      } else {
        expect(read).toEqual(values);
      }
      reader.close();
    });
  }
});

it("a plugin is loaded when a dataset first needs it, not when a file is opened", async () => {
  const path = join(fixtures, "compressed/zstd.h5ad");
  const asked: string[] = [];
  const {loadH5wasm} = await import("../../src/components/runtime/node-h5wasm.js");
  const module = {...(await loadH5wasm())}; // another object: plugins are remembered by module
  const options = {module, path, name: "zstd.h5ad", byteLength: statSync(path).size};
  const reader = openH5({...options, loadPlugin: (file) => asked.push(file) > 1});
  reader.read("/obs/_index");
  expect(asked).toEqual([]);
  expect(() => reader.read("/X")).toThrow(/filter 32015 \(Zstandard\)/);
  expect(asked).toEqual(["libH5Zzstd.so"]);
  reader.close();
  expect(() => openH5(options).read("/X")).toThrow(/filter 32015 \(Zstandard\)/);
});

describe("values come as the file holds them", () => {
  async function readAll(path: string, places: string[]): Promise<H5Value[]> {
    const reader = await openH5File(path);
    const values = places.map((place) => reader.read(place));
    reader.close();
    return values;
  }

  it("numbers of every size and byte order, from a float16's to an unsigned 64-bit integer's", async () => {
    const types = [
      "i1",
      "i2",
      "i4",
      "i8",
      "u1",
      "u2",
      "u4",
      "u8",
      "f2",
      "f4",
      "f8",
      "big_endian_f4",
      "big_endian_i4",
      "bool"
    ];
    const read = await readAll(
      join(fixtures, "encodings.h5ad"),
      types.map((type) => `/layers/dense_${type}`)
    );
    expect(read.map((values) => values!.constructor.name)).toEqual([
      "Int8Array",
      "Int16Array",
      "Int32Array",
      "BigInt64Array",
      "Uint8Array",
      "Uint16Array",
      "Uint32Array",
      "BigUint64Array",
      "Float32Array",
      "Float32Array",
      "Float64Array",
      "Float32Array",
      "Int32Array",
      "Uint8Array"
    ]);
    const plain = Array.from(read[9] as Float32Array);
    for (const values of read.slice(0, 13)) expect(Array.from(values as Int32Array, Number)).toEqual(plain);
    expect(Array.from(read[13] as Uint8Array)).toEqual(plain.map((value) => (value > 0 ? 1 : 0)));
  });

  it("records column by column, arrays inside them too", async () => {
    const [obs, obsm] = await readAll(join(fixtures, "legacy-records.h5ad"), ["/obs", "/obsm"]);
    const columns = (obs as {columns: Map<string, ArrayLike<unknown>>}).columns;
    expect([...columns.keys()]).toEqual(["index", "cluster", "score", "flag"]);
    expect(Array.from(columns.get("index")!).slice(0, 2)).toEqual(["c0", "c1"]);
    expect(Array.from(columns.get("score")!).slice(0, 3)).toEqual([0, 0.5, 1]);
    expect(Array.from(columns.get("flag")!).slice(0, 3)).toEqual([1, 0, 1]);
    const pca = (obsm as {columns: Map<string, Float32Array>}).columns.get("X_pca")!;
    expect(Array.from(pca.subarray(0, 6))).toEqual([0, 1, 2, 1, 2, 3]);
  });

  it("text of any length, in any script, and text attributes", async () => {
    const reader = await openH5File(good);
    expect((reader.read("/obs/_index") as string[])[11]).toBe("c\u00ebll11");
    expect(reader.attributes("/")).toEqual({"encoding-type": "anndata", "encoding-version": "0.1.0"});
    expect(reader.attributes("/obs")["column-order"]).toContain("nullable_int");
    reader.close();
  });

  it("a selection is a part of the whole", async () => {
    const reader = await openH5File(join(fixtures, "encodings.h5ad"));
    const whole = reader.read("/layers/dense_gzip") as Float32Array;
    const part = reader.read("/layers/dense_gzip", [
      [4, 7],
      [2, 5]
    ]) as Float32Array;
    const expected = [4, 5, 6].flatMap((row) => [2, 3, 4].map((column) => whole[row * 9 + column]));
    expect(Array.from(part)).toEqual(expected);
    expect(
      reader.read("/layers/dense_gzip", [
        [3, 3],
        [0, 9]
      ])
    ).toHaveLength(0);
    reader.close();
  });

  it("a dataset without data is null, an object reference too", async () => {
    const reader = await openH5File(join(fixtures, "newer/nullable-string.h5ad"));
    expect(reader.read("/layers/nothing")).toBeNull();
    reader.close();
    const legacy = await openH5File(join(fixtures, "legacy-groups.h5ad"));
    expect(legacy.attributes("/obs/cluster")["categories"]).toBeNull();
    legacy.close();
  });
});
