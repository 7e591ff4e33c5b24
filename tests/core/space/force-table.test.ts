import {describe, expect, it} from "vitest";
import {tabulate} from "../../../src/components/core/space/force-table.js";
import {layoutCurve} from "../../../src/components/core/space/layout-curve.js";

describe("a table of a force", () => {
  it.each([0.001, 0.1, 0.3, 0.8])("has UMAP's forces to 2e-7 of their value at any distance: minDist %s", (minDist) => {
    const {a, b} = layoutCurve(1, minDist);
    const forces = [
      (square: number) => (-2 * a * b * square ** (b - 1)) / (a * square ** b + 1),
      (square: number) => (2 * b) / ((0.001 + square) * (a * square ** b + 1))
    ];
    for (const force of forces) {
      const table = tabulate(force);
      let worst = 0;
      for (let power = -40; power < 30; power += 0.00317) {
        worst = Math.max(worst, Math.abs(table(2 ** power) / force(2 ** power) - 1));
      }
      expect(worst).toBeLessThan(2e-7);
      expect(worst).toBeGreaterThan(0);
    }
  });

  it("is the force itself beyond both ends, at zero, infinity and NaN", () => {
    const table = tabulate((square) => 3 * square);
    const ends = [0, 2 ** -31, 2 ** 20, 1e300, Infinity];
    expect(ends.map(table)).toEqual(ends.map((square) => 3 * square));
    expect(table(NaN)).toBeNaN();
    expect([2 ** -30, 1, 2 ** 20 - 2 ** -20].map((square) => table(square) / square / 3 - 1)).toEqual([0, 0, 0]);
  });
});
