/** How the map's own units stand on the page: CSS pixel = value x scale + offset, y upwards. */
export interface Fit {
  scale: number;
  offsetX: number;
  offsetY: number;
}

/**
 * Fits all points (x and y by turns; those that are not finite do not count) into a box of `width` x `height` CSS pixels with
 * `padding` on each side, one unit as long in x as in y. Null if no point has a position.
 */
export function fitPoints(positions: Float32Array, width: number, height: number, padding: number): Fit | null {
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i + 1 < positions.length; i += 2) {
    const x = positions[i];
    const y = positions[i + 1];
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < low) low = y;
    if (y > high) high = y;
  }
  if (left > right) return null;
  const inner = (side: number): number => Math.max(1, side - 2 * padding);
  const spanX = right - left;
  const spanY = high - low;
  const scale = Math.min(spanX > 0 ? inner(width) / spanX : Infinity, spanY > 0 ? inner(height) / spanY : Infinity);
  const used = Number.isFinite(scale) ? scale : 1;
  return {
    scale: used,
    offsetX: width / 2 - ((left + right) / 2) * used,
    offsetY: height / 2 + ((low + high) / 2) * used
  };
}

/**
 * A fit `share` (0 to 1) of the way from one to the other, as seen in a box of `width` x `height`: the scale moves by equal
 * factors, the middle of the view along a line, so that a growing layout is followed without a jump.
 */
export function moveFit(from: Fit, to: Fit, share: number, width: number, height: number): Fit {
  if (share >= 1) return to;
  const scale = from.scale * (to.scale / from.scale) ** share;
  const middle = ({scale: s, offsetX, offsetY}: Fit): [number, number] => [
    (width / 2 - offsetX) / s,
    (offsetY - height / 2) / s
  ];
  const [[fromX, fromY], [toX, toY]] = [middle(from), middle(to)];
  const x = fromX + (toX - fromX) * share;
  const y = fromY + (toY - fromY) * share;
  return {scale, offsetX: width / 2 - x * scale, offsetY: height / 2 + y * scale};
}

/** True if two fits put every point of the view within half a CSS pixel of the same place. */
export function sameFit(one: Fit, other: Fit, width: number, height: number): boolean {
  const ratio = one.scale / other.scale;
  const off = (offset: number, otherOffset: number, side: number): number =>
    Math.max(Math.abs(offset - otherOffset * ratio), Math.abs(offset - otherOffset * ratio + side * (ratio - 1)));
  return off(one.offsetX, other.offsetX, width) < 0.5 && off(one.offsetY, other.offsetY, height) < 0.5;
}

/**
 * Radius of a point in CSS pixels for `n` points on `area` square pixels, 1 to 7: all discs side by side would cover 15 % of the area, so that
 * 260 points are not lost on it and 50,000 do not become one blot.
 */
export function pointRadius(n: number, area: number): number {
  return Math.min(7, Math.max(1, 0.22 * Math.sqrt(area / Math.max(1, n))));
}
