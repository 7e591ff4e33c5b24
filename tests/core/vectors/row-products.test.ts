import {describe, expect, it} from "vitest";
import {createRandom} from "../../../src/components/core/random.js";
import {openRowProducts} from "../../../src/components/core/vectors/row-products.js";

describe("products of rows", () => {
  it.each([
    [1, 1],
    [95, 3],
    [97, 64],
    [200, 65],
    [130, 512]
  ])("of %i rows of width %i are within the error told, in every place", async (count, width) => {
    const {normal} = createRandom(count);
    const values = Float32Array.from({length: count * width}, normal);
    const lengths = Float64Array.from({length: count}, (_, row) => Math.sqrt(product(values, values, row, row, width)));
    const rows = await openRowProducts(count, width);
    const {tile} = rows;
    lengths.forEach((length, row) => rows.setRow(row, values.subarray(row * width, (row + 1) * width), 1 / length));
    const columns = Int32Array.from({length: Math.min(tile, count)}, (_, i) => count - 1 - i);
    rows.setColumns(columns);
    let largest = 0;
    for (let from = 0; from < count; from += tile) {
      const products = rows.products(from / tile);
      for (let row = from; row < Math.min(from + tile, count); row += 1) {
        columns.forEach((column, j) => {
          const right = product(values, values, row, column, width) / (lengths[row] * lengths[column]);
          largest = Math.max(largest, Math.abs(products[(row - from) * tile + j] - right));
        });
      }
    }
    expect(largest).toBeLessThan(rows.error);
    expect(rows.error).toBeLessThan(1e-5);
  });

  it("are refused where there is no memory for them", async () => {
    await expect(openRowProducts(20_000_000, 512)).rejects.toThrow(/no room for 20,000,000 rows of width 512/);
  });
});

function product(a: Float32Array, b: Float32Array, row: number, other: number, width: number): number {
  let sum = 0;
  for (let i = 0; i < width; i += 1) sum += a[row * width + i] * b[other * width + i];
  return sum;
}
