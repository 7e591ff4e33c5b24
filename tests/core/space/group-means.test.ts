import {expect, test} from "vitest";
import {groupMeans} from "../../../src/components/core/space/group-means.js";

test("means of log1p(counts per 10,000) and shares of each group, over any blocks; cells without a group count nowhere", async () => {
  const counts = [
    [1, 3, 0],
    [2, 0, 2],
    [0, 0, 4],
    [9, 9, 9],
    [0, 0, 0]
  ];
  const block = (from: number, to: number) => {
    const rows = Int32Array.from({length: to - from}, (_, i) => from + i);
    const entries = [...rows].map((row) => [...counts[row].keys()].filter((g) => counts[row][g] > 0));
    const indptr = Int32Array.from([0, ...entries.map((_, i) => entries.slice(0, i + 1).flat().length)]);
    const values = Float64Array.from(entries.flatMap((genes, i) => genes.map((g) => counts[from + i][g])));
    return {rows, nCols: 3, indptr, indices: Int32Array.from(entries.flat()), values};
  };
  const groups = Int32Array.of(0, 0, 1, -1, 1);
  const {cells, means, shares} = await groupMeans([block(0, 1), block(1, 5)], groups, 3, 3);
  expect([...cells]).toEqual([2, 2, 0]);
  const log = (share: number) => Math.log1p(1e4 * share);
  expect(means[0][0]).toBeCloseTo((log(1 / 4) + log(1 / 2)) / 2, 12);
  expect(means[0][1]).toBeCloseTo(log(3 / 4) / 2, 12);
  expect(means[1][2]).toBeCloseTo(log(1) / 2, 12);
  expect([...means[2]]).toEqual([0, 0, 0]);
  expect(shares.map((of) => [...of])).toEqual([
    [1, 0.5, 0.5],
    [0, 0, 0.5],
    [0, 0, 0]
  ]);
});
