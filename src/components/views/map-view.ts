import {select, zoom, zoomIdentity, type D3ZoomEvent, type ZoomTransform} from "npm:d3";
import {type ColorScale, plainScale} from "./color-scale.js";
import {extend, h, send, setText, uniqueId} from "./dom.js";
import {drawOrder} from "./draw-order.js";
import {formatCount} from "./format.js";
import {type Fit, fitPoints, moveFit, pointRadius, sameFit} from "./map-fit.js";
import {drawGroupNames, groupMiddles, type GroupMiddle} from "./map-labels.js";
import {drawMap} from "./map-raster.js";
import {describeMap} from "./map-words.js";
import {rgbFromHex} from "./oklab.js";
import {type PointIndex, pointIndex} from "./point-index.js";
import {onModeChange, pageMode, prefersStill} from "./theme.js";

/** The cells of a map. */
export interface MapCells {
  /** x and y of each point by turns; NaN where a cell has no place. */
  positions: Float32Array;
  /** Name of point i. */
  name?(point: number): string;
  /** What the tooltip says of point i besides its name. */
  describe?(point: number): [name: string, value: string][];
}

export interface MapOptions {
  /** Colours, one index a point; all cells alike by default. */
  colors?: ColorScale;
  /** CSS pixels; by default the map takes the width of its place, and `aspect` gives the height. */
  width?: number;
  height?: number;
  /** Width over height where no height is given (4 / 3). */
  aspect?: number;
  /** What the map is called, for people who do not see it ("UMAP of the embeddings"). */
  title?: string;
  /** Under the map; what a reader must know to read it. */
  caption?: string | Node;
  /** Names of groups on the map (true); a button turns them off and on. */
  labels?: boolean;
}

/**
 * A map of cells. Events (CustomEvent): "hover" and "select" with detail {point} (null: none), for views that show the same
 * cells.
 */
export type MapView = HTMLElement & {
  /** Other cells, or other positions of another number of cells. */
  setCells(cells: MapCells): void;
  /** New positions of the same cells, as a layout forms: the view follows smoothly unless the person has zoomed. */
  setPositions(positions: Float32Array): void;
  /** Colours by another column; takes the highlight away. */
  setColors(colors: ColorScale): void;
  /** Entries of the colours to show, the others recede; null: all. */
  setHighlight(entries: ReadonlySet<number> | null): void;
  /** Marks a point, as if hovered, without sending an event. */
  setHover(point: number | null): void;
  /** Words in place of a map ("The map appears here"); null: none. */
  setMessage(message: string | null): void;
  /** A few words in a corner of the map ("epoch 120 of 500"). */
  setStatus(status: string): void;
  reset(): void;
  /** Stops listening; call when the map leaves the page for good. */
  dispose(): void;
  /** Milliseconds that drawing the last frame took. */
  readonly drawTime: number;
};

export const umapCaption =
  "UMAP 1 and UMAP 2, in no unit. Neighbours tend to be alike; distances between islands, their sizes and the gaps carry no meaning.";

const padding = 18;
const reach = 14;

