import {type ColorScale, plainScale} from "./color-scale.js";
import {extend, h, send, setText} from "./dom.js";
import {drawOrder} from "./draw-order.js";
import type {Fit} from "./map-fit.js";
import {drawMini, type MapLinks, type MapPart} from "./mini-map-draw.js";
import {pointIndex} from "./point-index.js";
import {onModeChange} from "./theme.js";

export type {MapLinks} from "./mini-map-draw.js";

export interface MiniMapOptions {
  title: string;
  colors?: ColorScale;
  /** Width over height (4 / 3). */
  aspect?: number;
  /** "all" of the map (the default), all with a frame around the "region" of the links, or that region alone. */
  part?: MapPart;
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
  /** Words in place of a map; null: none. */
  setMessage(message: string | null): void;
  dispose(): void;
};

/** A small map: all points in their place, drawn anew only when something changes. */
export function miniMap({
  title,
  colors: first,
  aspect = 4 / 3,
  part = "all",
  selectable = false
}: MiniMapOptions): MiniMap {
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
    fit = drawMini(context, {positions, order, colors, links, mark, part, width, height, ratio});
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
