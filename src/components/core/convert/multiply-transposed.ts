/**
 * a (rows x inner) times the transpose of b (columns x inner), row-major, 4 x 4 results at a time, sliced along the inner axis.
 * A result is the same number whatever rows and columns stand beside it.
 */
export function multiplyTransposed(
  a: Float64Array,
  b: Float64Array,
  rows: number,
  columns: number,
  inner: number
): Float64Array {
  const product = new Float64Array(rows * columns);
  const slice = 512;
  for (let from = 0; from < inner; from += slice) {
    const to = Math.min(inner, from + slice);
    for (let j = 0; j < columns; j += 4) {
      for (let i = 0; i < rows; i += 4) {
        if (i + 4 <= rows && j + 4 <= columns) addTile(product, a, b, i, j, columns, inner, from, to);
        else addEdge(product, a, b, i, j, rows, columns, inner, from, to);
      }
    }
  }
  return product;
}

function addTile(
  product: Float64Array,
  a: Float64Array,
  b: Float64Array,
  i: number,
  j: number,
  columns: number,
  inner: number,
  from: number,
  to: number
): void {
  let s00 = 0,
    s01 = 0,
    s02 = 0,
    s03 = 0,
    s10 = 0,
    s11 = 0,
    s12 = 0,
    s13 = 0;
  let s20 = 0,
    s21 = 0,
    s22 = 0,
    s23 = 0,
    s30 = 0,
    s31 = 0,
    s32 = 0,
    s33 = 0;
  const a0 = i * inner,
    a1 = a0 + inner,
    a2 = a1 + inner,
    a3 = a2 + inner;
  const b0 = j * inner,
    b1 = b0 + inner,
    b2 = b1 + inner,
    b3 = b2 + inner;
  for (let k = from; k < to; ++k) {
    const x0 = a[a0 + k],
      x1 = a[a1 + k],
      x2 = a[a2 + k],
      x3 = a[a3 + k];
    const y0 = b[b0 + k],
      y1 = b[b1 + k],
      y2 = b[b2 + k],
      y3 = b[b3 + k];
    s00 += x0 * y0;
    s01 += x0 * y1;
    s02 += x0 * y2;
    s03 += x0 * y3;
    s10 += x1 * y0;
    s11 += x1 * y1;
    s12 += x1 * y2;
    s13 += x1 * y3;
    s20 += x2 * y0;
    s21 += x2 * y1;
    s22 += x2 * y2;
    s23 += x2 * y3;
    s30 += x3 * y0;
    s31 += x3 * y1;
    s32 += x3 * y2;
    s33 += x3 * y3;
  }
  const p0 = i * columns + j,
    p1 = p0 + columns,
    p2 = p1 + columns,
    p3 = p2 + columns;
  product[p0] += s00;
  product[p0 + 1] += s01;
  product[p0 + 2] += s02;
  product[p0 + 3] += s03;
  product[p1] += s10;
  product[p1 + 1] += s11;
  product[p1 + 2] += s12;
  product[p1 + 3] += s13;
  product[p2] += s20;
  product[p2 + 1] += s21;
  product[p2 + 2] += s22;
  product[p2 + 3] += s23;
  product[p3] += s30;
  product[p3 + 1] += s31;
  product[p3 + 2] += s32;
  product[p3 + 3] += s33;
}

function addEdge(
  product: Float64Array,
  a: Float64Array,
  b: Float64Array,
  i: number,
  j: number,
  rows: number,
  columns: number,
  inner: number,
  from: number,
  to: number
): void {
  for (let r = i; r < Math.min(rows, i + 4); ++r) {
    for (let c = j; c < Math.min(columns, j + 4); ++c) {
      let sum = 0;
      for (let k = from; k < to; ++k) sum += a[r * inner + k] * b[c * inner + k];
      product[r * columns + c] += sum;
    }
  }
}
