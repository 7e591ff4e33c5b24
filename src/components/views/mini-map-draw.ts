import type {ColorScale} from "./color-scale.js";
import {type Fit, fitPoints, pointRadius} from "./map-fit.js";
import {drawMap} from "./map-raster.js";
import {rgbFromHex} from "./oklab.js";
import {pageColors} from "./palette.js";
import {pageMode} from "./theme.js";

/** Lines from one point of a map to others. */
export interface MapLinks {
  from: number;
  /** Neighbors in both spaces, in the embedding only, on the map only. */
  both: readonly number[];
  space: readonly number[];
  map: readonly number[];
}

/** What of a map is shown: all, all with a frame around the region of its links, or that region alone. */
export type MapPart = "all" | "framed" | "region";

/** Everything that a small map shows. */
export interface MiniScene {
  /** x and y by turns, the order in which points are drawn, and their colors. */
  positions: Float32Array;
  order: Uint32Array;
  colors: ColorScale;
  links: MapLinks | null;
  /** Point with a ring. */
  mark: number | null;
  part: MapPart;
  /** CSS pixels, and device pixels each. */
  width: number;
  height: number;
  ratio: number;
}

const dashes = {both: [], space: [], map: [4, 3]} as const;
const padding = 12;

/** Draws a small map, and returns where its points are; null: none has a place. */
export function drawMini(context: CanvasRenderingContext2D, scene: MiniScene): Fit | null {
  const {positions, order, colors, links, mark, part, width, height, ratio} = scene;
  const mode = pageMode();
  const region = links === null || part === "all" ? null : regionOf(links, positions);
  const fit = fitPoints(part === "region" && region !== null ? region : positions, width, height, padding);
  const image = context.createImageData(context.canvas.width, context.canvas.height);
  const seen = part === "region" && region !== null ? inside(region, positions) : positions.length / 2;
  const radius = pointRadius(seen, width * height);
  const {scale, offsetX, offsetY} = fit ?? {scale: 1, offsetX: 0, offsetY: 0};
  drawMap(new Uint32Array(image.data.buffer), image.width, image.height, {
    positions,
    order: fit === null ? order.subarray(0, 0) : order,
    index: colors.index,
    colors: Uint32Array.from(colors[mode], packed),
    background: packed(pageColors[mode].paper),
    scale: scale * ratio,
    offsetX: offsetX * ratio,
    offsetY: offsetY * ratio,
    radius: Math.max(0.5, radius * ratio),
    opacity: links === null ? 0.9 : 0.45
  });
  context.putImageData(image, 0, 0);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  if (fit === null) return null;
  const place = (point: number): [number, number] => [
    positions[2 * point] * scale + offsetX,
    offsetY - positions[2 * point + 1] * scale
  ];
  const ring = (point: number, color: string, size: number, lineWidth: number): void => {
    if (2 * point + 1 >= positions.length) return;
    Object.assign(context, {strokeStyle: color, lineWidth});
    context.beginPath();
    context.arc(...place(point), size, 0, 2 * Math.PI);
    context.stroke();
  };
  const fill = (point: number): void => {
    context.fillStyle = colors[mode][colors.index[point]];
    context.beginPath();
    context.arc(...place(point), radius + 0.5, 0, 2 * Math.PI);
    context.fill();
  };
  if (part === "framed" && region !== null) {
    const [left, bottom] = [region[0] * scale + offsetX, offsetY - region[1] * scale];
    const [right, top] = [region[2] * scale + offsetX, offsetY - region[3] * scale];
    Object.assign(context, {strokeStyle: pageColors[mode]["link-both"], lineWidth: 1.5});
    context.strokeRect(left, top, right - left, bottom - top);
  }
  if (links !== null) drawLinks(context, links, {place, ring, fill, radius, mode});
  const [more, line] = width < 300 ? [2, 1.5] : [3.5, 2.5];
  if (mark !== null) ring(mark, pageColors[mode]["link-both"], radius + more, line);
  return fit;
}

interface LinkPen {
  place(point: number): [number, number];
  ring(point: number, color: string, size: number, lineWidth: number): void;
  fill(point: number): void;
  radius: number;
  mode: "light" | "dark";
}

function drawLinks(
  context: CanvasRenderingContext2D,
  {from, ...kinds}: MapLinks,
  {place, ring, fill, radius, mode}: LinkPen
): void {
  for (const kind of ["map", "space", "both"] as const) {
    const color = pageColors[mode][`link-${kind}`];
    Object.assign(context, {strokeStyle: color, lineWidth: 1});
    context.setLineDash([...dashes[kind]]);
    context.beginPath();
    for (const other of kinds[kind]) {
      context.moveTo(...place(from));
      context.lineTo(...place(other));
    }
    context.stroke();
    context.setLineDash([]);
    for (const other of kinds[kind]) {
      fill(other);
      ring(other, color, radius + 1, 1.5);
    }
  }
  fill(from);
}

/**
 * Lower left and upper right corner of the part of a map around a cell and the ends of its lines, in the map's units: with a margin, and at
 * least a fifth of the map each way, so that a knot of near cells is seen among its surroundings.
 */
function regionOf({from, both, space, map}: MapLinks, positions: Float32Array): Float32Array {
  const ends = [from, ...both, ...space, ...map];
  const side = (axis: 0 | 1): [low: number, high: number] => {
    const all = positions.filter((value, i) => i % 2 === axis && Number.isFinite(value));
    const [least, most] = [all.reduce((a, b) => Math.min(a, b)), all.reduce((a, b) => Math.max(a, b))];
    const values = ends.map((point) => positions[2 * point + axis]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const half = Math.max((high - low) / 2 + 0.03 * (most - least), (most - least) / 10);
    return [(low + high) / 2 - half, (low + high) / 2 + half];
  };
  const [[left, right], [bottom, top]] = [side(0), side(1)];
  return Float32Array.of(left, bottom, right, top);
}

function inside([left, bottom, right, top]: Float32Array, positions: Float32Array): number {
  let count = 0;
  for (let i = 0; i < positions.length; i += 2) {
    if (positions[i] >= left && positions[i] <= right && positions[i + 1] >= bottom && positions[i + 1] <= top)
      count += 1;
  }
  return count;
}

/** 0xaabbggrr of "#rrggbb". */
function packed(text: string): number {
  const [red, green, blue] = rgbFromHex(text);
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
