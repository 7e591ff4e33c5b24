import {describe, expect, test} from "vitest";
import type {ObsColumn} from "../../src/components/core/tables/cells.js";
import {
  type CategoricalScale,
  colorScale,
  type ContinuousScale,
  pickCells,
  plainScale,
  rampPosition,
  rampSteps
} from "../../src/components/views/color-scale.js";

const groups = (column: ObsColumn, options = {}): CategoricalScale => {
  const scale = colorScale(column, options);
  if (scale.kind !== "categorical") throw new Error("expected groups");
  return scale;
};
const amounts = (column: ObsColumn, options = {}): ContinuousScale => {
  const scale = colorScale(column, options);
  if (scale.kind !== "continuous") throw new Error("expected amounts");
  return scale;
};
const labels = ({entries}: CategoricalScale) => entries.map(({label, count}) => [label, count]);

describe("groups", () => {
  test("come by size, then by name with numbers in order, and categories without cells are left out", () => {
    const column: ObsColumn = {
      name: "leiden",
      kind: "categorical",
      codes: Int32Array.of(0, 0, 0, 2, 1, 3, 3),
      categories: ["10", "2", "1", "9", "unused"]
    };
    expect(labels(groups(column))).toEqual([
      ["10", 3],
      ["9", 2],
      ["1", 1],
      ["2", 1]
    ]);
    expect([...groups(column).index]).toEqual([0, 0, 0, 2, 3, 1, 1]);
  });

  test("beyond the largest go into one gray entry, and cells without a value into another, last", () => {
    const codes = Int32Array.from({length: 130}, (_, i) => (i < 60 ? i : i < 120 ? i - 60 : -1));
    const scale = groups({
      name: "donor",
      kind: "categorical",
      codes,
      categories: Array.from({length: 60}, (_, i) => `d${i}`)
    });
    expect(scale.entries).toHaveLength(52);
    expect(scale.folded).toBe(10);
    expect(labels(scale).slice(49)).toEqual([
      ["d49", 2],
      ["other (10 more)", 20],
      ["not given", 10]
    ]);
    expect(scale.entries.map(({kind}) => kind).slice(49)).toEqual(["category", "other", "missing"]);
    expect(scale.entries.reduce((sum, {count}) => sum + count, 0)).toBe(130);
    expect([scale.index[0], scale.index[55], scale.index[125]]).toEqual([0, 50, 51]);
  });

  test("fewer colors may be asked for", () => {
    const scale = groups({name: "t", kind: "text", values: ["a", "b", "b", "c", null]}, {maxCategories: 1});
    expect(labels(scale)).toEqual([
      ["b", 2],
      ["other (2 more)", 2],
      ["not given", 1]
    ]);
  });

  test("true comes before false, whichever is larger", () => {
    const scale = groups({
      name: "doublet",
      kind: "boolean",
      values: Uint8Array.of(0, 0, 1, 1),
      valid: Uint8Array.of(1, 1, 1, 0)
    });
    expect(labels(scale)).toEqual([
      ["true", 1],
      ["false", 2],
      ["not given", 1]
    ]);
    expect([...scale.index]).toEqual([1, 1, 0, 2]);
  });

  test("few distinct whole numbers are groups, many are amounts, and the caller may say which", () => {
    const few: ObsColumn = {
      name: "cluster",
      kind: "integer",
      values: Int32Array.of(1, 2, 2, 7),
      valid: Uint8Array.of(1, 1, 1, 0)
    };
    const many: ObsColumn = {name: "n_genes", kind: "integer", values: Int32Array.from({length: 21}, (_, i) => i)};
    expect(labels(groups(few))).toEqual([
      ["2", 2],
      ["1", 1],
      ["not given", 1]
    ]);
    expect(colorScale(many).kind).toBe("continuous");
    expect(amounts(few, {as: "continuous"}).missing).toBe(1);
    expect(labels(groups(many, {as: "categorical"}))).toHaveLength(21);
  });

  test("every entry has a color for both pages, the same as the scale's own lists", () => {
    const scale = groups({name: "t", kind: "text", values: ["a", "b", null]});
    expect(scale.light).toEqual(scale.entries.map(({light}) => light));
    expect(scale.dark).toEqual(scale.entries.map(({dark}) => dark));
    expect(new Set([...scale.light, ...scale.dark]).size).toBe(6);
  });
});

