import {appendFileSync, cpSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {folderFiles, openDiskFile} from "../../../src/components/adapters/node-folder.js";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import type {FileSet} from "../../../src/components/core/sources/file-set.js";
import {bytesInMemory} from "../../../src/components/core/sources/byte-file.js";
import {openFileSet} from "../../../src/components/core/sources/open-file-set.js";
import {zipFiles} from "../../../src/components/core/sources/zip-files.js";
import {openZarr} from "../../../src/components/core/sources/zarr-reader.js";
import {below} from "../../../src/components/core/sources/file-set.js";
import {codecs} from "../../../src/components/runtime/codecs.js";
import {openCounts} from "../../../src/components/runtime/node-counts.js";
import {openNodeSource} from "../../../src/components/runtime/node-source.js";
import {expectedSources, ownSource, sharedSource, sourceFacts} from "./sources.js";

let store: string;
beforeAll(() => void (store = mkdtempSync(join(tmpdir(), "uce-rows-"))));
afterAll(() => rmSync(store, {recursive: true, force: true}));

describe("a matrix that was turned into rows", () => {
  const path = ownSource("mtx-genes");
  const expected = expectedSources.own["mtx-genes"];

  it("is kept in the store under the identity of its folder, found again, and made anew where it is damaged", async () => {
    const rowsOf = async () => {
      const anndata = openAnnData(await openCounts(path, {store}));
      expect(await sourceFacts(anndata, expected)).toEqual(expected);
      anndata.close();
      const {identity, close} = await openNodeSource(path);
      await close();
      expect(readdirSync(join(store, "rows"))).toEqual([identity]);
      return statSync(join(store, "rows", identity));
    };
    const first = await rowsOf();
    expect((await rowsOf()).ino).toBe(first.ino);
    truncateSync(join(store, "rows", readdirSync(join(store, "rows"))[0]), first.size - 8);
    expect(await rowsOf()).toMatchObject({size: first.size});
  });

  it("of a folder that changes meanwhile is refused, and a run hears of it", async () => {
    const copy = join(store, "copy");
    cpSync(path, copy, {recursive: true});
    const source = await openNodeSource(copy);
    await expect(source.requireUnchanged()).resolves.toBeUndefined();
    const set = folderFiles(copy);
    appendFileSync(join(copy, "genes.tsv"), "more\n");
    expect(() => set.open("genes.tsv")!.read(0, 4)).toThrow(/genes\.tsv was changed while it was read/);
    await expect(source.requireUnchanged()).rejects.toMatchObject({domain: "file", code: "changed"});
    expect(set.open("nothing")).toBeNull();
    await source.close();
  });
});

describe("a store that cannot be listed, as on a server", () => {
  /** The same files, but for the list of them. */
  const unlisted = (set: FileSet, more: Record<string, unknown> = {}): FileSet => ({
    ...set,
    paths: null,
    open: (path) =>
      path in more ? bytesInMemory(path, new TextEncoder().encode(JSON.stringify(more[path]))) : set.open(path)
  });
  const zipped = (path: string) => zipFiles(openDiskFile(path), codecs);

  it("is read by the metadata that zarr put together, of v2", async () => {
    const set = below(zipped(ownSource("zarr-v2.zip")), "cells.zarr");
    const metadata = Object.fromEntries(
      set.paths!.flatMap((path) => {
        if (!/(^|\/)\.z(array|attrs|group)$/.test(path)) return [];
        const file = set.open(path)!;
        return [[path, JSON.parse(new TextDecoder().decode(file.read(0, file.byteLength))) as unknown]];
      })
    );
    const anndata = openAnnData(openZarr(unlisted(set, {".zmetadata": {metadata}}), codecs));
    const expected = expectedSources.own["zarr-v2.zip"];
    expect(await sourceFacts(anndata, expected)).toEqual(expected);
    anndata.close();
    const without = unlisted(below(zipped(ownSource("zarr-v2.zip")), "cells.zarr"));
    expect(() => openZarr(without, codecs)).toThrow(/consolidated metadata.*zarr\.consolidate_metadata/);
  });

  it("is read by the metadata that zarr put together, of v3", async (context) => {
    const name = "pbmc68k_reduced.zarr.zip";
    const path = sharedSource(name);
    if (path === null) return context.skip("../shared/data/sources is not here");
    const anndata = openAnnData(openZarr(unlisted(zipped(path)), codecs));
    expect(await sourceFacts(anndata, expectedSources.shared[name])).toEqual(expectedSources.shared[name]);
    anndata.close();
  });
});

it("MuData in Zarr is read by its modality of genes", async () => {
  const inside = below(zipFiles(openDiskFile(ownSource("zarr-v2.zip")), codecs), "cells.zarr");
  const start = "mod/rna/";
  const more: Record<string, string> = {
    ".zgroup": '{"zarr_format":2}',
    ".zattrs": '{"encoding-type":"MuData"}',
    "mod/.zgroup": '{"zarr_format":2}'
  };
  const set: FileSet = {
    ...inside,
    paths: [...Object.keys(more), ...inside.paths!.map((path) => start + path)],
    open: (path) =>
      path in more
        ? bytesInMemory(path, new TextEncoder().encode(more[path]))
        : path.startsWith(start)
          ? inside.open(path.slice(start.length))
          : null
  };
  const reader = await openFileSet(set, codecs, () => Promise.reject(new Error("no matrix has to be turned")));
  const anndata = openAnnData(reader);
  expect(anndata.layout).toBe("Zarr v2, modality rna of MuData, anndata 0.1.0");
  const expected = expectedSources.own["zarr-v2.zip"];
  expect(await sourceFacts(anndata, expected)).toEqual(expected);
  anndata.close();
});
