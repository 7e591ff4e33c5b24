import {select, zoom, zoomIdentity, type D3ZoomEvent, type ZoomTransform} from "npm:d3";
import {prefersStill} from "./theme.js";

/** Zoom and pan of a canvas by wheel, drag, pinch and calls. */
export interface MapGestures {
  /** Where the person has moved the view to. */
  readonly transform: ZoomTransform;
  /** The canvas has another size, CSS pixels. */
  resize(width: number, height: number): void;
  /** Zooms about the middle, moves by CSS pixels, goes back to the whole. */
  zoomBy(factor: number): void;
  moveBy(x: number, y: number): void;
  reset(): void;
}

/** What gestures need to know and tell. */
export interface GestureHost {
  /** False: there is nothing to move. */
  ready(): boolean;
  /** True: dragging selects instead of moving. */
  selecting(): boolean;
  onMove(transform: ZoomTransform): void;
  /** A wheel was turned over a map that does not take it (without Ctrl, and not clicked): the page scrolls. */
  onRefusedWheel(): void;
}

/**
 * Makes a canvas zoom (0.8 to 80 times) and pan. The page scrolls on over it: the wheel zooms once the canvas has the focus
 * or with Ctrl, and one finger moves only a map that was zoomed.
 */
export function mapGestures(
  canvas: HTMLCanvasElement,
  {ready, selecting, onMove, onRefusedWheel}: GestureHost
): MapGestures {
  let transform: ZoomTransform = zoomIdentity;
  const behavior = zoom<HTMLCanvasElement, unknown>()
    .scaleExtent([0.8, 80])
    .filter(mayZoom)
    .on("zoom", (event: D3ZoomEvent<HTMLCanvasElement, unknown>) => {
      transform = event.transform;
      canvas.style.touchAction = transform.k > 1 || selecting() ? "none" : "pan-y";
      onMove(transform);
    });
  const target = select(canvas);
  target.call(behavior).style("touch-action", "pan-y").on("dblclick.zoom", null);
  canvas.addEventListener(
    "wheel",
    (event) => {
      if (!mayZoom(event) && ready()) onRefusedWheel();
    },
    {passive: true}
  );

  function mayZoom(event: Event): boolean {
    if (!ready()) return false;
    if (event instanceof WheelEvent) return event.ctrlKey || event.metaKey || document.activeElement === canvas;
    if (typeof TouchEvent !== "undefined" && event instanceof TouchEvent)
      return event.touches.length > 1 || (transform.k > 1 && !selecting());
    return !selecting() && !(event as MouseEvent).ctrlKey && (event as MouseEvent).button === 0;
  }

  return {
    get transform() {
      return transform;
    },
    resize(width, height) {
      behavior
        .extent([
          [0, 0],
          [width, height]
        ])
        .translateExtent([
          [-width / 4, -height / 4],
          [width * 1.25, height * 1.25]
        ]);
    },
    zoomBy(factor) {
      if (prefersStill()) target.call(behavior.scaleBy, factor);
      else target.transition().duration(180).call(behavior.scaleBy, factor);
    },
    moveBy(x, y) {
      target.call(behavior.translateBy, x / transform.k, y / transform.k);
    },
    reset() {
      if (prefersStill()) target.call(behavior.transform, zoomIdentity);
      else target.transition().duration(250).call(behavior.transform, zoomIdentity);
    }
  };
}
