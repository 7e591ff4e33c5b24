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
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {WorkbookError} from "../../src/components/core/errors.js";
import {openH5File} from "../../src/components/runtime/node-h5.js";

const fixtures = resolve("tests/fixtures/anndata");

const good = join(fixtures, "columns.h5ad");

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
    [
      "text",
      () => put("text.h5ad", "gene,cell1,cell2\nTP53,0,1\n"),
      "text-table",
      /table of text.*read_csv\("text.h5ad"\)/
    ],
    [
      "a sentence",
      () => put("words.h5ad", "This is no file of cells.\n"),
      "not-hdf5",
      /first bytes are "This is no file/
    ],
    ["other bytes", () => put("noise.h5ad", new Uint8Array([1, 2, 255, 0])), "not-hdf5", /first bytes are 01 02 ff 00/],
    [
      "a Git LFS pointer",
      () => put("lfs.h5ad", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"),
      "lfs-pointer",
      /Git LFS pointer.*git lfs pull/
    ],
    ["a gzipped h5ad", () => put("zipped.h5ad", gzipSync(readFileSync(good))), "gzip-compressed", /gzip -dc/],
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
    // Linux counts what the process that started this one held into maxRSS.
    const status = process.platform === "linux" ? readFileSync("/proc/self/status", "utf8") : "";
    console.log((/VmHWM:\\s+(\\d+)/.exec(status)?.[1] ?? process.resourceUsage().maxRSS) / 1024);`;
  const run = execFileSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    encoding: "utf8"
  });
  expect(Number(run)).toBeGreaterThan(20);
  expect(Number(run)).toBeLessThan(250);
});
