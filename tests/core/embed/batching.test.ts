import {describe, expect, it} from "vitest";
import {createBatcher} from "../../../src/components/core/embed/batcher.js";
import {nextBatchSize} from "../../../src/components/core/embed/next-batch-size.js";

describe("batching", () => {
  it("completes a batch when the size is reached and leaves other lengths waiting", () => {
    const batcher = createBatcher<string>(2);
    expect(batcher.push("a", 5)).toBeNull();
    expect(batcher.push("b", 7)).toBeNull();
    expect(batcher.push("c", 5)).toEqual({length: 5, items: ["a", "c"]});
    expect(batcher.pending).toBe(1);
    batcher.push("d", 3);
    expect(batcher.flush()).toEqual([
      {length: 3, items: ["d"]},
      {length: 7, items: ["b"]}
    ]);
    expect(batcher.pending).toBe(0);
    expect(batcher.flush()).toEqual([]);
  });

  it("lets go of what waits when it shrinks", () => {
    const batcher = createBatcher<number>(8);
    for (let i = 0; i < 5; ++i) batcher.push(i, 1);
    batcher.resize(2);
    expect(batcher.push(5, 1)?.items).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it.each([0, -1, 1.5, NaN])("refuses a batch of %s", (size) => {
    expect(() => createBatcher(size)).toThrow(/batch of/);
  });

  it("moves toward half a second a call, by at most a factor of two, within limits", () => {
    expect(nextBatchSize(8, 500, 64)).toBe(8);
    expect(nextBatchSize(8, 450, 64)).toBe(8);
    expect(nextBatchSize(8, 100, 64)).toBe(16);
    expect(nextBatchSize(8, 0, 64)).toBe(16);
    expect(nextBatchSize(8, 100, 12)).toBe(12);
    expect(nextBatchSize(8, 5000, 64)).toBe(4);
    expect(nextBatchSize(1, 60000, 64)).toBe(1);
    expect(nextBatchSize(8, 800, 64)).toBe(5);
    expect(nextBatchSize(1, 60000, 64, {sideBySide: 4})).toBe(4);
    expect(nextBatchSize(8, 800, 64, {sideBySide: 4})).toBe(8);
    expect(nextBatchSize(8, 100, 14, {sideBySide: 4})).toBe(14);
  });
});
