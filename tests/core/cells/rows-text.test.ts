import {expect, test} from "vitest";
import {rowsFromText, rowsToText} from "../../../src/components/core/cells/rows-text.js";

test("rows become a short text that an address takes as it is, and come back", () => {
  const lists = [
    [0],
    [259],
    [0, 1, 2, 3, 7, 8, 200, 70_000, 70_001],
    Array.from({length: 5000}, (_, i) => i),
    Array.from({length: 900}, (_, i) => 3 * i + (i % 2)),
    [2_000_000_000]
  ];
  for (const list of lists) {
    const text = rowsToText(Int32Array.from(list));
    expect(text).toMatch(/^[\w-]+$/);
    expect([...rowsFromText(text, 2_000_000_001)!]).toEqual(list);
  }
  expect(rowsToText(Int32Array.from({length: 100_000}, (_, i) => i)).length).toBeLessThan(8);
});

test("text that is none, or names rows that the file lacks, is no selection", () => {
  const text = rowsToText(Int32Array.of(5, 6, 9));
  expect(rowsFromText(text, 10)).not.toBeNull();
  expect(rowsFromText(text, 9)).toBeNull();
  for (const other of ["", "%", "..", "A", "gA", "____", "AAAA+", "a b"])
    expect(rowsFromText(other, 10), other).toBeNull();
  // 150 bytes that go on: their worth is no number any more.
  const endless = Buffer.from([...new Array<number>(150).fill(128), 0, 0]).toString("base64url");
  expect(rowsFromText(endless, 10)).toBeNull();
});