/** A scatter map of up to some 100,000 cells with zoom, pan, hover, keyboard; see MapView and MapOptions. */
export function mapView(cells: MapCells, options: MapOptions = {}): MapView {
  const {width: fixedWidth, height: fixedHeight, aspect = 4 / 3, title = "Map of cells", caption = umapCaption} = options;
  const wordsId = uniqueId("map");
  const canvas = h("canvas", {class: "wb-map-canvas", tabindex: 0, role: "img", "aria-label": title, "aria-describedby": wordsId});
  const ring = h("div", {class: "wb-map-ring", hidden: true});
  const tooltip = h("div", {class: "wb-tooltip", hidden: true});
  const message = h("div", {class: "wb-map-message", hidden: true});
  const hint = h("div", {class: "wb-map-hint"}, "Click the map, or hold Ctrl, to zoom with the wheel");
  const status = h("div", {class: "wb-map-status"});
  const button = (label: string, sign: string, onclick: () => void): HTMLButtonElement =>
    h("button", {type: "button", class: "wb-map-button", "aria-label": label, title: label, onclick}, sign);
  const namesButton = button("Names of groups", "Aa", () => {
    names = !names;
    schedule();
  });
  const toolbar = h("div", {class: "wb-map-toolbar", role: "group", "aria-label": "Zoom"},
    button("Zoom in", "+", () => zoomBy(1.6)), button("Zoom out", "−", () => zoomBy(1 / 1.6)), button("Show all", "⤢", () => reset()), namesButton);
  const frame = h("div", {class: "wb-map-frame"}, canvas, ring, status, hint, message, tooltip, toolbar);
  if (fixedWidth !== undefined) frame.style.width = `${fixedWidth}px`;
  if (fixedHeight !== undefined) frame.style.height = `${fixedHeight}px`;
  else frame.style.setProperty("--wb-aspect", String(aspect));
  const words = h("span", {class: "wb-hidden", id: wordsId});
  const root = h("figure", {class: "wb-map"}, frame, h("figcaption", {}, caption), words);
  const context = canvas.getContext("2d", {alpha: false})!;

  let positions = cells.positions;
  let order = drawOrder(positions.length / 2);
  let colors: ColorScale = options.colors ?? plainScale(positions.length / 2);
  let highlight: ReadonlySet<number> | null = null;
  let names = options.labels ?? true;
  let hovered: number | null = null;
  let [width, height, ratio] = [0, 0, 1];
  let fit: Fit | null = null;
  let target: Fit | null = null;
  let transform: ZoomTransform = zoomIdentity;
  let image: ImageData | null = null;
  let [lut, receding, ink, paper] = [new Uint32Array(1), new Uint8Array(1), "", "#ffffff"];
  let background = 0;
  let index: PointIndex | null = null;
  let middles: GroupMiddle[] | null = null;
  let pending = 0;
  let lastTime = 0;
  let drawTime = 0;

  const behavior = zoom<HTMLCanvasElement, unknown>()
    .scaleExtent([0.8, 80])
    .filter(mayZoom)
    .on("zoom", (event: D3ZoomEvent<HTMLCanvasElement, unknown>) => {
      transform = event.transform;
      canvas.style.touchAction = transform.k > 1 ? "none" : "pan-y";
      schedule();
    });
  // The page scrolls on; only a map that was zoomed takes one finger's movement.
  select(canvas).call(behavior).style("touch-action", "pan-y").on("dblclick.zoom", null);
  canvas.addEventListener("wheel", onWheel, {passive: true});
  canvas.addEventListener("pointermove", onMove);
  canvas.addEventListener("pointerdown", onMove);
  canvas.addEventListener("pointerleave", () => hover(null));
  canvas.addEventListener("click", () => send(root, "select", {point: hovered}));
  canvas.addEventListener("keydown", onKey);
  const observer = new ResizeObserver(() => resize());
  observer.observe(frame);
  const stopMode = onModeChange(() => {
    paint();
    schedule();
  });
  paint();
  describe();
  namesButton.setAttribute("aria-pressed", String(names));

  return extend(root, {
    setCells(next: MapCells) {
      cells = next;
      if (next.positions.length !== positions.length) {
        order = drawOrder(next.positions.length / 2);
        if (colors.index.length !== order.length) colors = plainScale(order.length);
        fit = null;
        paint();
      }
      hover(null);
      place(next.positions);
      describe();
    },
    setPositions(next: Float32Array) {
      if (next.length !== positions.length) return this.setCells({...cells, positions: next});
      place(next);
    },
    setColors(next: ColorScale) {
      colors = next;
      highlight = null;
      middles = null;
      paint();
      describe();
      schedule();
    },
    setHighlight(entries: ReadonlySet<number> | null) {
      highlight = entries;
      paint();
      schedule();
    },
    setHover(point: number | null) {
      hovered = point;
      tooltip.hidden = true;
      schedule();
    },
    setMessage(next: string | null) {
      setText(message, next ?? "");
      message.hidden = next === null;
    },
    setStatus(next: string) {
      setText(status, next);
    },
    reset,
    dispose() {
      observer.disconnect();
      stopMode();
      cancelAnimationFrame(pending);
    },
    get drawTime() {
      return drawTime;
    }
  });

  function place(next: Float32Array): void {
    positions = next;
    index = null;
    middles = null;
    aim();
    schedule();
  }

  /** Where the view should be; while the person looks at a part, the view stays. */
  function aim(): void {
    if (width === 0 || (fit !== null && transform !== zoomIdentity && transform.k !== 1)) return;
    target = fitPoints(positions, width, height, padding);
    if (fit === null || prefersStill()) fit = target;
  }

  function resize(): void {
    const [nextWidth, nextHeight, nextRatio] = [frame.clientWidth, frame.clientHeight, Math.min(2, devicePixelRatio)];
    if (nextWidth === 0 || nextHeight === 0 || (nextWidth === width && nextHeight === height && nextRatio === ratio)) return;
    [width, height, ratio] = [nextWidth, nextHeight, nextRatio];
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    image = context.createImageData(canvas.width, canvas.height);
    behavior.extent([[0, 0], [width, height]]).translateExtent([[-width / 4, -height / 4], [width * 1.25, height * 1.25]]);
    target = fit = fitPoints(positions, width, height, padding);
    draw();
  }

  /** Colours as the page looks now. */
  function paint(): void {
    const mode = pageMode();
    const packed = (text: string): number => {
      const [red, green, blue] = rgbFromHex(text);
      return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
    };
    paper = mode === "dark" ? "#161616" : "#ffffff";
    const away = mode === "dark" ? "#2e2e30" : "#e4e6e9";
    background = packed(paper);
    ink = mode === "dark" ? "#f0f0ea" : "#15171b";
    const shown = (k: number): boolean => highlight === null || colors.kind === "continuous" || highlight.has(k);
    lut = Uint32Array.from(colors[mode], (color, k) => packed(shown(k) ? color : away));
    // Cells without a value recede as well, so that they cover nothing that has one.
    const missing = (k: number): boolean =>
      colors.kind === "continuous" ? k === colors[mode].length - 1 : colors.entries[k]!.kind === "missing";
    receding = Uint8Array.from(lut, (_, k) => (shown(k) && !missing(k) ? 0 : 1));
  }

  function schedule(): void {
    if (pending === 0) pending = requestAnimationFrame(step);
  }

  function step(time: number): void {
    pending = 0;
    if (fit !== null && target !== null && fit !== target) {
      fit = moveFit(fit, target, 1 - Math.exp(-Math.min(100, Math.max(8, time - lastTime)) / 180), width, height);
      if (sameFit(fit, target, width, height)) fit = target;
      else schedule();
    }
    lastTime = time;
    draw();
  }

  function draw(): void {
    if (image === null) return;
    const start = performance.now();
    const pixels = new Uint32Array(image.data.buffer);
    const seen = view();
    const n = positions.length / 2;
    const radius = pointRadius(n, width * height) * Math.min(2.5, Math.max(1, transform.k ** 0.35));
    drawMap(pixels, image.width, image.height, {
      positions: fit === null ? new Float32Array(0) : positions, order: fit === null ? order.subarray(0, 0) : order, index: colors.index,
      colors: lut, receding, background,
      scale: seen.scale * ratio, offsetX: seen.offsetX * ratio, offsetY: seen.offsetY * ratio,
      radius: Math.max(0.5, Math.round(radius * ratio * 4) / 4), opacity: n > 2000 ? 0.8 : 0.9
    });
    context.putImageData(image, 0, 0);
    if (names && fit !== null && colors.kind === "categorical") {
      middles ??= groupMiddles(positions, colors);
      const {offsetLeft, offsetTop, offsetWidth, offsetHeight} = toolbar;
      drawGroupNames(context, middles, {...seen, width, height, ratio, ink, paper, highlight,
        free: [offsetLeft, offsetTop, offsetLeft + offsetWidth, offsetTop + offsetHeight]});
    }
    namesButton.setAttribute("aria-pressed", String(names));
    namesButton.hidden = colors.kind !== "categorical" || colors.entries.length < 2;
    mark(seen, radius);
    drawTime = performance.now() - start;
  }

  function view(): Fit {
    const {scale, offsetX, offsetY} = fit ?? {scale: 1, offsetX: 0, offsetY: 0};
    return {scale: scale * transform.k, offsetX: offsetX * transform.k + transform.x, offsetY: offsetY * transform.k + transform.y};
  }

  function mark({scale, offsetX, offsetY}: Fit, radius: number): void {
    const x = hovered === null ? NaN : positions[2 * hovered]! * scale + offsetX;
    const y = hovered === null ? NaN : offsetY - positions[2 * hovered + 1]! * scale;
    ring.hidden = !(x >= 0 && x <= width && y >= 0 && y <= height);
    if (ring.hidden) return;
    const size = 2 * radius + 8;
    Object.assign(ring.style, {width: `${size}px`, height: `${size}px`, transform: `translate(${x - size / 2}px, ${y - size / 2}px)`});
  }

  function hover(point: number | null): void {
    if (point === hovered) return;
    hovered = point;
    tooltip.hidden = point === null;
    schedule();
    send(root, "hover", {point});
  }

  function onMove(event: PointerEvent): void {
    if (fit === null || (event.buttons !== 0 && event.type === "pointermove")) return hover(null);
    index ??= pointIndex(positions);
    const {scale, offsetX, offsetY} = view();
    const found = index.nearest((event.offsetX - offsetX) / scale, (offsetY - event.offsetY) / scale, reach / scale);
    hover(found < 0 ? null : found);
    if (found < 0) return;
    tooltip.replaceChildren(
      h("strong", {}, cells.name?.(found) ?? `Cell ${found}`),
      h("dl", {}, (cells.describe?.(found) ?? []).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))));
    const [boxWidth, boxHeight] = [tooltip.offsetWidth, tooltip.offsetHeight];
    const left = event.offsetX + 16 + boxWidth > width ? event.offsetX - 16 - boxWidth : event.offsetX + 16;
    const top = Math.min(height - boxHeight - 4, event.offsetY + 12);
    tooltip.style.transform = `translate(${Math.max(4, Math.min(left, width - boxWidth - 4))}px, ${Math.max(4, top)}px)`;
  }

  function mayZoom(event: Event): boolean {
    if (fit === null) return false;
    if (event instanceof WheelEvent) return event.ctrlKey || event.metaKey || document.activeElement === canvas;
    if (typeof TouchEvent !== "undefined" && event instanceof TouchEvent) return event.touches.length > 1 || transform.k > 1;
    return !(event as MouseEvent).ctrlKey && (event as MouseEvent).button === 0;
  }

  function onWheel(event: WheelEvent): void {
    if (mayZoom(event) || fit === null) return;
    hint.classList.add("wb-shown");
    setTimeout(() => hint.classList.remove("wb-shown"), 1600);
  }

  function onKey(event: KeyboardEvent): void {
    const move: Record<string, [number, number]> = {ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60]};
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in move) select(canvas).call(behavior.translateBy, ...move[event.key]!.map((by) => by / transform.k) as [number, number]);
    else if (event.key === "+" || event.key === "=") zoomBy(1.6);
    else if (event.key === "-") zoomBy(1 / 1.6);
    else if (event.key === "0") reset();
    else return;
    event.preventDefault();
  }

  function zoomBy(factor: number): void {
    if (prefersStill()) select(canvas).call(behavior.scaleBy, factor);
    else select(canvas).transition().duration(180).call(behavior.scaleBy, factor);
  }

  function reset(): void {
    if (width > 0) target = fitPoints(positions, width, height, padding);
    if (prefersStill()) {
      fit = target;
      select(canvas).call(behavior.transform, zoomIdentity);
    } else select(canvas).transition().duration(250).call(behavior.transform, zoomIdentity);
    schedule();
  }

  function describe(): void {
    const n = positions.length / 2;
    canvas.setAttribute("aria-label", `${title}, ${formatCount(n, "cell")}`);
    setText(words, describeMap(n, colors));
  }
}
