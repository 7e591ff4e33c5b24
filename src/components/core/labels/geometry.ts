import type {Box} from "./box-counts.js";

/** A line from one place to another. */
export type Segment = readonly [fromX: number, fromY: number, toX: number, toY: number];

/** True if two boxes come nearer to each other than `margin`. */
export function overlap(one: Box, other: Box, margin: number): boolean {
  return (
    one[0] < other[2] + margin && one[2] + margin > other[0] && one[1] < other[3] + margin && one[3] + margin > other[1]
  );
}

/** Distance of a place from a box, 0 within it. */
export function boxDistance([left, low, right, high]: Box, x: number, y: number): number {
  return Math.hypot(Math.max(left - x, 0, x - right), Math.max(low - y, 0, y - high));
}

/** True if two segments cross. */
export function crossing([ax, ay, bx, by]: Segment, [cx, cy, dx, dy]: Segment): boolean {
  const side = (px: number, py: number, qx: number, qy: number, rx: number, ry: number): number =>
    Math.sign((qx - px) * (ry - py) - (qy - py) * (rx - px));
  return (
    side(ax, ay, bx, by, cx, cy) * side(ax, ay, bx, by, dx, dy) < 0 &&
    side(cx, cy, dx, dy, ax, ay) * side(cx, cy, dx, dy, bx, by) < 0
  );
}

/** True if a segment has a point in a box: Liang and Barsky's clipping. */
export function segmentMeets([x0, y0, x1, y1]: Segment, [left, low, right, high]: Box): boolean {
  let [from, to] = [0, 1];
  for (const [step, room] of [
    [x0 - x1, x0 - left],
    [x1 - x0, right - x0],
    [y0 - y1, y0 - low],
    [y1 - y0, high - y0]
  ]) {
    if (step === 0) {
      if (room < 0) return false;
    } else if (step < 0) from = Math.max(from, room / step);
    else to = Math.min(to, room / step);
  }
  return from <= to;
}
