import {describe, expect, test} from "vitest";
import {alignGenes, normalize} from "../../../src/components/core/cells/index.js";
import type {CsrBlock} from "../../../src/components/core/types.js";
import {blockOf, genesAt} from "./helpers.js";

const genes = genesAt([1, 10], [1, 20], [2, 5]);
const alignment = alignGenes(["A", "unknown", "B", "C"], genes);
const only = (row: number[], block?: Partial<CsrBlock>) => normalize({...blockOf([row], 4), ...block}, alignment)[0];

describe("probabilities", () => {
  test("are log1p of the counts over their sum, on aligned genes only", () => {
    const cell = only([3, 100, 0, 1]);
    const [a, c] = [Math.fround(Math.log(4)), Math.fround(Math.log(2))];
    const sum = Math.fround(a + c);
    expect(cell).toMatchObject({row: 4, status: "ok", totalCounts: 104, nGenes: 3, alignedCounts: 4, fault: null});
    expect([...cell.genes]).toEqual([0, 2]);
    expect([...cell.probabilities]).toEqual([Math.fround(a / sum), Math.fround(c / sum)]);
  });

  test("do not change where zeros are stored", () => {
    const block = {
      indptr: Int32Array.of(0, 4),
      indices: Int32Array.of(0, 1, 2, 3),
      values: Float64Array.of(3, 100, 0, 1)
    };
    expect(only([1, 0, 0, 0], block)).toEqual(only([3, 100, 0, 1]));
  });

  test("take a float32 matrix, fractions, counts above 4096 and -0", () => {
    const values = Float32Array.of(0.5, 70_000, -0);
    const cell = only([1, 0, 0, 0], {indptr: Int32Array.of(0, 3), indices: Int32Array.of(0, 2, 3), values});
    const [half, large] = [Math.fround(Math.log1p(0.5)), Math.fround(Math.log1p(70_000))];
    const sum = Math.fround(half + large);
    expect([...cell.probabilities]).toEqual([Math.fround(half / sum), Math.fround(large / sum)]);
  });

  test("of a single gene are 1", () => {
    expect([...only([0, 0, 7, 0]).probabilities]).toEqual([1]);
  });
});

describe("a cell without a distribution", () => {
  test("is empty if it has no counts at all, or none on aligned genes", () => {
    const cells = normalize(
      blockOf([
        [0, 0, 0, 0],
        [0, 9, 0, 0],
        [1, 0, 0, 0]
      ]),
      alignment
    );
    expect(cells.map((cell) => cell.status)).toEqual(["empty", "empty", "ok"]);
    expect(cells[1]).toMatchObject({totalCounts: 9, nGenes: 1, alignedCounts: 0, fault: null});
    expect(cells[1].genes.length + cells[1].probabilities.length).toBe(0);
  });

  test("is empty if its values vanish in float32, as the reference sees them", () => {
    expect(only([1e-60, 0, 0, 0]).status).toBe("empty");
  });

  test.each([NaN, -1, Infinity, -Infinity, 1e300])(
    "is failed if an aligned gene holds %s, and the others go on",
    (value) => {
      const cells = normalize(
        blockOf([
          [1, 0, 2, 0],
          [5, 0, value, 0],
          [0, 0, 0, 4]
        ]),
        alignment
      );
      expect(cells.map((cell) => cell.status)).toEqual(["ok", "failed", "ok"]);
      expect(cells[1].fault).toEqual({gene: 1, value});
      expect(cells[1].genes.length + cells[1].probabilities.length).toBe(0);
    }
  );

  test("tells the first value at fault", () => {
    expect(only([1, 0, -2, NaN]).fault).toEqual({gene: 1, value: -2});
  });

  test("is failed where the probabilities would not sum to 1, which numpy's choice refuses", () => {
    expect(only([1e-9, 0, 1e-9, 0])).toMatchObject({status: "failed", fault: {gene: 0}});
    expect(only([1e-8, 0, 1e-8, 0]).status).toBe("ok");
  });

  test("is not made by a value on a gene that the model does not have", () => {
    const cell = only([1, NaN, 0, 0]);
    expect(cell.status).toBe("ok");
    expect(cell.totalCounts).toBeNaN();
  });
});
