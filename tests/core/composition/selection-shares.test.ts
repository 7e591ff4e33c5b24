import {describe, expect, test} from "vitest";
import {columnGroups} from "../../../src/components/core/selections/column-groups.js";
import {selectionShares} from "../../../src/components/core/composition/selection-shares.js";
import {createRandom} from "../../../src/components/core/random.js";
import type {ObsColumn} from "../../../src/components/core/tables/cells.js";

const named = (column: ObsColumn) => {
  const {names, codes} = columnGroups(column);
  return Array.from(codes, (code) => names[code] ?? null);
};

describe("any column becomes groups", () => {
  test("categories, texts and truths as they are, without a value where there is none", () => {
    const categories = {
      name: "c",
      kind: "categorical",
      codes: Int32Array.of(1, -1, 0),
      categories: ["a", "b"]
    } as const;
    expect(named(categories)).toEqual(["b", null, "a"]);
    expect(named({name: "t", kind: "text", values: ["x", null, "x"]})).toEqual(["x", null, "x"]);
    const valid = Uint8Array.of(1, 1, 0);
    expect(named({name: "b", kind: "boolean", values: Uint8Array.of(1, 0, 1), valid})).toEqual(["true", "false", null]);
  });

  test("few different numbers each by itself, many in fifths of the cells that have one", () => {
    expect(named({name: "n", kind: "integer", values: Int32Array.of(3, 1, 3)})).toEqual(["3", "1", "3"]);
    const {next} = createRandom(7);
    const values = Float64Array.from({length: 1001}, (_, i) => (i === 5 ? NaN : next() * 10));
    const {names, codes} = columnGroups({name: "n", kind: "number", values});
    expect(codes[5]).toBe(-1);
    const sizes = names.map((_, part) => codes.filter((code) => code === part).length);
    expect(sizes).toEqual([200, 200, 200, 200, 200]);
    const [low, high] = names[2].split(" to ").map(Number);
    for (const [i, code] of codes.entries())
      if (code === 2) expect(values[i] >= low - 0.001 && values[i] <= high + 0.001).toBe(true);
  });

  test("equal numbers are in one part, so that there may be fewer", () => {
    const values = Float64Array.from({length: 100}, (_, i) => Math.max(0, i - 70));
    const {names, codes} = columnGroups({name: "n", kind: "number", values});
    expect(names[0]).toBe("0 to 0");
    expect(codes.filter((code) => code === 0)).toHaveLength(71);
    expect(names.length).toBeLessThan(5);
  });
});

test("shares of a selection stand beside those of the chain's other cells, also of values that it lacks", () => {
  const groups = {names: ["a", "b", "c"], codes: Int32Array.of(0, 0, 1, 1, 1, 2, -1)};
  const parts = selectionShares(groups, Int32Array.of(0, 2, 3, 6), Int32Array.of(0, 1, 2, 3, 4, 6));
  expect(parts.map(({value}) => value)).toEqual(["b", "a"]);
  expect(parts[0]).toMatchObject({selected: {cells: 2, of: 3}, others: {cells: 1, of: 2, share: 0.5}});
  const all = selectionShares(groups, Int32Array.of(0, 1), null);
  expect(all.map(({value, selected}) => [value, selected!.cells])).toEqual([
    ["a", 2],
    ["b", 0],
    ["c", 0]
  ]);
  expect(all[1].selected!.high).toBeGreaterThan(0.5);
  expect(selectionShares(groups, Int32Array.of(6), null).every(({selected}) => selected === null)).toBe(true);
});
