/** Rows ready for `dotTile`: float64, and for each row its squared length. */
export interface PackedRows {
  count: number;
  width: number;
  values: Float64Array;
  squares: Float64Array;
}

/** Rows in a tile: two tiles of width 512 fill 0.5 MB, about a second-level cache. */
export const tileRows = 64;

/**
 * Rows `from` to `to` of a row-major float32 matrix as float64, which the inner loop reads without conversion; scaled
 * to length 1 if `normalize` (a row of zeros stays).
 */
export function packRows(
  values: Float32Array,
  width: number,
  from: number,
  to: number,
  normalize: boolean
): PackedRows {
  const count = to - from;
  const packed = new Float64Array(count * width);
  const squares = new Float64Array(count);
  for (let row = 0; row < count; row += 1) {
    const source = (from + row) * width;
    const target = row * width;
    let square = 0;
    for (let i = 0; i < width; i += 1) {
      const value = values[source + i];
      packed[target + i] = value;
      square += value * value;
    }
    if (normalize && square > 0) {
      const scale = 1 / Math.sqrt(square);
      square = 0;
      for (let i = 0; i < width; i += 1) {
        const value = packed[target + i] * scale;
        packed[target + i] = value;
        square += value * value;
      }
    }
    squares[row] = square;
  }
  return {count, width, values: packed, squares};
}

/**
 * Every row of `a` times every row of `b`: a.count x b.count products, row-major, into `out`. Each product is summed in
 * the order of the columns, whatever the tile, so that it does not depend on where the tiles lie, and a row times
 * itself is exactly its `squares`.
 */
export function dotTile(a: PackedRows, b: PackedRows, out: Float64Array): void {
  const {width} = a;
  const x = a.values;
  const y = b.values;
  for (let i = 0; i < a.count; i += 2) {
    const second = i + 1 < a.count;
    const xi = i * width;
    const xj = second ? xi + width : xi;
    let j = 0;
    for (; j + 3 < b.count; j += 4) {
      let s00 = 0,
        s01 = 0,
        s02 = 0,
        s03 = 0,
        s10 = 0,
        s11 = 0,
        s12 = 0,
        s13 = 0;
      const y0 = j * width;
      const y1 = y0 + width;
      const y2 = y1 + width;
      const y3 = y2 + width;
      for (let k = 0; k < width; k += 1) {
        const p = x[xi + k];
        const q = x[xj + k];
        const u = y[y0 + k];
        const v = y[y1 + k];
        const w = y[y2 + k];
        const z = y[y3 + k];
        s00 += p * u;
        s01 += p * v;
        s02 += p * w;
        s03 += p * z;
        s10 += q * u;
        s11 += q * v;
        s12 += q * w;
        s13 += q * z;
      }
      const at = i * b.count + j;
      out[at] = s00;
      out[at + 1] = s01;
      out[at + 2] = s02;
      out[at + 3] = s03;
      if (!second) continue;
      const next = at + b.count;
      out[next] = s10;
      out[next + 1] = s11;
      out[next + 2] = s12;
      out[next + 3] = s13;
    }
    for (; j < b.count; j += 1) {
      let s0 = 0,
        s1 = 0;
      const y0 = j * width;
      for (let k = 0; k < width; k += 1) {
        s0 += x[xi + k] * y[y0 + k];
        s1 += x[xj + k] * y[y0 + k];
      }
      out[i * b.count + j] = s0;
      if (second) out[(i + 1) * b.count + j] = s1;
    }
  }
}
