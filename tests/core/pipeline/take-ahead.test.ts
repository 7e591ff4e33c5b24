import {describe, expect, it} from "vitest";
import {takeAhead} from "../../../src/components/core/pipeline/take-ahead.js";

const pause = () => new Promise<void>((resolve) => void setTimeout(resolve, 0));

function source(count: number, fail = false) {
  const told = {made: 0, ended: false};
  async function* items(): AsyncGenerator<number> {
    try {
      for (let i = 0; i < count; ++i) {
        told.made = i + 1;
        yield i;
      }
      if (fail) throw new Error("damaged");
    } finally {
      told.ended = true;
    }
  }
  return {items: items(), told};
}

describe("taking items ahead", () => {
  it("makes as many as it may before anybody asks, and hands out all in order", async () => {
    const {items, told} = source(10);
    const ahead = takeAhead(items, 4);
    await ahead.begun;
    await pause();
    expect(told.made).toBe(4);
    const found: number[] = [];
    let most = 0;
    for await (const item of ahead) {
      found.push(item);
      await pause();
      most = Math.max(most, told.made - found.length);
    }
    expect(found).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(most).toBe(4);
    expect(told.ended).toBe(true);
  });

  it("throws what the source throws, after the items before it; begun never rejects", async () => {
    const {items} = source(2, true);
    const found: number[] = [];
    const run = async () => {
      for await (const item of takeAhead(items, 8)) found.push(item);
    };
    await expect(run()).rejects.toThrow("damaged");
    expect(found).toEqual([0, 1]);
    const {items: none} = source(0, true);
    const ahead = takeAhead(none, 8);
    await ahead.begun;
    await expect(ahead[Symbol.asyncIterator]().next()).rejects.toThrow("damaged");
  });

  it("ends the source where nobody begins", async () => {
    const {items, told} = source(100);
    const ahead = takeAhead(items, 3);
    await ahead.begun;
    ahead.stop();
    await pause();
    expect(told.ended).toBe(true);
    expect(told.made).toBeLessThan(5);
  });

  it("ends the source when its user stops early", async () => {
    const {items, told} = source(100);
    for await (const item of takeAhead(items, 3)) if (item === 1) break;
    await pause();
    expect(told.ended).toBe(true);
    expect(told.made).toBeLessThan(8);
  });
});
