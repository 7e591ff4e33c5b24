import {readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {defaultMinDist} from "../../src/components/core/space/default-min-dist.js";
import {mapInk} from "./map-ink.js";

interface RecordedMap {
  minDist?: number;
  positions: number[];
}

const recorded = (path: string): RecordedMap => JSON.parse(readFileSync(path, "utf8")) as RecordedMap;
const fixture = (n: number) => recorded(`tests/fixtures/map-layouts/tissue-${n}.json`);

describe("points fill a sensible part of the canvas at default settings", () => {
  // Canvases: a map of two beside each other at 1280 px, and on a phone.
  test.each([
    ["260 cells, the demo", recorded("src/data/demo-map.json"), 0.18],
    ["2,000 cells", fixture(2000), 0.2],
    ["10,000 cells", fixture(10_000), 0.3]
  ])("%s", (_, {positions}, least) => {
    for (const [width, height] of [
      [560, 560],
      [340, 340]
    ]) {
      const ink = mapInk(Float32Array.from(positions), width, height);
      expect(ink).toBeGreaterThan(least);
      expect(ink).toBeLessThan(0.5);
    }
  });

  test("the recorded maps are of today's defaults", () => {
    for (const n of [2000, 10_000])
      expect(fixture(n).minDist, "run tests/reference/map-layouts.ts").toBe(defaultMinDist(n));
  });
});
