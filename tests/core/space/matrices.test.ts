import {describe, expect, it} from "vitest";
import {createRandom} from "../../../src/components/core/random.js";
import {
  buildSparse,
  denseMatrix,
  type FeatureMatrix,
  sparseMatrix
} from "../../../src/components/core/space/matrices.js";
import {assemble} from "../../../src/components/core/wasm/assemble.js";
import {sparseFunctions} from "../../../src/components/core/wasm/sparse-functions.js";

const [rows, columns] = [9, 7];
const {next, normal} = createRandom(3);
/** Rows of none to all entries, odd and even, the first and last without any. */
const values = Float32Array.from({length: rows * columns}, (_, i) => {
  const row = Math.floor(i / columns);
  return row === 0 || row === rows - 1 || (row !== 4 && next() < 0.5) ? 0 : normal();
});
const forward = Float64Array.from({length: columns * 4}, normal);
const backward = Float64Array.from({length: rows * 4}, normal);
const shift = Float64Array.of(0.5, -1, 2, 0);

function block(from: number, to: number) {
  const entries = Array.from({length: to - from}, (_, i) =>
    [...values.subarray((from + i) * columns, (from + i + 1) * columns).entries()].filter(([, value]) => value !== 0)
  );
  const indptr = [0];
  for (const row of entries) indptr.push(indptr[indptr.length - 1] + row.length);
  return {
    rows: Int32Array.from({length: to - from}, (_, i) => from + i),
    nCols: columns,
    indptr: Int32Array.from(indptr),
    indices: Int32Array.from(entries.flatMap((row) => row.map(([column]) => column))),
    values: Float64Array.from(entries.flatMap((row) => row.map(([, value]) => value)))
  };
}

function inBlocks(): FeatureMatrix {
  const builder = buildSparse(columns);
  builder.add(block(0, 3));
  builder.add(block(3, rows));
  return builder.matrix();
}

/** Sums over rows and columns, one after the other. */
function expected() {
  const times = new Float64Array(rows * 4);
  const transposed = new Float64Array(columns * 4);
  const gram = new Float64Array(columns * 4);
  values.forEach((value, at) => {
    const [i, j] = [Math.floor(at / columns), at % columns];
    for (let c = 0; c < 4; c += 1) {
      times[4 * i + c] += value * forward[4 * j + c];
      transposed[4 * j + c] += value * backward[4 * i + c];
    }
  });
  values.forEach((value, at) => {
    const [i, j] = [Math.floor(at / columns), at % columns];
    for (let c = 0; c < 4; c += 1) gram[4 * j + c] += value * (times[4 * i + c] - shift[c]);
  });
  const left = [0, 1, 2, 3].map((c) =>
    times.reduce((sum, value, at) => sum + (at % 4 === c ? value - shift[c] : 0), 0)
  );
  return {times, transposed, gram, left};
}

describe.each([
  ["dense", () => denseMatrix(values, columns)],
  ["sparse", () => sparseMatrix(block(0, rows))],
  ["sparse, of two blocks", inBlocks]
])("products with a %s matrix", (_, open) => {
  const right = expected();
  const near = (found: ArrayLike<number>, wanted: ArrayLike<number>) => {
    expect(found).toHaveLength(wanted.length);
    for (let i = 0; i < wanted.length; i += 1) expect(found[i]).toBeCloseTo(wanted[i], 12);
  };

  it("are the sums over its entries, in pieces and in any order of products", () => {
    const matrix = open();
    for (let round = 0; round < 2; round += 1) {
      const times = matrix.times(forward);
      times.rows(0, 4);
      times.rows(4, rows);
      near(times.result(), right.times);
      const gram = matrix.gram(forward, shift);
      gram.rows(0, 2);
      gram.rows(2, rows);
      near(gram.result(), right.gram);
      near(gram.sums, right.left);
      const transposed = matrix.transposed(backward);
      transposed.rows(0, rows);
      near(transposed.result(), right.transposed);
    }
  });

  it("come with the sums of columns and of all squares", () => {
    const {sums, squares} = open();
    near(
      sums,
      Array.from({length: columns}, (_, j) =>
        values.reduce((sum, value, at) => sum + (at % columns === j ? value : 0), 0)
      )
    );
    expect(squares).toBeCloseTo(
      values.reduce((sum, value) => sum + value ** 2, 0),
      10
    );
  });
});

it("the functions of a sparse row are valid with and without fused instructions", () => {
  expect(WebAssembly.validate(assemble(sparseFunctions(false)))).toBe(true);
  expect(assemble(sparseFunctions(true)).length).toBeLessThan(1000);
});
