import type {ColorScale} from "./color-scale.js";
import {extend, send, setText} from "./dom.js";
import {formatCount} from "./format.js";
import {mapCamera} from "./map-camera.js";
import {mapContent} from "./map-content.js";
import type {Fit} from "./map-fit.js";
import {mapFrame} from "./map-frame.js";
import {mapGestures} from "./map-gestures.js";
import {type MapHover, mapHover} from "./map-hover.js";
import {moveByKey} from "./map-keys.js";
import {mapLoop} from "./map-loop.js";
import {mapPainter} from "./map-painter.js";
import {type MapSelector, mapSelector, type SelectionShape} from "./map-select.js";
import type {MapCells, MapOptions, MapSelection, MapView} from "./map-types.js";
import {describeMap} from "./map-words.js";
import {pointsInside} from "./points-inside.js";
import {onModeChange} from "./theme.js";

export type {MapCells, MapOptions, MapSelection, MapView} from "./map-types.js";

export {umapCaption} from "./map-frame.js";

/** A scatter map of up to some 100,000 cells with zoom, pan, hover, selection, keyboard; see MapView and MapOptions. */
export function mapView(cells: MapCells, options: MapOptions = {}): MapView {
  const parts = assemble(cells, options);
  const {root, content, camera, gestures, hover, loop, painter, words, canvas, message, status} = parts;
  const {title = "Map of cells", selectable = false} = options;
  const repaint = (): void => {
    content.repaint();
    parts.namesButton.hidden = !content.hasNames;
    parts.namesButton.setAttribute("aria-pressed", String(content.names));
    loop.change();
  };
  const describe = (): void => {
    canvas.setAttribute("aria-label", `${title}, ${formatCount(content.count, "cell")}`);
    const keys = selectable ? " S brings out a crosshair that selects." : "";
    setText(words, describeMap(content.count, content.colors) + keys);
  };
  parts.onNames(() => {
    content.names = !content.names;
    repaint();
  });
  const stopMode = onModeChange(repaint);
  describe();

  return extend(root, {
    setCells(next: MapCells) {
      if (content.setCells(next)) {
        camera.forget();
        hover.pin(null);
      }
      hover.hover(null);
      camera.aim(content.positions, gestures.transform.k !== 1);
      repaint();
      describe();
    },
    setPositions(next: Float32Array) {
      if (next.length !== content.positions.length) return this.setCells({...content.cells, positions: next});
      content.place(next);
      camera.aim(next, gestures.transform.k !== 1);
      loop.change();
    },
    setColors(next: ColorScale) {
      content.setColors(next);
      describe();
      repaint();
    },
    setSelection(points: ArrayLike<number> | null) {
      content.setSelection(points);
      loop.change();
    },
    setHover: hover.show,
    setMark: hover.pin,
    setMessage(next: string | null) {
      setText(message, next ?? "");
      message.hidden = next === null;
    },
    setStatus(next: string) {
      setText(status, next);
    },
    reset: parts.reset,
    dispose() {
      parts.stop();
      stopMode();
      loop.stop();
    },
    get drawTime() {
      return painter.drawTime;
    },
    get settled() {
      return loop.settled;
    }
  });
}

