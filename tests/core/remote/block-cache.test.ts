import {expect, test} from "vitest";
import {blockCache} from "../../../src/components/core/remote/block-cache.js";
import {bytesInMemory} from "../../../src/components/core/sources/byte-file.js";

const bytes = Uint8Array.from({length: 10_050}, (_, i) => (i * 7) % 251);

/** A cache of blocks of 100 bytes over bytes in memory, and the ranges that it read. */
function cached(mostKept = 3000, mostAhead = 800) {
  const asked: [number, number][] = [];
  const file = bytesInMemory("made", bytes);
  const read = (start: number, end: number) => (asked.push([start, end]), file.read(start, end));
  return {asked, cache: blockCache({...file, read}, {blockBytes: 100, mostKept, mostAhead})};
}

test("blocks that are wanted together are one read, and are not read again", () => {
  const {asked, cache} = cached();
  expect(cache.read(150, 420)).toEqual(bytes.slice(150, 420));
  expect(cache.read(100, 500)).toEqual(bytes.slice(100, 500));
  expect(asked).toEqual([[100, 500]]);
  expect(cache.read(0, 600)).toEqual(bytes.slice(0, 600));
  expect(asked.slice(1).flat().length).toBe(4);
  expect(cache.traffic()).toEqual({requests: 3, bytes: asked.reduce((sum, [from, to]) => sum + to - from, 0)});
});

test("a reader that goes on gets twice as much ahead each time, up to the most; one that jumps gets what it wants", () => {
  const {asked, cache} = cached();
  for (let at = 0; at < 5000; at += 50) expect(cache.read(at, at + 50)).toEqual(bytes.slice(at, at + 50));
  expect(asked.map(([from, to]) => (to - from) / 100)).toEqual([1, 2, 4, 8, 8, 8, 8, 8, 8]);
  const before = asked.length;
  for (const at of [9000, 7000, 8000]) cache.read(at, at + 10);
  expect(asked.slice(before).every(([from, to]) => to - from === 100)).toBe(true);
});

test("two sequences beside each other are both read ahead", () => {
  const {asked, cache} = cached();
  for (let at = 0; at < 3000; at += 100) {
    cache.read(at, at + 100);
    cache.read(5000 + at, 5100 + at);
  }
  expect(asked.length).toBeLessThan(20);
});

test("the end of a file is a shorter block, and what is kept has its bound", () => {
  const {asked, cache} = cached(1000, 300);
  expect(cache.read(9990, 10_050)).toEqual(bytes.slice(9990, 10_050));
  expect(cache.read(0, 10_050)).toEqual(bytes);
  const read = asked.length;
  cache.read(0, 100);
  expect(asked.length).toBe(read + 1);
});
