import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {describe, expect, test} from "vitest";
import {WorkbookError} from "../../src/components/core/errors.js";
import {bytesInMemory} from "../../src/components/core/sources/byte-file.js";
import {packedFiles} from "../../src/components/core/sources/packed-files.js";
import {fileIdentity} from "../../src/components/core/tables/identity.js";
import {openNodeSource} from "../../src/components/runtime/node-source.js";
import {packedFile} from "../../src/components/views/packed-file.js";
import {chooseDropped} from "../../src/components/views/dropped-file.js";

const file = (name: string) => ({name, isFolder: false});
const folder = (name: string) => ({name, isFolder: true});
const fault = (items: {name: string; isFolder: boolean}[]): WorkbookError => {
  try {
    chooseDropped(items);
  } catch (error) {
    if (error instanceof WorkbookError) return error;
  }
  throw new Error("expected a WorkbookError");
};

describe("what was dropped", () => {
  test("one file is taken whatever its name, and one h5ad among others", () => {
    expect(chooseDropped([file("cells.dat")])).toEqual([0]);
    expect(chooseDropped([file("readme.txt"), folder("plots"), file("cells.H5AD")])).toEqual([2]);
    expect(chooseDropped([folder("plots"), file("cells.h5")])).toEqual([1]);
  });

  test("a folder is taken, and the three files of one matrix together", () => {
    expect(chooseDropped([folder("filtered_feature_bc_matrix")])).toEqual([0]);
    expect(chooseDropped(["barcodes.tsv.gz", "features.tsv.gz", "matrix.mtx.gz"].map(file))).toEqual([0, 1, 2]);
  });

  test("several h5ad files are taken together, as one that holds them all, called after them", () => {
    expect(chooseDropped(["a.h5ad", "b.h5", "c.H5AD"].map(file))).toEqual([0, 1, 2]);
    const parts = ["b.h5ad", "a.h5ad"].map((path) => ({path, file: new File([path], path)}));
    expect(packedFile(parts).name).toBe("a + b");
  });

  test("several files or folders and nothing are refused in words that say what to drop", () => {
    expect(fault([file("a.csv"), file("b.h5ad"), file("c.h5ad")]).message).toMatch(
      /^3 files were dropped \(a\.csv, b\.h5ad, c\.h5ad\): drop one file or folder at a time, several h5ad files, or the matrix, barcodes/
    );
    expect(fault(["a", "b", "c", "d"].map(file)).details.fault).toBe("4 files were dropped (a, b, c, …)");
    expect(fault([folder("run1"), folder("run2")]).details.fault).toBe("2 folders were dropped (run1, run2)");
    expect(fault([]).code).toBe("nothing-dropped");
  });
});

describe("several files as one", () => {
  const part = (path: string, text: string) => ({path, file: new File([text], path.split("/").at(-1)!)});
  const files = [part("matrix.mtx", "%%M"), part("barcodes.tsv", "c1\n"), part("genes.tsv", "g1\n")];

  test("are the same whether they came with their folder or without, as in Node", async () => {
    const alone = packedFile(files);
    const inFolder = packedFile([
      ...files.map(({path, file}) => ({path: `sample/${path}`, file})).reverse(),
      part("sample/.DS_Store", "x")
    ]);
    expect([alone.name, inFolder.name]).toEqual(["matrix", "sample"]);
    const bytes = new Uint8Array(await alone.arrayBuffer());
    expect(new Uint8Array(await inFolder.arrayBuffer())).toEqual(bytes);
    const root = mkdtempSync(join(tmpdir(), "uce-packed-"));
    for (const {path, file} of files) writeFileSync(join(root, path), await file.text());
    const source = await openNodeSource(root);
    expect(source.identity).toBe(await fileIdentity({byteLength: bytes.length, slice: (a, b) => bytes.slice(a, b)}));
    await source.close();
    rmSync(root, {recursive: true});
    const set = packedFiles(bytesInMemory("sample", bytes));
    expect(set.paths).toEqual(["barcodes.tsv", "genes.tsv", "matrix.mtx"]);
    expect(new TextDecoder().decode(set.open("matrix.mtx")!.read(0, 3))).toBe("%%M");
    expect(() => packedFiles(bytesInMemory("sample", bytes.slice(0, -1)))).toThrow(
      /the folder that was kept is not whole/
    );
  });
});
