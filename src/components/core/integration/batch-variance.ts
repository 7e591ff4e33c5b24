/**
 * Share of the variance of `vectors` (row-major, `width` wide) that lies between batches: the sum over principal components of variance times R^2 of a regression on the batch, over the sum of
 * variances, which is the same number for any basis: the squares between batches over all squares. 0 to 1. Principal component regression: Büttner and others 2019. Cells of a batch
 * below 0 are left out. NaN where there is no variance.
 */
export function batchVariance(vectors: Float32Array, width: number, batches: Int32Array): number {
  const groups = batches.reduce((most, batch) => Math.max(most, batch + 1), 0);
  const sizes = new Float64Array(groups);
  const sums = new Float64Array(groups * width);
  batches.forEach((batch, cell) => {
    if (batch < 0) return;
    sizes[batch] += 1;
    for (let i = 0; i < width; i += 1) sums[batch * width + i] += vectors[cell * width + i];
  });
  const cells = sizes.reduce((sum, size) => sum + size, 0);
  const mean = Float64Array.from({length: width}, (_, i) => {
    let sum = 0;
    for (let batch = 0; batch < groups; batch += 1) sum += sums[batch * width + i];
    return sum / cells;
  });
  let [between, all] = [0, 0];
  for (let batch = 0; batch < groups; batch += 1) {
    if (sizes[batch] === 0) continue;
    for (let i = 0; i < width; i += 1)
      between += sizes[batch] * (sums[batch * width + i] / sizes[batch] - mean[i]) ** 2;
  }
  batches.forEach((batch, cell) => {
    if (batch < 0) return;
    for (let i = 0; i < width; i += 1) all += (vectors[cell * width + i] - mean[i]) ** 2;
  });
  return all > 0 ? between / all : NaN;
}
