import type {CategoricalScale} from "./color-scale.js";
import type {Fit} from "./map-fit.js";

/** Where a group's name stands, in the map's own units. */
export interface GroupMiddle {
  entry: number;
  label: string;
  x: number;
  y: number;
}

/** At most this many cells of a group are looked at: a middle needs no more. */
const looked = 300;

/**
 * For each group that has a name of its own and at least one place, the cell nearest to the group's medians of x and of y, so
 * that no name stands where none of its cells are; largest groups first. None if there are more than 30 groups or only one: a
 * name would not help.
 */
export function groupMiddles(positions: Float32Array, {index, entries}: CategoricalScale): GroupMiddle[] {
  const named = entries.filter(({kind}) => kind === "category").length;
  if (named < 2 || named > 30) return [];
  const places = Array.from({length: named}, () => ({x: [] as number[], y: [] as number[], seen: 0}));
  const steps = entries.map(({count}) => Math.max(1, Math.floor(count / looked)));
  for (let i = 0; i < index.length; ++i) {
    const entry = index[i];
    if (entry >= named) continue;
    const group = places[entry];
    const [x, y] = [positions[2 * i], positions[2 * i + 1]];
    if (!Number.isFinite(x) || !Number.isFinite(y) || group.seen++ % steps[entry] !== 0) continue;
    group.x.push(x);
    group.y.push(y);
  }
  return places.flatMap(({x, y}, entry) =>
    x.length === 0 ? [] : [{entry, label: entries[entry].label, ...nearest(x, y, median(x), median(y))}]
  );
}

/** What the names are drawn with: the view in CSS pixels, and colors of text and page. */
export interface NameStyle extends Fit {
  width: number;
  height: number;
  /** Device pixels a CSS pixel. */
  ratio: number;
  ink: string;
  paper: string;
  /** A place that names keep free: left, top, right, bottom. */
  free?: Box;
}

type Box = [left: number, top: number, right: number, bottom: number];

/** Writes the names; one that would lie over an earlier (larger) group's is left out, and shows when zoomed in. */
export function drawGroupNames(
  context: CanvasRenderingContext2D,
  middles: readonly GroupMiddle[],
  style: NameStyle
): void {
  const {scale, offsetX, offsetY, width, height, ratio, ink, paper, free} = style;
  // As large as the words beside it: 12 px, and more in projector mode.
  const size = Math.max(12, 0.75 * parseFloat(getComputedStyle(document.documentElement).fontSize));
  const lift = size + 2;
  context.save();
  context.scale(ratio, ratio);
  Object.assign(context, {
    font: `600 ${size}px system-ui, sans-serif`,
    textAlign: "center",
    textBaseline: "middle",
    lineJoin: "round",
    lineWidth: 3.5
  });
  context.strokeStyle = paper;
  context.fillStyle = ink;
  const taken: Box[] = free === undefined ? [] : [free];
  for (const {label, x, y} of middles) {
    const words = label.length > 28 ? `${label.slice(0, 27)}…` : label;
    const half = context.measureText(words).width / 2 + 3;
    const [px, py] = [x * scale + offsetX, offsetY - y * scale];
    if (px < 0 || px > width || py < 0 || py > height) continue;
    const cx = Math.min(width - half - 2, Math.max(half + 2, px));
    // Above the middle, so that a small island is not hidden under its name.
    const cy = Math.min(height - size, Math.max(size, py - lift));
    const box: Box = [cx - half, cy - size * 0.75, cx + half, cy + size * 0.75];
    if (taken.some(([left, top, right, bottom]) => box[0] < right && box[2] > left && box[1] < bottom && box[3] > top))
      continue;
    taken.push(box);
    context.strokeText(words, cx, cy);
    context.fillText(words, cx, cy);
  }
  context.restore();
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

function nearest(x: readonly number[], y: readonly number[], toX: number, toY: number): {x: number; y: number} {
  const far = x.map((value, i) => (value - toX) ** 2 + (y[i] - toY) ** 2);
  const i = far.indexOf(Math.min(...far));
  return {x: x[i], y: y[i]};
}
