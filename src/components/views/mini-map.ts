import type {MapLinks} from "../core/space/map-links.js";
import {type ColorScale, plainScale} from "./color-scale.js";
import {extend, h, send, setText} from "./dom.js";
import {drawOrder} from "./draw-order.js";
import {type Fit, fitPoints, pointRadius} from "./map-fit.js";
import {drawMap} from "./map-raster.js";
import {rgbFromHex} from "./oklab.js";
import {pageColors} from "./palette.js";
import {pointIndex} from "./point-index.js";
import {onModeChange, pageMode} from "./theme.js";

export interface MiniMapOptions {
  title: string;
  colors?: ColorScale;
  /** Width over height (4 / 3). */
  aspect?: number;
  /** Whether points can be chosen: click, or arrow keys, which go to the nearest point in their direction. */
  selectable?: boolean;
}

/** A map without zoom, for series and for lines between cells. "select" (CustomEvent, detail: {point}) tells of a choice. */
export type MiniMap = HTMLElement & {
  /** x and y by turns, and the colors of the same points. */
  setCells(positions: Float32Array, colors: ColorScale): void;
  /** Marks one point with a ring; null: none. */
  setMark(point: number | null): void;
  setLinks(links: MapLinks | null): void;
  /** True: only the part of the map that the lines span. */
  setCloseUp(close: boolean): void;
  /** Words in place of a map; null: none. */
  setMessage(message: string | null): void;
  dispose(): void;
};

const dashes = {both: [], space: [], map: [4, 3]} as const;
const padding = 12;

/** A small map: all points in their place, drawn anew only when something changes. */
export function miniMap({title, colors: first, aspect = 4 / 3, selectable = false}: MiniMapOptions): MiniMap {
  const canvas = h("canvas", {
    class: "wb-mini-canvas",
    role: "img",
    "aria-label": title,
    tabindex: selectable ? 0 : undefined
  });
  const message = h("div", {class: "wb-map-message", hidden: true});
  const frame = h("div", {class: "wb-map-frame wb-mini-frame", style: `--wb-aspect: ${aspect}`}, canvas, message);
  const root = h("div", {class: "wb-mini"}, h("div", {class: "wb-mini-title"}, title), frame);
  const context = canvas.getContext("2d", {alpha: false})!;
  let positions = new Float32Array(0);
  let colors = first ?? plainScale(0);
  let order = drawOrder(0);
  let fit: Fit | null = null;
  let mark: number | null = null;
  let links: MapLinks | null = null;
  let close = false;
  let index: ReturnType<typeof pointIndex> | null = null;
  let pending = 0;

  const observer = new ResizeObserver(() => schedule());
  observer.observe(frame);
  const stopMode = onModeChange(() => schedule());

  function schedule(): void {
    if (pending === 0) pending = requestAnimationFrame(draw);
  }

  function draw(): void {
    pending = 0;
    const [width, height, ratio] = [frame.clientWidth, frame.clientHeight, Math.min(2, devicePixelRatio)];
    if (width === 0 || height === 0) return;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const mode = pageMode();
    const packed = (text: string): number => {
      const [red, green, blue] = rgbFromHex(text);
      return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
    };
    const count = positions.length / 2;
    fit = fitPoints(close && links !== null ? endsOf(links) : positions, width, height, close ? 3 * padding : padding);
    const image = context.createImageData(canvas.width, canvas.height);
    const radius = pointRadius(count, width * height);
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
    if (links !== null) drawLinks(links, mode, radius);
    if (mark !== null)
      ring(mark, pageColors[mode]["link-both"], radius + (width < 300 ? 2 : 3.5), width < 300 ? 1.5 : 2.5);
  }

  function endsOf({from, both, space, map}: MapLinks): Float32Array {
    return Float32Array.from(
      [from, ...both, ...space, ...map].flatMap((point) => [positions[2 * point], positions[2 * point + 1]])
    );
  }

  function place(point: number): [number, number] {
    const {scale, offsetX, offsetY} = fit!;
    return [positions[2 * point] * scale + offsetX, offsetY - positions[2 * point + 1] * scale];
  }

  function drawLinks({from, ...kinds}: MapLinks, mode: "light" | "dark", radius: number): void {
    if (fit === null) return;
    const [x, y] = place(from);
    for (const kind of ["map", "space", "both"] as const) {
      context.strokeStyle = pageColors[mode][`link-${kind}`];
      context.lineWidth = 1;
      context.setLineDash([...dashes[kind]]);
      context.beginPath();
      for (const other of kinds[kind]) {
        context.moveTo(x, y);
        context.lineTo(...place(other));
      }
      context.stroke();
      context.setLineDash([]);
      for (const other of kinds[kind]) ring(other, pageColors[mode][`link-${kind}`], radius + 0.5, 1.2);
    }
  }

  function ring(point: number, color: string, radius: number, lineWidth: number): void {
    if (fit === null || 2 * point + 1 >= positions.length) return;
    context.strokeStyle = color;
    context.lineWidth = lineWidth;
    context.beginPath();
    context.arc(...place(point), radius, 0, 2 * Math.PI);
    context.stroke();
  }

  if (selectable) {
    canvas.addEventListener("click", ({offsetX, offsetY}) => {
      if (fit === null) return;
      index ??= pointIndex(positions);
      const point = index.nearest(
        (offsetX - fit.offsetX) / fit.scale,
        (fit.offsetY - offsetY) / fit.scale,
        24 / fit.scale
      );
      if (point >= 0) send(root, "select", {point});
    });
    canvas.addEventListener("keydown", (event) => {
      const directions: Record<string, [number, number]> = {
        ArrowLeft: [-1, 0],
        ArrowRight: [1, 0],
        ArrowUp: [0, 1],
        ArrowDown: [0, -1]
      };
      const direction = directions[event.key];
      if (direction === undefined || positions.length === 0) return;
      event.preventDefault();
      const point = nextInDirection(positions, mark ?? 0, ...direction);
      if (point >= 0) send(root, "select", {point});
    });
  }

  return extend(root, {
    setCells(next: Float32Array, scale: ColorScale) {
      if (next.length !== positions.length) order = drawOrder(next.length / 2);
      positions = next as Float32Array<ArrayBuffer>;
      colors = scale;
      index = null;
      schedule();
    },
    setMark(point: number | null) {
      mark = point;
      schedule();
    },
    setLinks(next: MapLinks | null) {
      links = next;
      schedule();
    },
    setCloseUp(next: boolean) {
      close = next;
      schedule();
    },
    setMessage(next: string | null) {
      setText(message, next ?? "");
      message.hidden = next === null;
    },
    dispose() {
      observer.disconnect();
      stopMode();
      cancelAnimationFrame(pending);
    }
  });
}

/** The nearest point within 45 degrees of a direction from point `from`; -1 if there is none. */
export function nextInDirection(positions: Float32Array, from: number, right: number, up: number): number {
  let best = -1;
  let least = Infinity;
  const [x, y] = [positions[2 * from], positions[2 * from + 1]];
  for (let i = 0; 2 * i < positions.length; ++i) {
    const [dx, dy] = [positions[2 * i] - x, positions[2 * i + 1] - y];
    const along = dx * right + dy * up;
    const across = Math.abs(dx * up) + Math.abs(dy * right);
    const distance = dx * dx + dy * dy;
    if (i === from || along <= 0 || across > along || distance >= least) continue;
    best = i;
    least = distance;
  }
  return best;
}
