import {expect, test} from "vitest";
import {duration, progressLine, progressText} from "../../../src/components/runtime/cli/progress.js";

test("a stream that is no terminal stays clean", () => {
  const written: string[] = [];
  const line = progressLine({isTTY: false, write: (text) => written.push(text)});
  line.update("embed", 1, 2);
  line.clear();
  expect(written).toEqual([]);
});

test("a terminal shows at most ten lines a second, always the last, and is cleared", () => {
  const written: string[] = [];
  let now = 0;
  const line = progressLine({isTTY: true, columns: 200, write: (text) => written.push(text)}, () => now);
  for (let i = 1; i <= 100; ++i) {
    now += 10;
    line.update("embed", i, 100);
  }
  expect(written.length).toBeGreaterThan(8);
  expect(written.length).toBeLessThan(14);
  expect(written.at(-1)).toContain("embed 100 of 100");
  line.clear();
  expect(written.at(-1)).toBe("\r\x1b[2K");
});

test("progress tells rate and time left", () => {
  expect(progressText("embed", 120, 480, 10)).toBe("embed 120 of 480, 12 a second, 30 s left");
  expect(progressText("embed", 0, 480, 0)).toBe("embed 0 of 480");
  expect(progressText("embed", 3, 3, 6)).toBe("embed 3 of 3, 0.5 a second");
});

test.each([
  [0.4, "0 s"],
  [89, "89 s"],
  [120, "2 min"],
  [200, "3 min 20 s"],
  [7500, "2 h 5 min"]
])("%d seconds are %s", (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
