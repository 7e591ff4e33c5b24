/**
 * Mean of k unit vectors, scaled to unit length again: one cell's embedding over k sampling seeds.
 * Sums in float64 in the given order. Vectors that cancel give zeros.
 */
export function averageEmbeddings(vectors: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const sum = new Float64Array(vectors[0].length);
  for (const vector of vectors) for (let j = 0; j < sum.length; ++j) sum[j] += vector[j];
  let squares = 0;
  for (const value of sum) squares += value * value;
  const norm = Math.max(Math.sqrt(squares), 1e-12 * vectors.length);
  return Float32Array.from(sum, (value) => value / norm);
}
