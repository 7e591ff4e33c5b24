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

/** Everything that a small map shows. */
export interface MiniScene {
  /** x and y by turns, the order in which points are drawn, and their colors. */
  positions: Float32Array;
  order: Uint32Array;
  colors: ColorScale;
  links: MapLinks | null;
  /** Point with a ring. */
  mark: number | null;
  /** Only the part that the lines span. */
  close: boolean;
  /** CSS pixels, and device pixels each. */
  width: number;
  height: number;
  ratio: number;
}

const dashes = {both: [], space: [], map: [4, 3]} as const;
const padding = 12;

/** Draws a small map, and returns where its points are; null: none has a place. */
export function drawMini(context: CanvasRenderingContext2D, scene: MiniScene): Fit | null {
  const {positions, order, colors, links, mark, close, width, height, ratio} = scene;
  const mode = pageMode();
  const spanned = close && links !== null ? endsOf(links, positions) : positions;
  const fit = fitPoints(spanned, width, height, close ? 3 * padding : padding);
  const image = context.createImageData(context.canvas.width, context.canvas.height);
  const radius = pointRadius(positions.length / 2, width * height);
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
  if (links !== null) drawLinks(context, links, {place, ring, radius, mode});
  const [more, line] = width < 300 ? [2, 1.5] : [3.5, 2.5];
  if (mark !== null) ring(mark, pageColors[mode]["link-both"], radius + more, line);
  return fit;
}

interface LinkPen {
  place(point: number): [number, number];
  ring(point: number, color: string, size: number, lineWidth: number): void;
  radius: number;
  mode: "light" | "dark";
}

function drawLinks(
  context: CanvasRenderingContext2D,
  {from, ...kinds}: MapLinks,
  {place, ring, radius, mode}: LinkPen
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
    for (const other of kinds[kind]) ring(other, color, radius + 0.5, 1.2);
  }
}

function endsOf({from, both, space, map}: MapLinks, positions: Float32Array): Float32Array {
  const points = [from, ...both, ...space, ...map];
  return Float32Array.from(points.flatMap((point) => [positions[2 * point], positions[2 * point + 1]]));
}

/** 0xaabbggrr of "#rrggbb". */
function packed(text: string): number {
  const [red, green, blue] = rgbFromHex(text);
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
