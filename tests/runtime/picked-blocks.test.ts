import {afterEach, expect, it, vi} from "vitest";
import {pickedBlocks} from "../../src/components/runtime/browser/picked-blocks.js";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** A file of bytes 0, 1, ..., 250, 0, ... and how often it was read. */
function picked(size: number) {
  const bytes = Uint8Array.from({length: size}, (_, i) => i % 251);
  const told = {reads: 0, gone: false};
  const file = {size, slice: (start: number, end: number) => ({start, end})} as unknown as Blob;
  class Reader {
    readAsArrayBuffer({start, end}: {start: number; end: number}): ArrayBuffer {
      told.reads += 1;
      if (told.gone) throw new DOMException("gone", "NotFoundError");
      return bytes.slice(start, end).buffer;
    }
  }
  vi.stubGlobal("FileReaderSync", Reader);
  vi.useFakeTimers({toFake: ["performance"]});
  return {bytes, told, blocks: pickedBlocks(file, "cells.h5ad")};
}

it("reads small pieces of two columns of a file in few reads, byte for byte", () => {
  const {bytes, told, blocks} = picked(3_000_000);
  for (let at = 0; at + 7000 < 1_500_000; at += 7000) {
    for (const start of [at, at + 1_500_000]) {
      expect(Buffer.compare(blocks.read(start, start + 7000), bytes.subarray(start, start + 7000))).toBe(0);
    }
  }
  expect(told.reads).toBeLessThan(20);
});

it("believes no kept block of a file that is gone, once a tenth of a second has passed", () => {
  const {told, blocks} = picked(300_000);
  blocks.read(0, 100);
  told.gone = true;
  expect(blocks.read(50, 100)).toHaveLength(50);
  vi.advanceTimersByTime(101);
  expect(() => blocks.read(50, 100)).toThrow(/cells\.h5ad has changed or gone/i);
  expect(() => blocks.read(50, 100)).toThrow(/cells\.h5ad has changed or gone/i);
});
