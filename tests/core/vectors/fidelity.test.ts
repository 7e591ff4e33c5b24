import {describe, expect, it} from "vitest";
import {averageEmbeddings} from "../../../src/components/core/vectors/average-embeddings.js";
import {neighborRecall} from "../../../src/components/core/vectors/neighbor-recall.js";
import {relativeError} from "../../../src/components/core/vectors/relative-error.js";
import {createRandom} from "../../../src/components/core/random.js";

describe("relative error", () => {
  it("is the error against the spread between cells, whatever they have in common", () => {
    const reference = [10, 1, 10, -1];
    expect(relativeError(reference, reference, 2, 2)).toBe(0);
    expect(relativeError([10, 1.1, 10, -1.1], reference, 2, 2)).toBeCloseTo(0.1, 12);
    expect(relativeError([10, -1, 10, 1], reference, 2, 2)).toBeCloseTo(2, 12);
  });

  it("is infinite, not NaN, for broken vectors and for cells that do not differ", () => {
    expect(relativeError([NaN, 1, 2, 3], [0, 1, 2, 3], 2, 2)).toBe(Infinity);
    expect(relativeError([1, 1, 1, 1], [1, 1, 1, 1], 2, 2)).toBe(Infinity);
  });

  it("refuses numbers that are not n cells of d", () => {
    expect(() => relativeError([1, 2], [1, 2, 3, 4], 2, 2)).toThrow(/2 and 4 numbers .* 2 cells of 2/);
    expect(() => relativeError([1, 2], [1, 2], 1, 2)).toThrow(/two or more/);
  });
});

describe("neighbor recall", () => {
  it("is 1 for the same vectors at any scale, about k/n for unrelated ones, and counts what is lost", () => {
    const random = createRandom(3).next;
    const n = 200;
    const a = Float32Array.from({length: n * 8}, () => random() - 0.5);
    const b = Float32Array.from({length: n * 8}, () => random() - 0.5);
    expect(
      neighborRecall(
        a.map((x) => 3 * x),
        a,
        n,
        8
      )
    ).toBe(1);
    expect(neighborRecall(b, a, n, 8)).toBeLessThan(0.15);
    const onCircle = (angles: number[]) => Float32Array.from(angles.flatMap((t) => [Math.cos(t), Math.sin(t)]));
    // Cell 0's nearest moves from cell 1 to cell 2; the others keep theirs.
    expect(neighborRecall(onCircle([0, -0.3, 0.2, 0.3]), onCircle([0, -0.1, 0.2, 0.25]), 4, 2, 1)).toBe(0.75);
  });

  it("refuses fewer cells than neighbors", () => {
    expect(() => neighborRecall(new Float32Array(30), new Float32Array(30), 15, 2)).toThrow(/15 cells of 2 and 15/);
  });
});

describe("averaged embeddings", () => {
  it("have unit length, and point between", () => {
    expect(Array.from(averageEmbeddings([Float32Array.of(1, 0), Float32Array.of(0, 1)]))).toEqual(
      [Math.SQRT1_2, Math.SQRT1_2].map(Math.fround)
    );
    expect(Array.from(averageEmbeddings([Float32Array.of(1, 0), Float32Array.of(-1, 0)]))).toEqual([0, 0]);
  });
});
