import {expect, it} from "vitest";
import {obsColumns} from "../../../src/components/core/pipeline/obs-columns.js";
import {openFixture} from "../anndata/open.js";
import {openUserFixture} from "../anndata/users.js";

it("a column of another length than the cells is left out, by name, and the others are kept", async () => {
  const anndata = await openUserFixture("obs-lengths");
  const {columns, skipped} = obsColumns(anndata, Int32Array.of(1, 2));
  expect(columns.map(({name}) => name)).toEqual(["good"]);
  expect(columns[0]).toMatchObject({kind: "integer", values: Int32Array.of(1, 2)});
  const says = (length: number) => new RegExp(`has ${length} values, its table 12 rows`);
  expect(skipped.map(({name}) => name)).toEqual(["short", "long_codes", "long_values", "short_mask"]);
  expect(skipped[0].why).toMatch(says(11));
  expect(skipped[1].why).toMatch(says(13));
  expect(skipped[2].why).toMatch(says(13));
  expect(skipped[3].why).toMatch(/its mask has 11 values, its data 12/);
  anndata.close();
});

it("the columns of a file are those of its rows; one of several values a cell is left out with its type", async () => {
  const anndata = await openFixture("legacy-records");
  const {columns, skipped} = obsColumns(anndata, Int32Array.of(0, 5));
  expect(columns.length).toBeGreaterThan(2);
  for (const column of columns) expect(column.kind === "categorical" ? column.codes : column.values).toHaveLength(2);
  for (const {why} of skipped) expect(why).toMatch(/^its type, .* x \d+, is not known here$/);
  anndata.close();
});
