import {describe, expect, it} from "vitest";
import {multiplyTransposed} from "../../../src/components/core/convert/multiply-transposed.js";
import {createRandom} from "../../../src/components/core/random.js";

const {normal} = createRandom(3);
const random = (length: number) => Float64Array.from({length}, normal);

/** Terms added one after the other in slices of 512, each sum rounded, as the function promises. */
function plain(a: Float64Array, b: Float64Array, rows: number, columns: number, inner: number): Float64Array {
  const product = new Float64Array(rows * columns);
  product.forEach((_, at) => {
    const [i, j] = [Math.floor(at / columns), at % columns];
    let whole = 0;
    for (let from = 0; from < inner; from += 512) {
      let sum = 0;
      for (let k = from; k < Math.min(inner, from + 512); k += 1) sum += a[i * inner + k] * b[j * inner + k];
      whole += sum;
    }
    product[at] = whole;
  });
  return product;
}

describe("a product with a transposed matrix", () => {
  it.each([
    [1, 1, 1],
    [3, 5, 7],
    [4, 4, 512],
    [6, 9, 513],
    [13, 6, 1500]
  ])(
    "of %i rows with %i columns of %i terms is, to the last bit, the sum of the terms in order",
    (rows, columns, inner) => {
      const [a, b] = [random(rows * inner), random(columns * inner)];
      expect(multiplyTransposed(b, columns, inner)(a, rows)).toEqual(plain(a, b, rows, columns, inner));
    }
  );

  it("does not depend on the rows beside a row, or on products before", () => {
    const b = random(8 * 700);
    const multiply = multiplyTransposed(b, 8, 700);
    const many = random(21 * 700);
    const together = multiply(many, 21);
    const alone = multiply(many.subarray(20 * 700), 1);
    expect(alone).toEqual(together.subarray(20 * 8));
    expect(multiply(many, 21)).toEqual(together);
  });
});
