/** The vectors of `places`, one after the other: a copy, places.length x width, of the row-major `vectors`. */
export function pickVectors(vectors: Float32Array, width: number, places: ArrayLike<number>): Float32Array {
  const picked = new Float32Array(places.length * width);
  for (let i = 0; i < places.length; ++i) {
    const from = places[i] * width;
    picked.set(vectors.subarray(from, from + width), i * width);
  }
  return picked;
}
