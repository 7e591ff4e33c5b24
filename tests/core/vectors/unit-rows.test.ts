import {describe, expect, test} from "vitest";
import {nearestInSpace} from "../../../src/components/core/vectors/nearest-in-space.js";
import {unitRows} from "../../../src/components/core/vectors/unit-rows.js";

describe("unit rows", () => {
  const vectors = Float32Array.of(3, 4, 0, 0, -2, 0);

  test("have length 1 in the same direction; a row of zeros stays", () => {
    expect([...unitRows(vectors, 2)]).toEqual([0.6, 0.8, 0, 0, -1, 0]);
    expect([...vectors]).toEqual([3, 4, 0, 0, -2, 0]);
  });

  test("are rounded where they are written into float32, in place too", () => {
    expect(unitRows(vectors, 2, new Float32Array(6))).toEqual(Float32Array.of(0.6, 0.8, 0, 0, -1, 0));
    const own = vectors.slice();
    expect(unitRows(own, 2, own)).toEqual(Float32Array.of(0.6, 0.8, 0, 0, -1, 0));
  });
});

describe("the nearest of one cell", () => {
  test("are never a cell with a value that is not finite, which has none itself", () => {
    const vectors = Float32Array.of(1, 0, NaN, 1, 0, 1, 1, 1, Infinity, 0);
    expect([...nearestInSpace(vectors, 2, 0, 4).cells]).toEqual([3, 2]);
    expect([...nearestInSpace(vectors, 2, 1, 4).cells]).toEqual([]);
    expect([...nearestInSpace(vectors, 2, 4, 4).cells]).toEqual([]);
  });

  test("count a cell of zeros as at right angles to all", () => {
    expect(nearestInSpace(Float64Array.of(1, 0, 0, 0, -1, 0), 2, 0, 2)).toEqual({
      cells: Int32Array.of(1, 2),
      cosines: Float64Array.of(0, -1)
    });
  });
});
