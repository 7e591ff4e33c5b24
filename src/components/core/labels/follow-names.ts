import type {Box} from "./box-counts.js";
import {overlap} from "./geometry.js";
import type {NameCanvas, PlacedName} from "./place-names.js";

/**
 * Names that keep their places beside their anchors while the view or the points move: those that are still within the canvas, off the places to
 * keep free and off each other. What is under them is not looked at: `placeNames` does when the map rests.
 */
export function followNames(
  placed: readonly PlacedName[],
  {positions, scale, offsetX, offsetY, width, height, free}: Omit<NameCanvas, "counts" | "previous" | "radius">
): PlacedName[] {
  const found: PlacedName[] = [];
  for (const name of placed) {
    const [ax, ay] = [positions[2 * name.point] * scale + offsetX, offsetY - positions[2 * name.point + 1] * scale];
    const [moveX, moveY] = [ax + name.dx - name.x, ay + name.dy - name.y];
    const box: Box = [name.box[0] + moveX, name.box[1] + moveY, name.box[2] + moveX, name.box[3] + moveY];
    if (!(box[0] >= 0 && box[1] >= 0 && box[2] <= width && box[3] <= height)) continue;
    if ([...free, ...found.map((other) => other.box)].some((other) => overlap(box, other, 0))) continue;
    const leader = name.leader && ([name.leader[0] + moveX, name.leader[1] + moveY, ax, ay] as const);
    found.push({...name, x: name.x + moveX, y: name.y + moveY, box, leader});
  }
  return found;
}
