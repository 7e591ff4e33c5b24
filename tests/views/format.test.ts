import {describe, expect, test} from "vitest";
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatInteger,
  formatNumber,
  formatRate,
  formatRemaining,
  formatShare,
  formatShareInColumn
} from "../../src/components/views/format.js";

describe("numbers", () => {
  test.each([
    [0, "0"],
    [1, "1"],
    [50_000, "50,000"],
    [12.3456, "12.3"],
    [0.012345, "0.0123"],
    [1234.5, "1,235"],
    [-0.5, "-0.5"],
    [99.96, "100"],
    [1e-4, "1e-4"],
    [1.5e-5, "1.5e-5"],
    [2.5e12, "2.5e12"],
    [NaN, "–"],
    [Infinity, "–"]
  ])("%s is written %s", (value, text) => expect(formatNumber(value)).toBe(text));

  test("whole numbers are grouped and rounded", () => {
    expect(formatInteger(1234567)).toBe("1,234,567");
    expect(formatInteger(2.6)).toBe("3");
    expect(formatInteger(NaN)).toBe("–");
  });

  test("one cell, two cells, and nouns of their own plural", () => {
    expect([formatCount(1, "cell"), formatCount(2000, "cell"), formatCount(0, "batch", "batches")]).toEqual([
      "1 cell",
      "2,000 cells",
      "0 batches"
    ]);
  });

  test.each([
    [0, "0 %"],
    [1, "100 %"],
    [0.99999, "> 99.9 %"],
    [0.123456, "12.3 %"],
    [0.00001, "< 0.01 %"],
    [0.0004, "0.04 %"],
    [0.00857, "0.86 %"],
    [0.0123456, "1.23 %"],
    [0.8, "80 %"],
    [NaN, "–"]
  ])("the share %s is %s", (share, text) => expect(formatShare(share)).toBe(text));

  test("shares of a column have as many decimals, whatever they are", () => {
    expect([0.006, 0.0055, 1, NaN].map((share) => formatShareInColumn(share))).toEqual([
      "0.60 %",
      "0.55 %",
      "100.00 %",
      "–"
    ]);
    expect(formatShareInColumn(0.4, 1)).toBe("40.0 %");
  });
});

describe("durations", () => {
  test.each([
    [0, "0 ms"],
    [0.4, "< 1 ms"],
    [85, "85 ms"],
    [999, "1.0 s"],
    [1400, "1.4 s"],
    [9960, "10 s"],
    [42_000, "42 s"],
    [59_600, "1 min"],
    [200_000, "3 min 20 s"],
    [3_569_000, "59 min 29 s"],
    [3_590_000, "1 h"],
    [7_500_000, "2 h 5 min"],
    [86_400_000, "1 day"],
    [187_200_000, "2 days 4 h"],
    [-1, "–"],
    [NaN, "–"]
  ])("%s ms is %s", (ms, text) => expect(formatDuration(ms)).toBe(text));

  test.each([
    [0, "a few seconds"],
    [12_000, "about 10 s"],
    [58_000, "about 60 s"],
    [100_000, "about 1.5 min"],
    [584_000, "about 9.5 min"],
    [1_200_000, "about 20 min"],
    [4_000_000, "about 1 h 10 min"],
    [Infinity, "–"]
  ])("%s ms to go is %s", (ms, text) => expect(formatRemaining(ms)).toBe(text));
});

describe("bytes and rates", () => {
  test.each([
    [0, "0 B"],
    [812, "812 B"],
    [1000, "1 kB"],
    [999_999, "1 MB"],
    [2_250_000, "2.25 MB"],
    [5.1e9, "5.1 GB"],
    [-1, "–"]
  ])("%s bytes are %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  test("a rate below one a second is turned round", () => {
    expect(formatRate(12.345, "cell")).toBe("12.3 cells/s");
    expect(formatRate(0.4, "cell")).toBe("2.5 s a cell");
    expect(formatRate(1234.5, "cell")).toBe("1,230 cells/s");
    expect(formatRate(0, "cell")).toBe("–");
  });
});
