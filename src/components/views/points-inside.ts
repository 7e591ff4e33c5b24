import {extent, polygonContains} from "npm:d3";
import type {Fit} from "./map-fit.js";

/** How a shape that a person drew changes a selection. */
export type SelectionChange = "replace" | "add" | "remove";

/**
 * The points (x and y by turns) that a closed polygon of CSS pixels holds under a view, ascending; edges that cross
 * themselves count by the even-odd rule. Points that are not finite are in none.
 */
export function pointsInside(
  positions: Float32Array,
  {scale, offsetX, offsetY}: Fit,
  polygon: readonly (readonly [number, number])[]
): Int32Array {
  const corners = polygon as [number, number][];
  const [left, right] = extent(corners, ([x]) => x) as [number, number];
  const [top, bottom] = extent(corners, ([, y]) => y) as [number, number];
  const inside: number[] = [];
  for (let i = 0; 2 * i < positions.length; ++i) {
    const x = positions[2 * i] * scale + offsetX;
    const y = offsetY - positions[2 * i + 1] * scale;
    if (x >= left && x <= right && y >= top && y <= bottom && polygonContains(corners, [x, y])) inside.push(i);
  }
  return Int32Array.from(inside);
}

/** `selected` (ascending; null: none) after a change by `points` (ascending); null if nothing is left. */
export function changeSelection(
  selected: Int32Array | null,
  points: Int32Array,
  change: SelectionChange
): Int32Array | null {
  if (change === "replace" || (change === "add" && selected === null)) return points.length === 0 ? null : points;
  const next = new Set(selected ?? []);
  for (const point of points) {
    if (change === "remove") next.delete(point);
    else next.add(point);
  }
  return next.size === 0 ? null : Int32Array.from(next).sort();
}
