import {expect} from "vitest";
import {boxDistance, overlap} from "../../../src/components/core/labels/geometry.js";
import type {Box} from "../../../src/components/core/labels/box-counts.js";
import {type CategoricalScale, colorScale} from "../../../src/components/views/color-scale.js";
import {drawOrder} from "../../../src/components/views/draw-order.js";
import {type Fit, fitPoints, pointRadius} from "../../../src/components/views/map-fit.js";
import {type DrawnName, mapNames, type NamedMap} from "../../../src/components/views/map-names.js";

/** A map as a page shows it: its cells, their groups, and a canvas in CSS pixels with the buttons of a map at the top right. */
export function namedMap(
  positions: Float32Array,
  labels: readonly (string | null)[],
  [width, height]: readonly [number, number]
): NamedMap & {colors: CategoricalScale} {
  const colors = colorScale({name: "group", kind: "text", values: labels}) as CategoricalScale;
  const all = fitPoints(positions, width, height - 26, 18)!;
  const whole: Fit = {...all, offsetY: all.offsetY + 26};
  const radius = pointRadius(positions.length / 2, width * height);
  const free: Box = [width - 200, 8, width - 8, 42];
  return {
    positions,
    colors,
    order: drawOrder(positions.length / 2),
    view: whole,
    whole,
    width,
    height,
    radius,
    free: [free],
    size: 12
  };
}

/** About the width of semibold words of system-ui, CSS pixels. */
export const measure = (words: string, size: number): number => 0.58 * size * words.length;

export const freshNames = () => mapNames(measure);

/** Pixels of the points, and which group each is of. */
function pixels({positions, colors, view}: NamedMap) {
  return Array.from(colors.index, (group, i) => ({
    group,
    x: positions[2 * i] * view.scale + view.offsetX,
    y: view.offsetY - positions[2 * i + 1] * view.scale
  }));
}

/**
 * Holds names to what is promised, over all cells: none lies over another, over the buttons or over the canvas's edge; none covers more than a
 * quarter of another group's cells; of the cells under a name more than half are its group's; and where a name stands (the cells within a line of its words,
 * or around the end of its line) its group is the majority.
 */
export function expectTrueNames(names: readonly DrawnName[], map: NamedMap): void {
  const points = pixels(map);
  names.forEach(({group, box, words, leader, point}, k) => {
    expect(box[0] >= 0 && box[1] >= 0 && box[2] <= map.width && box[3] <= map.height, `${words} is inside`).toBe(true);
    expect(
      map.free.some((free) => overlap(box, free, 0)),
      `${words} is off the buttons`
    ).toBe(false);
    for (const other of names.slice(k + 1))
      expect(overlap(box, other.box, 0), `${words} and ${other.words}`).toBe(false);
    const covered = points.filter(({x, y}) => boxDistance(box, x, y) <= map.radius);
    const own = covered.filter((one) => one.group === group).length;
    if (covered.length > 0) expect(own / covered.length, `${words}: share of the cells under it`).toBeGreaterThan(0.5);
    map.colors.entries.forEach(({count, label}, other) => {
      if (other === group) return;
      const hidden = covered.filter((one) => one.group === other).length;
      expect(hidden / count, `${words} over ${label}`).toBeLessThanOrEqual(0.25);
    });
    const [ax, ay] = [points[point].x, points[point].y];
    const there = points.filter(({x, y}) =>
      leader === null
        ? overlap(box, [x, y, x, y], map.radius + 0.7 * 1.35 * map.size)
        : Math.abs(x - ax) <= 14 && Math.abs(y - ay) <= 14
    );
    const mine = there.filter((one) => one.group === group).length;
    expect(mine / there.length, `${words}: share where it stands`).toBeGreaterThan(0.5);
  });
}
