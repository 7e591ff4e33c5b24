/**
 * The scale at which the edges exp(-(distance - `nearest`) / scale) of a cell add up to `target`, by bisection (UMAP's smooth distances); the first of `distances` is left out of
 * the sum, and a distance up to `nearest` counts as 1.
 */
export function edgeScale(distances: Float64Array, nearest: number, target: number): number {
  let low = 0;
  let high = Infinity;
  let scale = 1;
  for (let round = 0; round < 64; round += 1) {
    let sum = 0;
    for (let j = 1; j < distances.length; j += 1) {
      const beyond = distances[j] - nearest;
      sum += beyond > 0 ? Math.exp(-beyond / scale) : 1;
    }
    if (Math.abs(sum - target) < 1e-5) break;
    if (sum > target) high = scale;
    else low = scale;
    scale = high === Infinity ? scale * 2 : (low + high) / 2;
  }
  return scale;
}
