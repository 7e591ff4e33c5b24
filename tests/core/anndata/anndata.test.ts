import {describe, expect, it} from "vitest";
import {openAnnData} from "../../../src/components/core/anndata/anndata.js";
import {describeMatrix} from "../../../src/components/core/anndata/describe-matrix.js";
import {streamRows} from "../../../src/components/core/anndata/stream-rows.js";
import {logReads, openFixture, openFixtureReader} from "./open.js";

describe("columns of obs", () => {
  it("are listed with their kinds without being read", async () => {
    const reader = logReads(await openFixtureReader("columns"));
    const anndata = openAnnData(reader);
    expect(anndata.columns("obs")).toEqual([
      {name: "float64", kind: "numeric", dtype: "float64"},
      {name: "float32", kind: "numeric", dtype: "float32"},
      {name: "int64", kind: "numeric", dtype: "int64"},
      {name: "uint8", kind: "numeric", dtype: "uint8"},
      {name: "bool", kind: "boolean", dtype: "bool"},
      {name: "with_nan", kind: "numeric", dtype: "float64"},
      {name: "text", kind: "categorical", dtype: "str", categories: 5},
      {name: "category", kind: "categorical", dtype: "str", categories: 3},
      {name: "ordered", kind: "categorical", dtype: "str", categories: 3},
      {name: "category_int", kind: "categorical", dtype: "int64", categories: 2},
      {name: "category_float", kind: "categorical", dtype: "float64", categories: 2},
      {name: "nullable_int", kind: "numeric", dtype: "int64"},
      {name: "nullable_bool", kind: "boolean", dtype: "bool"}
    ]);
    expect(reader.reads).toEqual([]);
    anndata.close();
  });

  it("tell missing values apart: NaN, code -1, null, -1 among booleans", async () => {
    const anndata = await openFixture("columns");
    const category = anndata.column("obs", "category");
    expect(category.kind === "categorical" && Array.from(category.codes.subarray(2, 6))).toEqual([2, 0, -1, 2]);
    const integers = anndata.column("obs", "nullable_int");
    expect(integers.kind === "numeric" && Array.from(integers.values.subarray(0, 4))).toEqual([0, 10, NaN, 30]);
    const flags = anndata.column("obs", "nullable_bool");
    expect(flags.kind === "boolean" && Array.from(flags.values.subarray(0, 5))).toEqual([1, 0, 1, -1, 1]);
    const ordered = anndata.column("obs", "ordered");
    expect(ordered).toMatchObject({categories: ["lo", "mid", "hi"], ordered: true});
    anndata.close();
    const newer = await openFixture("newer/nullable-string");
    const text = newer.column("obs", "nullable_text");
    expect(text.kind === "string" && text.values.slice(0, 4)).toEqual(["a", null, "c", "a"]);
    newer.close();
  });

  it("that do not exist are refused with the names of those that do", async () => {
    const anndata = await openFixture("columns");
    expect(() => anndata.column("obs", "celltype")).toThrow(
      /no readable column "celltype" \(at \/obs\): choose one of float64, /
    );
    anndata.close();
  });

  it("with a code outside their categories are damaged, both numbers told", async () => {
    const anndata = await openFixture("faults/category-outside");
    expect(() => anndata.column("obs", "bad")).toThrow(/row 0 has category 7 of 2 \(at \/obs\/bad\)/);
    anndata.close();
  });

  it("of records keep their categories in uns", async () => {
    const anndata = await openFixture("legacy-records");
    expect(anndata.columns("obs")[0]).toEqual({name: "cluster", kind: "categorical", dtype: "str", categories: 3});
    expect(anndata.column("obs", "cluster")).toMatchObject({categories: ["B", "NK", "T"]});
    expect(anndata.column("raw/var", "long")).toMatchObject({kind: "string"});
    anndata.close();
  });
});

