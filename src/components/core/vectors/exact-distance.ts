import type {Metric} from "./metric.js";

/**
 * The distance of any two rows of `vectors` (row-major, `width` wide), summed in float64 and never below 0. Cosine: 1 - the product of the
 * rows over their lengths, 1 for a row of zeros. It is the same both ways round, and the same for rows that are copies of each other.
 */
export function exactDistance(
  vectors: Float32Array,
  width: number,
  metric: Metric
): (row: number, other: number) => number {
  if (metric === "euclidean") {
    return (row, other) => {
      let square = 0;
      for (let i = row * width, j = other * width; i < (row + 1) * width; i += 1, j += 1) {
        square += (vectors[i] - vectors[j]) ** 2;
      }
      return Math.sqrt(square);
    };
  }
  const scales = Float64Array.from({length: vectors.length / width}, (_, row) => {
    let square = 0;
    for (let i = row * width; i < (row + 1) * width; i += 1) square += vectors[i] ** 2;
    return square > 0 ? 1 / Math.sqrt(square) : 0;
  });
  return (row, other) => {
    let s0 = 0,
      s1 = 0,
      s2 = 0,
      s3 = 0;
    let i = row * width;
    let j = other * width;
    const end = i + width;
    for (; i + 3 < end; i += 4, j += 4) {
      s0 += vectors[i] * vectors[j];
      s1 += vectors[i + 1] * vectors[j + 1];
      s2 += vectors[i + 2] * vectors[j + 2];
      s3 += vectors[i + 3] * vectors[j + 3];
    }
    for (; i < end; i += 1, j += 1) s0 += vectors[i] * vectors[j];
    return Math.max(0, 1 - (s0 + s1 + (s2 + s3)) * (scales[row] * scales[other]));
  };
}
