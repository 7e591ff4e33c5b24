import {WorkbookError} from "../errors.js";

/**
 * Share of each cell's k nearest neighbors (cosine, itself left out, ties by lower index) in `reference` that are
 * among its k nearest in `ours`, averaged over the n cells; both n x d, row-major. 0 to 1. Compares all pairs: for
 * some thousands of cells. Throws if n <= k.
 */
export function neighborRecall(
  ours: Float32Array | Float64Array,
  reference: Float32Array | Float64Array,
  n: number,
  d: number,
  k = 15
): number {
  if (n <= k || ours.length !== n * d || reference.length !== n * d) {
    throw new WorkbookError({
      domain: "encoder",
      code: "bad-comparison",
      fault: `${ours.length} and ${reference.length} numbers are given for ${n} cells of ${d} and ${k} neighbors`,
      remedy: "compare the same cells, more of them than neighbors"
    });
  }
  let kept = 0;
  for (let cell = 0; cell < n; ++cell) {
    const expected = new Set(nearest(reference, cell, n, d, k));
    for (const other of nearest(ours, cell, n, d, k)) if (expected.has(other)) ++kept;
  }
  return kept / (n * k);
}

function nearest(vectors: Float32Array | Float64Array, cell: number, n: number, d: number, k: number): number[] {
  const cosine = new Float64Array(n);
  for (let other = 0; other < n; ++other) {
    let dot = 0;
    let square = 0;
    for (let j = 0; j < d; ++j) {
      const value = vectors[other * d + j];
      dot += vectors[cell * d + j] * value;
      square += value * value;
    }
    cosine[other] = dot / Math.sqrt(square);
  }
  return Array.from({length: n}, (_, other) => other)
    .filter((other) => other !== cell)
    .sort((a, b) => cosine[b] - cosine[a] || a - b)
    .slice(0, k);
}