/** The parts of a map, tied to each other and to the pointer, the keys and the frame's size. */
function assemble(cells: MapCells, options: MapOptions) {
  const {selectable = false} = options;
  let toggleNames = (): void => undefined;
  const frames = mapFrame(options, {
    zoom: (factor) => gestures.zoomBy(factor),
    all: () => reset(),
    names: () => toggleNames(),
    shape: (shape) => choose(shape)
  });
  const {root, frame, canvas, hint} = frames;
  const say = (next: string): void => {
    setText(hint, next);
    hint.classList.toggle("wb-shown", next !== "");
  };
  const content = mapContent(cells, options);
  const camera = mapCamera(selectable ? 26 : 0);
  const painter = mapPainter(canvas);
  let buttons: ReturnType<typeof placeOf> = [0, 0, 0, 0];
  const size = (): [number, number] => [camera.width, camera.height];
  const view = (): Fit | null => {
    if (camera.fit === null) return null;
    const {scale, offsetX, offsetY} = camera.fit;
    const {k, x, y} = gestures.transform;
    return {scale: scale * k, offsetX: offsetX * k + x, offsetY: offsetY * k + y};
  };
  const radius = (): number => content.radius(camera.width * camera.height, gestures.transform.k);
  const hover = mapHover({...frames, content, view, size, radius});
  const selector = mapSelector(canvas, {
    size,
    onShape(polygon, {change, by}) {
      const seen = view();
      if (seen === null) return;
      send<MapSelection>(root, "selection", {points: pointsInside(content.positions, seen, polygon), change, by});
    },
    onCrosshair: (place) => (place === null ? hover.hover(null) : hover.look(place[0], place[1])),
    onPick: () => send(root, "select", {point: hover.point}),
    say
  });
  canvas.after(selector.element);
  const gestures = mapGestures(canvas, {
    ready: () => camera.fit !== null,
    selecting: () => selector.shape !== null,
    onMove: () => loop.touch(),
    onRefusedWheel() {
      say("Click the map, or hold Ctrl, to zoom with the wheel");
      setTimeout(() => say(""), 1600);
    }
  });
  const loop = mapLoop({
    move: camera.step,
    moving: () => camera.moving,
    draw(hurry) {
      const {width, height, fit} = camera;
      const look = {view: view(), whole: fit, width, height, radius: radius(), free: buttons};
      const whole = painter.draw(content.picture(look, hurry), hurry);
      if (!hurry) frames.tellUnnamed(content.unnamed);
      hover.draw();
      return whole;
    },
    more: () => painter.more()
  });
  const reset = (): void => {
    camera.reset(content.positions);
    gestures.reset();
    loop.change();
  };
  const choose = (shape: SelectionShape): void => {
    selector.shape = selector.shape === shape ? null : shape;
    for (const {shape: name, element} of frames.shapes)
      element.setAttribute("aria-pressed", String(selector.shape === name));
    canvas.style.touchAction = selector.shape !== null || gestures.transform.k > 1 ? "none" : "pan-y";
    say(selector.shape === null ? "" : "Drag round cells; Shift adds, Alt takes away");
  };
  listenToPointer(canvas, root, hover, selector);
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey) return;
    const taken =
      (selectable && camera.fit !== null && selector.onKey(event)) ||
      (!event.altKey && moveByKey(event.key, {...gestures, reset}));
    if (taken) event.preventDefault();
  });
  const stop = onResize(frame, (width, height, ratio) => {
    painter.resize(width, height, ratio);
    gestures.resize(width, height);
    camera.resize(width, height, content.positions);
    buttons = placeOf(frames.toolbar);
    loop.now();
  });
  const onNames = (toggle: () => void): void => void (toggleNames = toggle);
  return {...frames, content, camera, painter, hover, gestures, loop, reset, stop, onNames};
}

/** What the pointer does on the canvas: it hovers cells, and a click chooses one. */
function listenToPointer(canvas: HTMLCanvasElement, root: HTMLElement, hover: MapHover, selector: MapSelector): void {
  const onMove = (event: PointerEvent): void => {
    if (selector.crosshair !== null) return;
    if (event.buttons !== 0 && event.type === "pointermove") hover.hover(null);
    else hover.look(event.offsetX, event.offsetY);
  };
  canvas.addEventListener("pointermove", onMove);
  canvas.addEventListener("pointerdown", onMove);
  canvas.addEventListener("pointerleave", () => hover.hover(null));
  canvas.addEventListener("click", (event) => {
    if (selector.crosshair === null) hover.look(event.offsetX, event.offsetY);
    send(root, "select", {point: hover.point});
  });
}

/** Where an element is in its frame: names of groups keep the place of the buttons free. */
function placeOf({offsetLeft, offsetTop, offsetWidth, offsetHeight}: HTMLElement): [number, number, number, number] {
  return [offsetLeft, offsetTop, offsetLeft + offsetWidth, offsetTop + offsetHeight];
}

/** Calls `change` when the frame has another size than none or the last, CSS pixels; returns what stops that. */
function onResize(frame: HTMLElement, change: (width: number, height: number, ratio: number) => void): () => void {
  let last = "";
  const observer = new ResizeObserver(() => {
    const [width, height, ratio] = [frame.clientWidth, frame.clientHeight, Math.min(2, devicePixelRatio)];
    const now = [width, height, ratio].join(" ");
    if (width === 0 || height === 0 || now === last) return;
    last = now;
    change(width, height, ratio);
  });
  observer.observe(frame);
  return () => observer.disconnect();
}
