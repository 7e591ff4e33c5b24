/**
 * The rows of `vectors` (row-major, `width` wide), each divided by its Euclidean length, computed in float64; a row of zeros stays
 * zeros. Written into `into`, of the same length, and returned (a new Float64Array; a Float32Array rounds).
 */
export function unitRows<A extends Float32Array | Float64Array = Float64Array>(
  vectors: Float32Array | Float64Array,
  width: number,
  into: A = new Float64Array(vectors.length) as A
): A {
  for (let at = 0; at < vectors.length; at += width) {
    let square = 0;
    for (let i = at; i < at + width; i += 1) square += vectors[i] * vectors[i];
    const length = Math.sqrt(square) || 1;
    for (let i = at; i < at + width; i += 1) into[i] = vectors[i] / length;
  }
  return into;
}
