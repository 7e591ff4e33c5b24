import {expect, it} from "vitest";
import type {AnnData} from "../../../src/components/core/anndata/anndata.js";
import type {Column, ColumnInfo} from "../../../src/components/core/anndata/column.js";
import {obsColumns} from "../../../src/components/core/pipeline/obs-columns.js";
import {openFixture} from "../anndata/open.js";

function withColumns(columns: Record<string, Column>): AnnData {
  const infos = Object.entries(columns).map(([name, {kind}]): ColumnInfo => ({name, kind, dtype: "int64"}));
  const anndata: Partial<AnnData> = {nObs: 3, columns: () => infos, column: (_, name) => columns[name]};
  return anndata as AnnData;
}

it("a column of another length than the cells is left out, by name, and the others are kept", () => {
  const {columns, skipped} = obsColumns(
    withColumns({
      good: {kind: "numeric", values: Float64Array.of(1, NaN, 3), integer: true},
      short: {kind: "numeric", values: Float64Array.of(1, 2), integer: true},
      long: {kind: "categorical", codes: Int32Array.of(0, 0, 0, 0), categories: ["a"], ordered: false}
    }),
    Int32Array.of(1, 2)
  );
  expect(columns).toEqual([{name: "good", kind: "integer", values: Int32Array.of(0, 3), valid: Uint8Array.of(0, 1)}]);
  expect(skipped).toEqual([
    {name: "short", why: "it has 2 values for 3 cells"},
    {name: "long", why: "it has 4 values for 3 cells"}
  ]);
});

it("the columns of a file are those of its rows; one of several values a cell is left out with its type", async () => {
  const anndata = await openFixture("legacy-records");
  const {columns, skipped} = obsColumns(anndata, Int32Array.of(0, 5));
  expect(columns.length).toBeGreaterThan(2);
  for (const column of columns) expect(column.kind === "categorical" ? column.codes : column.values).toHaveLength(2);
  for (const {why} of skipped) expect(why).toMatch(/^its type, .* x \d+, is not known here$/);
  anndata.close();
});