describe("amounts", () => {
  const ramp = Float64Array.from({length: 1001}, (_, i) => i / 10);

  test("run over the middle 98 %, and say how many lie beyond", () => {
    const scale = amounts({name: "percent", kind: "number", values: ramp});
    expect(scale.domain).toEqual([1, 99]);
    expect([scale.below, scale.above, scale.missing, scale.log]).toEqual([10, 10, 0, false]);
    expect([scale.index[0], scale.index[500], scale.index[1000]]).toEqual([0, 127, rampSteps - 1]);
  });

  test("one outlier does not take the ramp", () => {
    const values = Float64Array.from({length: 200}, (_, i) => (i === 7 ? 1e9 : i % 10));
    expect(amounts({name: "x", kind: "number", values}).domain).toEqual([0, 9]);
  });

  test("NaN, infinities and rows marked invalid have no value", () => {
    const values = Float64Array.of(1, NaN, Infinity, 2, 3);
    const scale = amounts({name: "x", kind: "number", values, valid: Uint8Array.of(1, 1, 1, 1, 0)});
    expect(scale.missing).toBe(3);
    expect([...scale.index]).toEqual([0, rampSteps, rampSteps, rampSteps - 1, rampSteps]);
  });

  test("counts over more than two decades are colored by their logarithm, negative values never are", () => {
    const counts = Float64Array.from({length: 100}, (_, i) => Math.round(10 ** (i / 20)));
    expect(amounts({name: "total_counts", kind: "number", values: counts}).log).toBe(true);
    expect(amounts({name: "total_counts", kind: "number", values: counts}, {log: false}).log).toBe(false);
    expect(amounts({name: "score", kind: "number", values: counts.map((v) => v - 50)}, {log: true}).log).toBe(false);
    expect(rampPosition(9, {domain: [0, 99], log: true})).toBeCloseTo(0.5, 12);
  });

  test.each([
    ["no value", [NaN, NaN], [0, 1]],
    ["one value", [4, 4, 4], [2, 6]],
    ["only zeros", [0, 0], [-0.5, 0.5]]
  ] as const)("a column with %s has a range all the same", (_, values, domain) => {
    const scale = amounts({name: "x", kind: "number", values: Float64Array.from(values)});
    expect(scale.domain).toEqual(domain);
    expect(scale.index.every((step) => step <= rampSteps)).toBe(true);
  });

  test("a rare gene keeps its range though 99 % of cells have none", () => {
    const values = Float64Array.from({length: 1000}, (_, i) => (i === 3 ? 5 : 0));
    expect(amounts({name: "CD3D", kind: "number", values}).domain).toEqual([0, 5]);
  });
});

describe("some of the cells", () => {
  test("keep their colors, with counts of their own", () => {
    const all = groups({name: "t", kind: "text", values: ["a", "a", "a", "b", "b", null]});
    const some = pickCells(all, [3, 4, 0]);
    expect([...some.index]).toEqual([1, 1, 0]);
    expect(labels(some)).toEqual([
      ["a", 1],
      ["b", 2],
      ["not given", 0]
    ]);
    expect(labels(all)[0]).toEqual(["a", 3]);
    const numbers = amounts({name: "x", kind: "number", values: Float64Array.of(0, 1, NaN)});
    expect(pickCells(numbers, [2, 2, 1]).missing).toBe(2);
  });

  test("without a column all cells are alike", () => {
    expect(labels(plainScale(3))).toEqual([["cells", 3]]);
  });
});
