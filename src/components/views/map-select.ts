import type {SelectionChange} from "./points-inside.js";

/** A place on a map, CSS pixels. */
export type Place = readonly [x: number, y: number];
/** What dragging on a map draws. */
export type SelectionShape = "lasso" | "rectangle";

/** Drawing of shapes on a map, by pointer and by keys. */
export interface MapSelector {
  /** Lies over the canvas. */
  readonly element: SVGSVGElement;
  /** What dragging draws; null: nothing, it moves the map. */
  shape: SelectionShape | null;
  /** Where the keys' crosshair is; null: it is not out. */
  readonly crosshair: Place | null;
  /** True if the key was one of the selector's. "s" brings the crosshair out and takes it back. */
  onKey(event: KeyboardEvent): boolean;
}

/** What a selector needs to know and tells. */
export interface SelectorHost {
  /** Width and height of the map, CSS pixels. */
  size(): [width: number, height: number];
  /** A closed shape was drawn, by keys a rectangle. */
  onShape(polygon: readonly Place[], how: {change: SelectionChange; by: SelectionShape}): void;
  /** The crosshair moved (null: it is gone). */
  onCrosshair(place: Place | null): void;
  /** The cell at the crosshair was chosen. */
  onPick(): void;
  /** Words on what the keys do now; "" for none. */
  say(words: string): void;
}

const step = 16;
const fine = 3;
const moves: Record<string, Place> = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

/**
 * The selector of a map's canvas. Dragging draws a lasso or a rectangle; Shift adds what it holds to the selection, Alt takes
 * it away. By keys: "s" brings out a crosshair that the arrows move (with Shift in small steps), Enter sets one corner of
 * a rectangle and then the other, Space chooses the cell there, Escape leaves.
 */
export function mapSelector(
  canvas: HTMLCanvasElement,
  {size, onShape, onCrosshair, onPick, say}: SelectorHost
): MapSelector {
  const element = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  const cross = document.createElementNS("http://www.w3.org/2000/svg", "path");
  element.classList.add("wb-map-shape");
  element.setAttribute("aria-hidden", "true");
  path.classList.add("wb-map-lasso");
  cross.classList.add("wb-map-cross");
  element.append(path, cross);
  let shape: SelectionShape | null = null;
  let crosshair: Place | null = null;
  let corner: Place | null = null;

  const stop = dragShapes(canvas, {shape: () => shape, size, outline, onShape});

  function outline(places: readonly Place[]): void {
    path.setAttribute(
      "d",
      places.length < 2 ? "" : `M${places.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join("L")}Z`
    );
  }

  function moveTo(place: Place | null): void {
    crosshair = place;
    cross.setAttribute("d", place === null ? "" : `M${place[0] - 9},${place[1]}h18M${place[0]},${place[1] - 9}v18`);
    outline(place !== null && corner !== null ? corners(corner, place) : []);
    onCrosshair(place);
  }

  function leave(): void {
    corner = null;
    moveTo(null);
    say("");
  }

  canvas.addEventListener("blur", () => {
    if (crosshair !== null) leave();
  });

  return {
    element,
    get shape() {
      return shape;
    },
    set shape(next) {
      shape = next;
      stop();
    },
    get crosshair() {
      return crosshair;
    },
    onKey(event) {
      const [width, height] = size();
      if (crosshair === null) {
        if (event.key.toLowerCase() !== "s" || width === 0) return false;
        moveTo([width / 2, height / 2]);
        say("Arrows move, Enter sets a corner, Space picks a cell, Esc leaves");
        return true;
      }
      const [x, y] = crosshair;
      const move = moves[event.key];
      if (move !== undefined) {
        const by = event.shiftKey ? fine : step;
        moveTo([clamp(x + move[0] * by, width), clamp(y + move[1] * by, height)]);
      } else if (event.key === "Escape" || event.key.toLowerCase() === "s") leave();
      else if (event.key === " ") onPick();
      else if (event.key === "Enter" && corner === null) {
        corner = crosshair;
        say("Arrows move the other corner, Enter selects, Esc leaves");
      } else if (event.key === "Enter") {
        const drawn = corners(corner!, crosshair);
        corner = null;
        outline([]);
        say("Arrows move, Enter sets a corner, Space picks a cell, Esc leaves");
        onShape(drawn, {change: changeOf(event), by: "rectangle"});
      } else return false;
      return true;
    }
  };
}

/** Drawing by dragging; returns what ends a drag that goes on. */
function dragShapes(
  canvas: HTMLCanvasElement,
  {
    shape,
    size,
    outline,
    onShape
  }: Pick<SelectorHost, "size" | "onShape"> & {
    shape(): SelectionShape | null;
    outline(places: readonly Place[]): void;
  }
): () => void {
  let drag: {pointer: number; places: Place[]} | null = null;
  const stop = (): void => {
    drag = null;
    outline([]);
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (shape() === null || event.button !== 0 || !event.isPrimary) return;
    canvas.setPointerCapture(event.pointerId);
    drag = {pointer: event.pointerId, places: [[event.offsetX, event.offsetY]]};
  });
  canvas.addEventListener("pointermove", (event) => {
    if (drag === null || event.pointerId !== drag.pointer) return;
    const [width, height] = size();
    const place: Place = [clamp(event.offsetX, width), clamp(event.offsetY, height)];
    const last = drag.places.at(-1)!;
    if (Math.hypot(place[0] - last[0], place[1] - last[1]) < 3) return;
    if (shape() === "rectangle") drag.places = [drag.places[0], place];
    else drag.places.push(place);
    outline(shape() === "rectangle" ? corners(drag.places[0], place) : drag.places);
  });
  canvas.addEventListener("pointerup", (event) => {
    const places = drag?.places ?? [];
    const by = shape();
    if (drag === null || by === null || event.pointerId !== drag.pointer) return;
    stop();
    const drawn = by === "rectangle" && places.length === 2 ? corners(places[0], places[1]) : places;
    if (drawn.length < 3) return;
    // The click that ends a drag is no click on a cell.
    const swallow = (click: Event): void => click.stopImmediatePropagation();
    canvas.addEventListener("click", swallow, {capture: true, once: true});
    setTimeout(() => canvas.removeEventListener("click", swallow, {capture: true}), 50);
    onShape(drawn, {change: changeOf(event), by});
  });
  canvas.addEventListener("pointercancel", stop);
  return stop;
}

function changeOf({shiftKey, altKey}: {shiftKey: boolean; altKey: boolean}): SelectionChange {
  return shiftKey ? "add" : altKey ? "remove" : "replace";
}

function corners([x0, y0]: Place, [x1, y1]: Place): Place[] {
  return [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1]
  ];
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}
