/** A rectangle: left, low, right, high. Of a canvas y grows downwards, and low is its top. */
export type Box = readonly [left: number, low: number, right: number, high: number];

/** Counts points by place. */
export interface BoxCounts {
  /** Points of each group in all. */
  readonly sizes: Uint32Array;
  /** Adds up the points of each group within a box, edges included, into `into` (one number a group); returns their sum. */
  count(box: Box, into: Uint32Array): number;
}

/**
 * Puts the points `chosen` (numbers into `positions`: x and y by turns, in the map's own units; those that are not finite are left out) into
 * a grid of about two a bin, so that those of a box are counted by looking at its bins alone. `group` says to which of `groups` groups each
 * point belongs.
 */
export function boxCounts(
  positions: Float32Array,
  group: ArrayLike<number>,
  groups: number,
  chosen: ArrayLike<number>
): BoxCounts {
  const sizes = new Uint32Array(groups);
  const points = Uint32Array.from(chosen).filter((i) => Number.isFinite(positions[2 * i] + positions[2 * i + 1]));
  let [left, low, right, high] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const i of points) {
    sizes[group[i]] += 1;
    left = Math.min(left, positions[2 * i]);
    right = Math.max(right, positions[2 * i]);
    low = Math.min(low, positions[2 * i + 1]);
    high = Math.max(high, positions[2 * i + 1]);
  }
  if (points.length === 0) return {sizes, count: (_, into) => (into.fill(0), 0)};
  const side = Math.max(right - left, high - low, 1e-12) / Math.max(1, Math.ceil(Math.sqrt(points.length / 2)));
  const columns = Math.floor((right - left) / side) + 1;
  const rows = Math.floor((high - low) / side) + 1;
  const binOf = (i: number): number =>
    Math.floor((positions[2 * i + 1] - low) / side) * columns + Math.floor((positions[2 * i] - left) / side);
  const starts = new Uint32Array(columns * rows + 1);
  for (const i of points) starts[binOf(i) + 1] += 1;
  for (let b = 0; b < columns * rows; ++b) starts[b + 1] += starts[b];
  const fill = starts.slice();
  const members = new Uint32Array(points.length);
  for (const i of points) members[fill[binOf(i)]++] = i;

  function count([boxLeft, boxLow, boxRight, boxHigh]: Box, into: Uint32Array): number {
    into.fill(0);
    let sum = 0;
    const [c0, c1] = [
      Math.max(0, Math.floor((boxLeft - left) / side)),
      Math.min(columns - 1, Math.floor((boxRight - left) / side))
    ];
    const [r0, r1] = [
      Math.max(0, Math.floor((boxLow - low) / side)),
      Math.min(rows - 1, Math.floor((boxHigh - low) / side))
    ];
    if (c0 > c1) return 0;
    for (let r = r0; r <= r1; ++r) {
      for (let m = starts[r * columns + c0]; m < starts[r * columns + c1 + 1]; ++m) {
        const i = members[m];
        const [x, y] = [positions[2 * i], positions[2 * i + 1]];
        if (x < boxLeft || x > boxRight || y < boxLow || y > boxHigh) continue;
        into[group[i]] += 1;
        sum += 1;
      }
    }
    return sum;
  }
  return {sizes, count};
}
