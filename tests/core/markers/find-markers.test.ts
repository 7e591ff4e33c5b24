import {readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {findMarkers, type GroupMarkers, type MarkerTask} from "../../../src/components/core/markers/find-markers.js";
import type {CsrBlock} from "../../../src/components/core/types.js";

/** What numpy and scipy say (tests/reference/answer_fixtures.py). */
type Expected = Record<(typeof compared)[number], number[]> & {donors: number; higher: number[]};
const compared = ["auc", "score", "p", "q", "log2FoldChange", "meanIn", "meanOut", "shareIn", "shareOut"] as const;

const fixture = JSON.parse(readFileSync("tests/fixtures/answers/markers.json", "utf8")) as {
  counts: number[][];
  groups: number[];
  donors: number[];
  expected: Expected[];
};

/** Rows of the fixture as blocks of at most `size` rows. */
function blocksOf(counts: readonly (readonly number[])[], size = 32): CsrBlock[] {
  const blocks: CsrBlock[] = [];
  for (let first = 0; first < counts.length; first += size) {
    const part = counts.slice(first, first + size);
    const entries = part.map((row) => row.flatMap((value, gene) => (value === 0 ? [] : [[gene, value]])));
    const indptr = [0];
    for (const row of entries) indptr.push(indptr.at(-1)! + row.length);
    blocks.push({
      rows: Int32Array.from(part, (_, i) => first + i),
      nCols: counts[0].length,
      indptr: Int32Array.from(indptr),
      indices: Int32Array.from(entries.flat(), ([gene]) => gene),
      values: Float32Array.from(entries.flat(), ([, value]) => value)
    });
  }
  return blocks;
}

const task = (more: Partial<MarkerTask> = {}): MarkerTask => ({
  blocks: () => blocksOf(fixture.counts),
  genes: fixture.counts[0].length,
  groupOfRow: Int32Array.from(fixture.groups),
  groups: 3,
  donorOfRow: Int32Array.from(fixture.donors),
  ...more
});

/** Largest difference between ours and theirs: of p and q relative, of the rest absolute. */
function apart(found: GroupMarkers, expected: Expected): number {
  const each = compared.flatMap((name) =>
    expected[name].map((value, gene) => {
      const difference = Math.abs(found[name][gene] - value);
      return name === "p" || name === "q" ? difference / value : difference;
    })
  );
  return Math.max(...each);
}

describe("markers", () => {
  test("equal scipy's rank-sum test and scanpy's fold change, donors counted", async () => {
    const found = await findMarkers(task());
    expect(found.map(({group}) => group)).toEqual([0, 1, 2]);
    found.forEach((markers, i) => {
      expect(apart(markers, fixture.expected[i])).toBeLessThan(1e-11);
      expect(markers.donors!.asked).toBe(fixture.expected[i].donors);
      expect([...markers.donors!.higher]).toEqual(fixture.expected[i].higher);
    });
    expect(found[0].p[5]).toBe(1);
  });

  test("are the same in panels of genes, each read anew, as in one piece", async () => {
    let times = 0;
    const blocks = () => ((times += 1), blocksOf(fixture.counts));
    const found = await findMarkers(task({blocks}), {memoryBytes: 2000});
    expect(times).toBeGreaterThan(5);
    expect(found).toEqual(await findMarkers(task()));
  });

  test("are read once where the rows fit, kept in as few bytes as they need, whatever the values; panels are made of what is kept", async () => {
    for (const scale of [1, 300, 1 / 3, 100_000]) {
      let times = 0;
      const scaled = fixture.counts.map((row) => row.map((count) => count * scale));
      const blocks = () => ((times += 1), blocksOf(scaled));
      const found = await findMarkers(task({blocks}), {memoryBytes: 60_000});
      expect(times).toBe(1);
      expect(found).toEqual(await findMarkers(task({blocks}), {memoryBytes: 2000}));
      expect(times, "with less memory they are read anew").toBeGreaterThan(5);
    }
  });

  test("are the same from 64-bit floats", async () => {
    const wide = () => blocksOf(fixture.counts).map((block) => ({...block, values: Float64Array.from(block.values)}));
    expect(await findMarkers(task({blocks: wide}))).toEqual(await findMarkers(task()));
  });

  test("leave out a cell with values that are no counts", async () => {
    const counts = [...fixture.counts, [NaN, ...fixture.counts[3].slice(1)], [-1, ...fixture.counts[3].slice(1)]];
    const groupOfRow = Int32Array.from([...fixture.groups, 1, 0]);
    const donorOfRow = Int32Array.from([...fixture.donors, 1, 1]);
    expect(await findMarkers(task({blocks: () => blocksOf(counts), groupOfRow, donorOfRow}))).toEqual(
      await findMarkers(task())
    );
  });

  test("are found of one group among two", async () => {
    const groupOfRow = Int32Array.from(fixture.groups, (group) => (group === 2 ? -1 : group));
    const [first, second] = await findMarkers(task({groupOfRow, tested: [0, 1], donorOfRow: undefined}));
    expect(first.donors).toBeNull();
    expect(first.cells + first.others).toBe(fixture.groups.filter((group) => group === 0 || group === 1).length);
    first.auc.forEach((auc, gene) => expect(auc + second.auc[gene]).toBeCloseTo(1, 12));
    first.score.forEach((score, gene) => expect(score + second.score[gene]).toBeCloseTo(0, 10));
  });

  test("need cells in the group and beside it", async () => {
    const none = findMarkers(task({groups: 4, tested: [3]}));
    await expect(none).rejects.toMatchObject({code: "too-few-cells", message: expect.stringContaining("of group 3")});
    const all = findMarkers(task({groupOfRow: Int32Array.from(fixture.groups, () => 0)}));
    await expect(all).rejects.toMatchObject({code: "too-few-cells"});
  });

  test("stop when asked to", async () => {
    const cancel = new AbortController();
    const running = findMarkers(task({blocks: () => (cancel.abort(), blocksOf(fixture.counts))}), {
      signal: cancel.signal
    });
    await expect(running).rejects.toMatchObject({name: "AbortError"});
  });
});
