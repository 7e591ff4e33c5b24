/** Finds points by place. */
export interface PointIndex {
  /** The point nearest to (x, y), no farther than `reach`; -1 if there is none. Ties go to the lower number. */
  nearest(x: number, y: number, reach: number): number;
}

/**
 * Bins points (x and y by turns; those that are not finite are left out) into a grid of about two a bin. It stands in place of
 * d3.quadtree because it is made in one piece when the pointer first comes to a map: 50,000 points take 0.7 ms (quadtree 30 ms),
 * a million 20 ms (4.0 s); a search takes microseconds in both (`node --import tsx tests/bench/views.ts`, Node 20).
 */
export function pointIndex(positions: Float32Array): PointIndex {
  const n = positions.length / 2;
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  let finite = 0;
  // Plain comparisons: this runs in one piece when the pointer first comes to a map of many points.
  for (let i = 0; i < n; ++i) {
    const x = positions[2 * i];
    const y = positions[2 * i + 1];
    if (x - x !== 0 || y - y !== 0) continue;
    finite += 1;
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  }
  if (finite === 0) return {nearest: () => -1};
  const size = Math.max(right - left, bottom - top, 1e-12) / Math.max(1, Math.ceil(Math.sqrt(finite / 2)));
  const columns = Math.floor((right - left) / size) + 1;
  const rows = Math.floor((bottom - top) / size) + 1;
  const starts = new Uint32Array(columns * rows + 1);
  const bins = new Int32Array(n).fill(-1);
  for (let i = 0; i < n; ++i) {
    const x = positions[2 * i];
    const y = positions[2 * i + 1];
    if (x - x !== 0 || y - y !== 0) continue;
    const b = Math.floor((y - top) / size) * columns + Math.floor((x - left) / size);
    bins[i] = b;
    starts[b + 1] += 1;
  }
  for (let b = 0; b < columns * rows; ++b) starts[b + 1] += starts[b];
  const fill = starts.slice();
  const members = new Uint32Array(finite);
  for (let i = 0; i < n; ++i) if (bins[i] >= 0) members[fill[bins[i]]++] = i;

  return {
    nearest(x, y, reach) {
      let best = -1;
      let least = reach * reach;
      const span = (low: number, high: number, most: number): [number, number] => [
        Math.max(0, Math.floor(low / size)),
        Math.min(most - 1, Math.floor(high / size))
      ];
      const [c0, c1] = span(x - reach - left, x + reach - left, columns);
      const [r0, r1] = span(y - reach - top, y + reach - top, rows);
      for (let r = r0; r <= r1; ++r) {
        for (let m = starts[r * columns + c0]; c0 <= c1 && m < starts[r * columns + c1 + 1]; ++m) {
          const i = members[m];
          const distance = (positions[2 * i] - x) ** 2 + (positions[2 * i + 1] - y) ** 2;
          if (distance < least || (distance === least && (best < 0 || i < best))) [best, least] = [i, distance];
        }
      }
      return best;
    }
  };
}
