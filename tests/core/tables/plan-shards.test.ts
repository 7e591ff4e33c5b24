import {expect, test} from "vitest";
import type {Provenance} from "../../../src/components/core/tables/provenance.js";
import {planShards, shardRows, type ShardFacts} from "../../../src/components/core/tables/plan-shards.js";

const provenance: Provenance = {
  format: 1,
  stage: "embed",
  software: {name: "test", version: "1"},
  source: {name: "a.h5ad", bytes: 1, identity: "1-a"},
  parameters: {seeds: "row", average: 1}
};
const rows = (from: number, to: number) => Int32Array.from({length: to - from}, (_, i) => from + i);

/** Shard `index` of three of the rows 10 to 29. */
function shard(index: number, more: Partial<ShardFacts> = {}): ShardFacts {
  const whole = {index, of: 3, first: 10, last: 29};
  return {
    name: `${index}.arrow`,
    rows: shardRows(rows(10, 30), index, 3),
    width: 4,
    provenance: {...provenance, shard: whole},
    ...more
  };
}

test("shards together are the rows, whatever their number; none is larger than another by more than one", () => {
  for (const of of [1, 2, 3, 7, 20]) {
    const parts = Array.from({length: of}, (_, i) => shardRows(rows(10, 30), i + 1, of));
    expect(parts.flatMap((part) => [...part])).toEqual([...rows(10, 30)]);
    const lengths = parts.map(({length}) => length);
    expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
  }
});

test("shards in any order are joined by rows; the table says nothing of shards", () => {
  expect(planShards([shard(3), shard(1), shard(2)])).toEqual({order: [1, 2, 0], provenance, missing: null});
});

test("tables of --rows are joined, too, if they follow each other", () => {
  const part = (from: number, to: number) => ({name: `${from}.arrow`, rows: rows(from, to), width: 4, provenance});
  expect(planShards([part(5, 9), part(0, 5)])).toEqual({order: [1, 0], provenance, missing: null});
  expect(() => planShards([part(0, 5), part(6, 9)])).toThrow(/rows 5 are in none of the 2 tables.*--partial/);
  expect(planShards([part(0, 5), part(6, 9)], true)).toMatchObject({missing: "5"});
});

test.each([
  ["a gap in the middle", () => [shard(1), shard(3)], /rows 16-22 are in none/],
  ["one before them", () => [shard(2), shard(3)], /rows 10-15 are in none/],
  ["one after them", () => [shard(1), shard(2)], /rows 23-29 are in none/],
  [
    "a shard twice",
    () => [shard(1), shard(2), shard(2), shard(3)],
    /row 16 of the file is in 2\.arrow and in 2\.arrow/
  ],
  ["another width", () => [shard(1), shard(2, {width: 5})], /2\.arrow have 5 numbers, those of 1\.arrow 4/],
  ["no provenance", () => [shard(1), shard(2, {provenance: null})], /2\.arrow does not say what made it/],
  ["rows that do not ascend", () => [shard(1), shard(2, {rows: Int32Array.of(17, 16)})], /do not ascend/],
  ["no cells", () => [shard(1), shard(2, {rows: new Int32Array()})], /has no cells/],
  [
    "another parameter",
    () => [shard(1), shard(2, {provenance: {...shard(2).provenance!, parameters: {seeds: "name", average: 1}}})],
    /2\.arrow and 1\.arrow differ in parameters\.seeds: "name" and "row"/
  ],
  [
    "another file",
    () => [
      shard(1),
      shard(2, {provenance: {...shard(2).provenance!, source: {...provenance.source, identity: "1-b"}}})
    ],
    /differ in source\.identity/
  ],
  [
    "another division",
    () => [shard(1), shard(2, {provenance: {...provenance, shard: {index: 2, of: 4, first: 10, last: 29}}})],
    /2\.arrow is shard 2 of 4 of rows 10-29, 1\.arrow is shard 1 of 3/
  ],
  ["no shard", () => [shard(1), shard(2, {provenance})], /2\.arrow is no shard/]
] as [string, () => ShardFacts[], RegExp][])("%s is refused", (_, shards, words) => {
  expect(() => planShards(shards())).toThrow(words);
});
