import {send} from "./dom.js";
import type {MapContent} from "./map-content.js";
import type {Fit} from "./map-fit.js";
import {mapTooltip} from "./map-tooltip.js";

/** A point is under the pointer within this many CSS pixels. */
const reach = 14;

/** The cell under the pointer, and the one that the page looks at. */
export interface MapHover {
  readonly point: number | null;
  /** Hovers the point nearest to a place of the map, CSS pixels. */
  look(x: number, y: number): void;
  /** Hovers a point, and tells of it by a "hover" event; null: none. */
  hover(point: number | null): void;
  /** Shows a point as hovered without an event or words. */
  show(point: number | null): void;
  /** Marks the point that the page looks at. */
  pin(point: number | null): void;
  /** Puts the marks where their points are now. */
  draw(): void;
}

/** What it needs of the map. */
export interface HoverHost {
  root: HTMLElement;
  frame: HTMLElement;
  ring: HTMLElement;
  pin: HTMLElement;
  content: MapContent;
  /** The view in CSS pixels, null: there is none; and the frame's size and a point's radius. */
  view(): Fit | null;
  size(): [width: number, height: number];
  radius(): number;
}

/** Marks and tooltip of a map. */
export function mapHover({root, frame, ring, pin, content, view, size, radius}: HoverHost): MapHover {
  const tooltip = mapTooltip();
  frame.append(tooltip.element);
  let hovered: number | null = null;
  let pinned: number | null = null;

  function draw(): void {
    const extent = 2 * radius() + 8;
    put(ring, hovered, extent);
    put(pin, pinned, extent + 6);
  }

  function put(element: HTMLElement, point: number | null, extent: number): void {
    const seen = view();
    const [width, height] = size();
    const {positions} = content;
    const x = point === null || seen === null ? NaN : positions[2 * point] * seen.scale + seen.offsetX;
    const y = point === null || seen === null ? NaN : seen.offsetY - positions[2 * point + 1] * seen.scale;
    element.hidden = !(x >= 0 && x <= width && y >= 0 && y <= height);
    if (element.hidden) return;
    Object.assign(element.style, {
      width: `${extent}px`,
      height: `${extent}px`,
      transform: `translate(${x - extent / 2}px, ${y - extent / 2}px)`
    });
  }

  function hover(point: number | null): void {
    if (point === hovered) return;
    hovered = point;
    if (point === null) tooltip.hide();
    draw();
    send(root, "hover", {point});
  }

  return {
    get point() {
      return hovered;
    },
    hover,
    draw,
    look(x, y) {
      const seen = view();
      if (seen === null) return hover(null);
      const {scale, offsetX, offsetY} = seen;
      const found = content.nearest((x - offsetX) / scale, (offsetY - y) / scale, reach / scale);
      if (found < 0) return hover(null);
      const {cells} = content;
      if (found !== hovered || tooltip.element.hidden)
        tooltip.fill(cells.name?.(found) ?? `Cell ${found}`, cells.describe?.(found) ?? []);
      hover(found);
      tooltip.place(x, y, ...size());
    },
    show(point) {
      hovered = point;
      tooltip.hide();
      draw();
    },
    pin(point) {
      pinned = point;
      draw();
    }
  };
}
