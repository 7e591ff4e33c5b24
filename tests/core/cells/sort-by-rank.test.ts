import {expect, test} from "vitest";
import {sortByRank} from "../../../src/components/core/cells/sort-by-rank.js";
import {createRandom} from "../../../src/components/core/random.js";

test.each([1, 2, 200, 256, 257, 20_000, 70_000])("sorts by rank, equal ranks in their order (%i ranks)", (ranks) => {
  const random = createRandom(ranks);
  const draw = () => Math.floor(random.next() * ranks);
  // Every rank is that of a few values, and values repeat.
  const rankOf = Int32Array.from({length: ranks}, draw);
  const values = Int32Array.from({length: 3000}, draw);
  const expected = [...values].sort((a, b) => rankOf[a] - rankOf[b]);
  expect([...sortByRank(values, rankOf)]).toEqual(expected);
});

test("sorts nothing", () => {
  expect(sortByRank(new Int32Array(0), new Int32Array(0))).toHaveLength(0);
});
