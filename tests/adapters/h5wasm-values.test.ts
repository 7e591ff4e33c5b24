import {join, resolve} from "node:path";
import {describe, expect, it} from "vitest";
import type {H5Value} from "../../src/components/core/anndata/h5-reader.js";
import {openH5File} from "../../src/components/runtime/node-h5.js";

const fixtures = resolve("tests/fixtures/anndata");

const good = join(fixtures, "columns.h5ad");

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
