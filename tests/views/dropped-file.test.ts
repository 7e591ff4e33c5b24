import {describe, expect, test} from "vitest";
import {WorkbookError} from "../../src/components/core/errors.js";
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
    expect(chooseDropped([file("cells.dat")])).toBe(0);
    expect(chooseDropped([file("readme.txt"), folder("plots"), file("cells.H5AD")])).toBe(2);
    expect(chooseDropped([folder("plots"), file("cells.h5")])).toBe(1);
  });

  test("several files, a folder, a zarr store and nothing are refused in words that say what to drop", () => {
    expect(fault([file("a.h5ad"), file("b.h5ad")]).message).toBe(
      "2 files were dropped (a.h5ad, b.h5ad): drop one h5ad file at a time"
    );
    expect(fault(["a", "b", "c", "d"].map(file)).details.fault).toBe("4 files were dropped (a, b, c, …)");
    expect(fault([folder("run1")]).message).toBe('"run1" is a folder: open it and drop one h5ad file');
    expect(fault([folder("atlas.zarr")]).message).toContain("read_zarr");
    expect(fault([]).code).toBe("nothing-dropped");
  });
});
