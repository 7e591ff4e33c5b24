import {mkdtempSync, readFileSync, rmSync, statSync} from "node:fs";
import {tmpdir} from "node:os";
import {join, resolve} from "node:path";
import {File, ready} from "h5wasm/node";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {openH5} from "../../src/components/adapters/h5wasm.js";
import {filterInfo} from "../../src/components/core/anndata/h5-filters.js";
import {openH5File} from "../../src/components/runtime/node-h5.js";

const fixtures = resolve("tests/fixtures/anndata");

const {sum: expectedSum, row: expectedRow} = JSON.parse(
  readFileSync(join(fixtures, "compressed/expected.json"), "utf8")
) as {sum: number; row: number[]};

let folder = "";

beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "h5wasm-plugins-"))));

afterAll(() => rmSync(folder, {recursive: true, force: true}));

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
