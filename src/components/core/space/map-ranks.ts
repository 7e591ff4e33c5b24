/**
 * Ranks of `points` among all others by distance from point `from` on a map (`positions`: x, y, x, y, ...): 1 is the nearest; of equally
 * distant points the one with the lower number comes first, as in `nearestOnMap`.
 */
export function mapRanks(positions: Float32Array, from: number, points: ArrayLike<number>): Int32Array {
  const distances = Float64Array.from(
    {length: positions.length / 2},
    (_, i) => (positions[2 * i] - positions[2 * from]) ** 2 + (positions[2 * i + 1] - positions[2 * from + 1]) ** 2
  );
  return Int32Array.from(points, (point) => {
    let rank = 1;
    for (let other = 0; other < distances.length; other += 1) {
      if (other === from || other === point) continue;
      const ahead = distances[other] - distances[point];
      if (ahead < 0 || (ahead === 0 && other < point)) rank += 1;
    }
    return rank;
  });
}
