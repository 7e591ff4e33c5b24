import {type ColorScale, plainScale} from "./color-scale.js";
import {extend, send, setText} from "./dom.js";
import {drawOrder} from "./draw-order.js";
import {formatCount} from "./format.js";
import {mapPaint, type MapPaint} from "./map-colors.js";
import {type Fit, fitPoints, moveFit, pointRadius, sameFit} from "./map-fit.js";
import {mapFrame} from "./map-frame.js";
import {mapGestures} from "./map-gestures.js";
import {groupMiddles, type GroupMiddle} from "./map-labels.js";
import {mapPainter, type MapPicture} from "./map-painter.js";
import {mapSelector, type SelectionShape} from "./map-select.js";
import type {MapCells, MapOptions, MapSelection, MapView} from "./map-types.js";
import {mapTooltip} from "./map-tooltip.js";
import {describeMap} from "./map-words.js";
import {type PointIndex, pointIndex} from "./point-index.js";
import {pointsInside} from "./points-inside.js";
import {onModeChange, pageMode, prefersStill} from "./theme.js";

export type {MapCells, MapOptions, MapSelection, MapView} from "./map-types.js";

export {umapCaption} from "./map-frame.js";

const padding = 18;
const reach = 14;
/** A map counts as moving for this long after the last movement, milliseconds. */
const restless = 140;

let turn = -1;

/** True for the first that asks in a frame. */
function takeTurn(frame: number): boolean {
  if (turn === frame) return false;
  turn = frame;
  return true;
}

