import type {Box, BoxCounts} from "./box-counts.js";
import {boxDistance, crossing, overlap, segmentMeets, type Segment} from "./geometry.js";

/** A name that is to be placed. */
export interface NameToPlace {
  group: number;
  /** Size of its words, CSS pixels. */
  width: number;
  height: number;
  /** Points of the map that it may point to, best first. */
  anchors: readonly number[];
}

/** Where a name stood before: its anchor, and its middle from there, CSS pixels. */
export interface NamePlace {
  point: number;
  dx: number;
  dy: number;
}

/** A name in its place, CSS pixels. */
export interface PlacedName extends NamePlace {
  group: number;
  /** Its middle. */
  x: number;
  y: number;
  /** Where its words are. */
  box: Box;
  /** Line from the words to the anchor; null where they stand with the group's cells. */
  leader: Segment | null;
}

/** What names are placed on. */
export interface NameCanvas {
  /** x and y by turns; pixel = value x scale + offset, y upwards. */
  positions: Float32Array;
  scale: number;
  offsetX: number;
  offsetY: number;
  width: number;
  height: number;
  /** Radius of a point, CSS pixels. */
  radius: number;
  /** Places to keep free. */
  free: readonly Box[];
  counts: BoxCounts;
  /** Places of names a moment ago, by group. */
  previous: ReadonlyMap<number, NamePlace>;
}

interface Candidate extends PlacedName {
  cost: number;
}

/** No name covers more than this share of another group's cells. */
const mostCovered = 0.2;
/** Pixels that names keep from the edge and from each other. */
const margin = 3;

/**
 * Places names on a map: a name stands over or beside cells of its own group, or where nothing is, with a line to its anchor. Of a name's
 * candidates (over the anchor, around it, on rings of growing distance) the cheapest is taken that lies within the canvas, off other names,
 * their lines and the places to keep free, covers no more than a fifth of any other group, and of cells under it has the majority. Names that
 * stood well a moment ago stay there; then the larger groups come first. Names for which there is no room are left out.
 * Greedy choice among discrete candidates as in Christensen, Marks and Shieber 1995 (ACM Transactions on Graphics 14, 203-232), the test
 * against what is drawn as in Kittivorawong et al. 2020 (occupancy bitmaps, IEEE VIS), here on counts of each group's cells.
 */
export function placeNames(names: readonly NameToPlace[], canvas: NameCanvas): PlacedName[] {
  const placed: PlacedName[] = [];
  const under = new Uint32Array(canvas.counts.sizes.length);
  const visible = (point: number): boolean => {
    const [x, y] = pixelOf(canvas, point);
    return x >= 0 && x <= canvas.width && y >= 0 && y <= canvas.height;
  };
  const later: NameToPlace[] = [];
  for (const name of names) {
    const before = canvas.previous.get(name.group);
    if (before === undefined || !name.anchors.includes(before.point) || !visible(before.point)) {
      later.push(name);
      continue;
    }
    const same = judge(name, before, canvas, placed, under);
    if (same === null) later.push(name);
    else placed.push(same);
  }
  for (const name of later) {
    const point = name.anchors.find(visible);
    if (point === undefined) continue;
    let best: Candidate | null = null;
    for (const [dx, dy] of offsetsOf(name, canvas.radius)) {
      const found = judge(name, {point, dx, dy}, canvas, placed, under);
      if (found !== null && (best === null || found.cost < best.cost)) best = found;
    }
    if (best !== null) placed.push(best);
  }
  return placed.sort((a, b) => a.group - b.group);
}

/** Middles of a name to try, from its anchor: over it, around it, and on rings farther and farther off. */
function offsetsOf({width, height}: NameToPlace, radius: number): [dx: number, dy: number][] {
  const found: [number, number][] = [[0, 0]];
  for (const gap of [
    radius + 3,
    height,
    2 * height,
    3.5 * height,
    5.5 * height,
    8 * height,
    11 * height,
    15 * height
  ]) {
    for (let k = 0; k < 16; ++k) {
      const angle = ((k + 0.5 * (gap > height ? 1 : 0)) * Math.PI) / 8 - Math.PI / 2;
      found.push([Math.cos(angle) * (gap + width / 2), Math.sin(angle) * (gap + height / 2)]);
    }
  }
  return found;
}

/** The name at a place, with what that costs; null where it may not stand. */
function judge(
  {group, width, height}: NameToPlace,
  {point, dx, dy}: NamePlace,
  canvas: NameCanvas,
  placed: readonly PlacedName[],
  under: Uint32Array
): Candidate | null {
  const [ax, ay] = pixelOf(canvas, point);
  const [x, y] = [ax + dx, ay + dy];
  const box: Box = [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
  if (box[0] < margin || box[1] < margin || box[2] > canvas.width - margin || box[3] > canvas.height - margin)
    return null;
  if (canvas.free.some((other) => overlap(box, other, 0))) return null;
  const {counts, radius} = canvas;
  const all = counts.count(unitsOf(box, canvas, radius), under);
  const own = under[group];
  if (all > 0 && 2 * own <= all) return null;
  for (let g = 0; g < under.length; ++g) if (g !== group && under[g] > mostCovered * counts.sizes[g]) return null;
  const near = counts.count(unitsOf(box, canvas, radius + 0.7 * height), under);
  const gap = boxDistance(box, ax, ay);
  const isAmong = under[group] > 0 && under[group] >= 0.6 * near;
  const leader: Segment | null = isAmong && gap < 3 * height ? null : leaderOf(box, ax, ay);
  if (placed.some((other) => isInTheWay(box, leader, other))) return null;
  const wide = counts.count(unitsOf(box, canvas, radius + 2 * height), under);
  const foreign = wide === 0 ? 0 : (wide - under[group]) / wide;
  const beside = placed.filter((other) => overlap(box, other.box, 0.8 * height)).length;
  // Ink that the words hide, as a share of their own area.
  const inked = (cells: number): number => Math.min(1, (cells * Math.PI * radius * radius) / (width * height));
  const cost =
    4 * inked(all - own) +
    0.3 * inked(own) +
    (3 * own) / Math.max(1, counts.sizes[group]) +
    gap / (4 * height) +
    // What stands close to others' cells or names may be taken for theirs.
    0.8 * foreign +
    0.3 * beside +
    (leader === null ? 0 : 0.3);
  return {group, point, dx, dy, x, y, box, leader, cost};
}

function isInTheWay(box: Box, leader: Segment | null, other: PlacedName): boolean {
  if (overlap(box, other.box, margin)) return true;
  if (leader !== null && segmentMeets(leader, other.box)) return true;
  if (other.leader === null) return false;
  return segmentMeets(other.leader, box) || (leader !== null && crossing(leader, other.leader));
}

/** From the point of a box nearest to a place, to that place. */
function leaderOf([left, top, right, bottom]: Box, x: number, y: number): Segment {
  return [Math.min(right, Math.max(left, x)), Math.min(bottom, Math.max(top, y)), x, y];
}

function pixelOf({positions, scale, offsetX, offsetY}: NameCanvas, point: number): [x: number, y: number] {
  return [positions[2 * point] * scale + offsetX, offsetY - positions[2 * point + 1] * scale];
}

/** A box of the canvas, grown on each side, in the map's units. */
function unitsOf([left, top, right, bottom]: Box, {scale, offsetX, offsetY}: NameCanvas, grown: number): Box {
  return [
    (left - grown - offsetX) / scale,
    (offsetY - bottom - grown) / scale,
    (right + grown - offsetX) / scale,
    (offsetY - top + grown) / scale
  ];
}
