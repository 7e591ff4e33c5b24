import {describe, expect, it} from "vitest";
import {chooseMatrix} from "../../../src/components/core/anndata/choose-matrix.js";
import {describeMatrix} from "../../../src/components/core/anndata/describe-matrix.js";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import {streamRows} from "../../../src/components/core/anndata/stream-rows.js";
import {openH5File} from "../../../src/components/runtime/node-h5.js";
import {expectedOfUsers, factsOf, openUserFixture, usersFile} from "./users.js";

describe("files as users have them hold the values that h5py and scipy read", () => {
  for (const [name, {place, matrix}] of Object.entries(expectedOfUsers.users)) {
    it(`users-files/${name}: ${place} is chosen`, async (context) => {
      const path = usersFile(name);
      if (path === null) return context.skip("../shared/data/users-files is not here");
      const anndata = openAnnData(await openH5File(path));
      expect((await chooseMatrix(anndata)).chosen?.name).toBe(place);
      expect(await factsOf(anndata, place)).toEqual(matrix);
      expect(matrix.sha).toBe(expectedOfUsers.users["control"].matrix.sha);
      anndata.close();
    });
  }

  for (const [file, matrices] of Object.entries(expectedOfUsers.own)) {
    it(file, async () => {
      const anndata = await openUserFixture(file);
      for (const [place, matrix] of Object.entries(matrices)) {
        const name = place.replace(/^mod\/\w+\//, "");
        expect([place, await factsOf(anndata, name)]).toEqual([place, matrix]);
      }
      anndata.close();
    });
  }
});

describe("numbers of unusual formats", () => {
  it("bfloat16 is called so, in either byte order, with a named type, and inside a sparse matrix", async () => {
    const anndata = await openUserFixture("floats");
    const dtypes = Object.fromEntries(anndata.matrices.map(({name, dtype}) => [name, dtype]));
    expect(dtypes).toMatchObject({
      X: "float32",
      "layers/bfloat16": "bfloat16",
      "layers/big_endian_bfloat16": "bfloat16",
      "layers/named_bfloat16": "bfloat16",
      "layers/sparse_bfloat16": "bfloat16",
      "layers/e6": "float16 of 6 exponent and 9 fraction bits",
      "layers/three_bytes": "float24 of 8 exponent and 15 fraction bits"
    });
    anndata.close();
  });

  it("those that cannot be told right are refused by name, also where they are asked for", async () => {
    const anndata = await openUserFixture("floats");
    expect(() => anndata.matrix("layers/float8")).toThrow(
      /its values are float8 of 4 exponent and 3 fraction bits, not numbers that can be read/
    );
    expect(() => anndata.matrix("layers/twelve_bits")).toThrow(/its values are uint16 with bits to spare/);
    anndata.close();
  });
});

describe("sparse arrays with room to spare", () => {
  it("are described by what belongs to them", async () => {
    const anndata = await openUserFixture("spare-room");
    for (const name of ["layers/csr", "layers/csc"]) {
      expect(await describeMatrix(anndata, name)).toMatchObject({verdict: "counts", complete: true});
    }
    const rows: number[][] = [];
    for await (const block of streamRows(anndata, "layers/csc", {rows: Int32Array.of(11)})) {
      rows.push(Array.from(block.values));
    }
    const last: number[][] = [];
    for await (const block of streamRows(anndata, "layers/csr", {rows: Int32Array.of(11)})) {
      last.push(Array.from(block.values));
    }
    expect(rows).toEqual(last);
    anndata.close();
  });
});

describe("logical values as R writes them", () => {
  it("are booleans, NA a missing one", async () => {
    const anndata = await openUserFixture("r-logicals");
    const values = (name: string) => {
      const column = anndata.column("obs", name);
      return column.kind === "boolean" ? Array.from(column.values.subarray(0, 4)) : column.kind;
    };
    expect(anndata.columns("obs").map(({name, kind}) => [name, kind])).toEqual([
      ["byte", "boolean"],
      ["plain", "boolean"],
      ["int", "boolean"],
      ["turned", "boolean"],
      ["other", "numeric"]
    ]);
    expect(values("byte")).toEqual([0, 1, -1, 0]);
    expect(values("int")).toEqual([0, 1, -1, 0]);
    expect(values("plain")).toEqual([0, 1, 0, 0]);
    expect(values("turned")).toEqual([1, 0, 1, 1]);
    anndata.close();
  });

  it("of a user's file are those that h5py reads", async (context) => {
    const path = usersFile("hdf5r_logical_with_na");
    if (path === null) return context.skip("../shared/data/users-files is not here");
    const anndata = openAnnData(await openH5File(path));
    const column = anndata.column("obs", "is_doublet");
    expect(column.kind === "boolean" && Array.from(column.values)).toEqual(
      expectedOfUsers.users["hdf5r_logical_with_na"].is_doublet
    );
    anndata.close();
  });
});

it("names with slashes are found wherever they stand, in the file's order", async () => {
  const anndata = await openUserFixture("slashes");
  expect(anndata.matrices.map(({name, fault}) => [name, fault])).toEqual([
    ["X", null],
    ["layers/a/b/c", null],
    ["layers/counts/raw", null],
    ["layers/plain", null]
  ]);
  expect(anndata.obsm).toEqual([{name: "X/pca", nRows: 12, nCols: 3}]);
  expect(anndata.readObsm("X/pca").values).toEqual(new Float32Array(36).fill(1));
  anndata.close();
});