/** A scatter map of up to some 100,000 cells with zoom, pan, hover, selection, keyboard; see MapView and MapOptions. */
export function mapView(cells: MapCells, options: MapOptions = {}): MapView {
  const {title = "Map of cells", selectable = false} = options;
  const {root, frame, canvas, ring, pin, message, hint, status, words, toolbar, namesButton, shapes} = mapFrame(
    options,
    {
      zoom: (factor) => gestures.zoomBy(factor),
      all: () => reset(),
      names() {
        names = !names;
        repaint();
      },
      shape: (shape) => choose(shape)
    }
  );
  const tooltip = mapTooltip();
  const selector = mapSelector(canvas, {
    size: () => [width, height],
    onShape: (polygon, how) =>
      fit !== null &&
      send<MapSelection>(root, "selection", {points: pointsInside(positions, view(), polygon), change: how}),
    onCrosshair: (place) => (place === null ? hover(null) : look(place[0], place[1])),
    onPick: () => send(root, "select", {point: hovered}),
    say
  });
  const gestures = mapGestures(canvas, {
    ready: () => fit !== null,
    selecting: () => selector.shape !== null,
    onMove() {
      movedAt = performance.now();
      change();
    },
    onRefusedWheel() {
      say("Click the map, or hold Ctrl, to zoom with the wheel");
      setTimeout(() => say(""), 1600);
    }
  });
  frame.append(tooltip.element);
  canvas.after(selector.element);
  const painter = mapPainter(canvas);

  let positions = cells.positions;
  let order = drawOrder(positions.length / 2);
  let colors: ColorScale = options.colors ?? plainScale(positions.length / 2);
  let highlight: ReadonlySet<number> | null = null;
  let chosen: Uint8Array | null = null;
  let names = options.labels ?? true;
  let hovered: number | null = null;
  let marked: number | null = null;
  let [width, height, ratio] = [0, 0, 1];
  let fit: Fit | null = null;
  let target: Fit | null = null;
  let mode = pageMode();
  let paint: MapPaint = mapPaint(colors, null, mode);
  let index: PointIndex | null = null;
  let middles: GroupMiddle[] | null = null;
  /** Where the buttons are: names of groups keep it free. */
  let free: [left: number, top: number, right: number, bottom: number] = [0, 0, 0, 0];
  let [pending, lastTime, movedAt] = [0, 0, -Infinity];
  /** What the canvas shows is out of date; a sample; all. */
  let shown: "old" | "sample" | "begun" | "whole" = "old";

  canvas.addEventListener("pointermove", onMove);
  canvas.addEventListener("pointerdown", onMove);
  canvas.addEventListener("pointerleave", () => hover(null));
  canvas.addEventListener("click", (event) => {
    if (selector.crosshair === null) look(event.offsetX, event.offsetY);
    send(root, "select", {point: hovered});
  });
  canvas.addEventListener("keydown", onKey);
  const observer = new ResizeObserver(() => resize());
  observer.observe(frame);
  const stopMode = onModeChange(() => {
    mode = pageMode();
    repaint();
  });
  describe();

  return extend(root, {
    setCells(next: MapCells) {
      cells = next;
      if (next.positions.length !== positions.length) {
        order = drawOrder(next.positions.length / 2);
        if (colors.index.length !== order.length) colors = plainScale(order.length);
        [fit, chosen, marked] = [null, null, null];
      }
      hover(null);
      place(next.positions);
      repaint();
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
      describe();
      repaint();
    },
    setHighlight(entries: ReadonlySet<number> | null) {
      highlight = entries;
      repaint();
    },
    setSelection(points: ArrayLike<number> | null) {
      chosen = null;
      if (points !== null) {
        chosen = new Uint8Array(positions.length / 2);
        for (let i = 0; i < points.length; ++i) chosen[points[i]] = 1;
      }
      change();
    },
    setHover(point: number | null) {
      hovered = point;
      tooltip.hide();
      mark(view());
    },
    setMark(point: number | null) {
      marked = point;
      mark(view());
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
      return painter.drawTime;
    },
    get settled() {
      return shown === "whole";
    }
  });

  function place(next: Float32Array): void {
    positions = next;
    index = null;
    middles = null;
    aim();
    change();
  }

  /** Where the view should be; while the person looks at a part, the view stays. */
  function aim(): void {
    if (width === 0 || (fit !== null && gestures.transform.k !== 1)) return;
    target = wholeFit();
    if (fit === null || prefersStill()) fit = target;
  }

  /** All points in view, clear of the buttons where these could hide cells that one wants to select. */
  function wholeFit(): Fit | null {
    const bar = selectable ? 26 : 0;
    const whole = fitPoints(positions, width, height - bar, padding);
    return whole === null ? null : {...whole, offsetY: whole.offsetY + bar};
  }

  function resize(): void {
    const [nextWidth, nextHeight, nextRatio] = [frame.clientWidth, frame.clientHeight, Math.min(2, devicePixelRatio)];
    if (nextWidth === 0 || nextHeight === 0 || (nextWidth === width && nextHeight === height && nextRatio === ratio))
      return;
    [width, height, ratio] = [nextWidth, nextHeight, nextRatio];
    painter.resize(width, height, ratio);
    gestures.resize(width, height);
    const {offsetLeft, offsetTop, offsetWidth, offsetHeight} = toolbar;
    free = [offsetLeft, offsetTop, offsetLeft + offsetWidth, offsetTop + offsetHeight];
    target = fit = wholeFit();
    shown = painter.draw(picture(), true) ? "whole" : "sample";
    mark(view());
    schedule();
  }

  function repaint(): void {
    paint = mapPaint(colors, highlight, mode);
    namesButton.hidden = colors.kind !== "categorical" || colors.entries.length < 2;
    namesButton.setAttribute("aria-pressed", String(names));
    change();
  }

  function change(): void {
    shown = "old";
    schedule();
  }

  function schedule(): void {
    if (pending === 0) pending = requestAnimationFrame(step);
  }

  function step(time: number): void {
    pending = 0;
    if (fit !== null && target !== null && fit !== target) {
      fit = moveFit(fit, target, 1 - Math.exp(-Math.min(100, Math.max(8, time - lastTime)) / 180), width, height);
      if (sameFit(fit, target, width, height)) fit = target;
      shown = "old";
    }
    lastTime = time;
    const moving = fit !== target || performance.now() - movedAt < restless;
    // Of several maps on a page one a frame has its turn for a whole picture, so that no frame is long.
    const isTurn = moving || shown === "whole" || takeTurn(time);
    if (!isTurn) return schedule();
    if (shown === "old" || (shown === "sample" && !moving)) {
      const whole = painter.draw(picture(), moving);
      shown = whole ? "whole" : moving ? "sample" : "begun";
      mark(view());
    } else if (shown === "begun" && painter.more()) shown = "whole";
    if (shown !== "whole" || fit !== target) schedule();
  }

  function picture(): MapPicture {
    const seen = view();
    const n = positions.length / 2;
    const none = fit === null;
    const named =
      names && !none && colors.kind === "categorical" ? (middles ??= groupMiddles(positions, colors)) : null;
    return {
      positions: none ? new Float32Array(0) : positions,
      order: none ? order.subarray(0, 0) : order,
      index: colors.index,
      paint,
      chosen,
      view: seen,
      radius: radiusNow(n),
      names: named === null ? null : {middles: named, highlight, free}
    };
  }

  function radiusNow(n: number): number {
    return pointRadius(n, width * height) * Math.min(2.5, Math.max(1, gestures.transform.k ** 0.35));
  }

  function view(): Fit {
    const {scale, offsetX, offsetY} = fit ?? {scale: 1, offsetX: 0, offsetY: 0};
    const {k, x, y} = gestures.transform;
    return {scale: scale * k, offsetX: offsetX * k + x, offsetY: offsetY * k + y};
  }

  function mark(seen: Fit): void {
    const size = 2 * radiusNow(positions.length / 2) + 8;
    for (const [element, point, extent] of [
      [ring, hovered, size],
      [pin, marked, size + 6]
    ] as const) {
      const x = point === null ? NaN : positions[2 * point] * seen.scale + seen.offsetX;
      const y = point === null ? NaN : seen.offsetY - positions[2 * point + 1] * seen.scale;
      element.hidden = fit === null || !(x >= 0 && x <= width && y >= 0 && y <= height);
      if (!element.hidden)
        Object.assign(element.style, {
          width: `${extent}px`,
          height: `${extent}px`,
          transform: `translate(${x - extent / 2}px, ${y - extent / 2}px)`
        });
    }
  }

  function hover(point: number | null): void {
    if (point === hovered) return;
    hovered = point;
    if (point === null) tooltip.hide();
    mark(view());
    send(root, "hover", {point});
  }

  function onMove(event: PointerEvent): void {
    if (selector.crosshair !== null) return;
    if (event.buttons !== 0 && event.type === "pointermove") hover(null);
    else look(event.offsetX, event.offsetY);
  }

  /** Hovers the point nearest to a place of the map, CSS pixels. */
  function look(x: number, y: number): void {
    if (fit === null) return hover(null);
    index ??= pointIndex(positions);
    const {scale, offsetX, offsetY} = view();
    const found = index.nearest((x - offsetX) / scale, (offsetY - y) / scale, reach / scale);
    if (found < 0) return hover(null);
    if (found !== hovered || tooltip.element.hidden)
      tooltip.fill(cells.name?.(found) ?? `Cell ${found}`, cells.describe?.(found) ?? []);
    hover(found);
    tooltip.place(x, y, width, height);
  }

  function choose(shape: SelectionShape): void {
    selector.shape = selector.shape === shape ? null : shape;
    for (const {shape: name, element} of shapes) element.setAttribute("aria-pressed", String(selector.shape === name));
    canvas.style.touchAction = selector.shape !== null || gestures.transform.k > 1 ? "none" : "pan-y";
    say(selector.shape === null ? "" : "Drag round cells; Shift adds, Alt takes away");
  }

  function say(next: string): void {
    setText(hint, next);
    hint.classList.toggle("wb-shown", next !== "");
  }

  function onKey(event: KeyboardEvent): void {
    const move: Record<string, [number, number]> = {
      ArrowLeft: [60, 0],
      ArrowRight: [-60, 0],
      ArrowUp: [0, 60],
      ArrowDown: [0, -60]
    };
    if (event.ctrlKey || event.metaKey) return;
    if (selectable && fit !== null && selector.onKey(event)) return event.preventDefault();
    if (event.altKey) return;
    if (event.key in move) gestures.moveBy(...move[event.key]);
    else if (event.key === "+" || event.key === "=") gestures.zoomBy(1.6);
    else if (event.key === "-") gestures.zoomBy(1 / 1.6);
    else if (event.key === "0") reset();
    else return;
    event.preventDefault();
  }

  function reset(): void {
    if (width > 0) target = wholeFit();
    if (prefersStill()) fit = target;
    gestures.reset();
    change();
  }

  function describe(): void {
    const n = positions.length / 2;
    canvas.setAttribute("aria-label", `${title}, ${formatCount(n, "cell")}`);
    setText(words, describeMap(n, colors) + (selectable ? " S brings out a crosshair that selects." : ""));
  }
}