describe("matrices", () => {
  it("are called X, raw/X and layers/NAME, also where an old file says raw.X", async () => {
    const anndata = await openFixture("legacy-records");
    expect(anndata.matrices.map(({name, place, genes, nCols}) => [name, place, genes, nCols])).toEqual([
      ["X", "/X", "var", 5],
      ["raw/X", "/raw.X", "raw/var", 9]
    ]);
    expect(anndata.varNames("raw/var")).toHaveLength(9);
    anndata.close();
  });

  it("of one gene that old files keep flat are read as a column", async () => {
    const anndata = await openFixture("faults/one-gene-flat");
    const values: number[] = [];
    for await (const block of streamRows(anndata, "X", {blockRows: 5})) values.push(...block.values);
    expect(values).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    anndata.close();
  });

  it("of None (anndata 0.12) are left out", async () => {
    const anndata = await openFixture("newer/nullable-string");
    expect(anndata.matrices.map(({name}) => name)).toEqual(["X"]);
    anndata.close();
  });

  const faults: [file: string, says: RegExp][] = [
    ["too-few-rows", /it has 12 rows for 15 cells/],
    ["no-indptr", /it lacks indptr/],
    ["data-too-short", /it has 58 values and 59 indices/],
    ["unknown-encoding", /its encoding is "coo_matrix"/],
    ["external-link", /keeps this part in another file/]
  ];
  for (const [file, says] of faults) {
    it(`that are damaged (${file}) leave the file open and say what is wrong`, async () => {
      const anndata = await openFixture(`faults/${file}`);
      expect(anndata.matrices[0].fault).toMatch(says);
      expect(() => anndata.matrix("X")).toThrow(says);
      expect(anndata.varNames()).toHaveLength(9);
      anndata.close();
    });
  }

  const damaged: [file: string, says: RegExp][] = [
    ["indptr-falls", /entry 2 is 3, after 9, of 59 \(at \/X\/indptr\)/],
    ["column-outside", /row 0 has an entry in column 9 of 9 \(at \/X\/indices\)/]
  ];
  for (const [file, says] of damaged) {
    it(`whose pointers or columns are wrong (${file}) are refused when read`, async () => {
      const anndata = await openFixture(`faults/${file}`);
      await expect(describeMatrix(anndata, "X")).rejects.toThrow(says);
      anndata.close();
    });
  }
});

describe("HDF5 that is not AnnData", () => {
  const others: [file: string, says: RegExp][] = [
    ["mudata", /MuData/],
    ["tenx", /10x Genomics/],
    ["loom", /Loom/],
    ["other", /HDF5 with temperature, without obs and var/]
  ];
  for (const [file, says] of others) {
    it(`is told by what it is: ${file}`, async () => {
      const reader = await openFixtureReader(`faults/${file}`);
      expect(() => openAnnData(reader)).toThrow(says);
      expect(() => openAnnData(reader)).toThrow(expect.objectContaining({domain: "anndata", code: "not-anndata"}));
      reader.close();
    });
  }
});

it("HDF5 with obs but without var is told by what it lacks", async () => {
  const reader = await openFixtureReader("values-nan");
  const node = (place: string) => (place === "/" ? {kind: "group" as const, keys: ["X", "obs"]} : reader.node(place));
  expect(() => openAnnData({...reader, node})).toThrow("not AnnData but HDF5 with X, obs, without var (at /)");
  reader.close();
});

describe("reading is lazy", () => {
  it("opening reads no value of any dataset", async () => {
    for (const name of ["columns", "encodings", "values-counts-in-raw"]) {
      const reader = logReads(await openFixtureReader(name));
      const anndata = openAnnData(reader);
      expect(anndata.matrices.length).toBeGreaterThan(0);
      expect(reader.reads).toEqual([]);
      anndata.close();
    }
  });

  it("two rows of a csr matrix take their entries and no others", async () => {
    const reader = logReads(await openFixtureReader("encodings"));
    const anndata = openAnnData(reader);
    await describeMatrix(anndata, "X"); // as a run does before it reads
    reader.reads.length = 0;
    for await (const block of streamRows(anndata, "X", {rows: Int32Array.of(3, 4)})) {
      const entries = block.indices.length;
      expect(reader.reads.filter(({place}) => place !== "/X/indptr")).toEqual([
        {place: "/X/indices", count: entries},
        {place: "/X/data", count: entries}
      ]);
    }
    anndata.close();
  });

  it("two rows of a dense matrix take two rows", async () => {
    const reader = logReads(await openFixtureReader("values-nan"));
    const anndata = openAnnData(reader);
    await describeMatrix(anndata, "X"); // as a run does before it reads
    reader.reads.length = 0;
    for await (const block of streamRows(anndata, "X", {rows: Int32Array.of(0, 7), blockRows: 1})) {
      expect(block.rows).toHaveLength(1);
    }
    expect(reader.reads).toEqual([
      {place: "/X", count: 9},
      {place: "/X", count: 9}
    ]);
    anndata.close();
  });
});
