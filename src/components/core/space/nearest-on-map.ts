/**
 * The `k` nearest others of `cell` on a map (`positions`: x, y, x, y, ...), nearest first, by Euclidean distance; of
 * equally distant cells the one with the lower number comes first. -1 where there are fewer cells.
 */
export function nearestOnMap(positions: Float32Array, cell: number, k: number): Int32Array {
  const nearest = new Int32Array(k).fill(-1);
  const distances = new Float64Array(k).fill(Infinity);
  const x = positions[2 * cell];
  const y = positions[2 * cell + 1];
  for (let j = 0; 2 * j < positions.length; j += 1) {
    const distance = (positions[2 * j] - x) ** 2 + (positions[2 * j + 1] - y) ** 2;
    if (!(distance < distances[k - 1]) || j === cell) continue;
    let at = k - 1;
    for (; at > 0 && distances[at - 1] > distance; at -= 1) {
      distances[at] = distances[at - 1];
      nearest[at] = nearest[at - 1];
    }
    distances[at] = distance;
    nearest[at] = j;
  }
  return nearest;
}
