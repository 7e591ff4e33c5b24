import {type Fit, fitPoints, moveFit, sameFit} from "./map-fit.js";
import {prefersStill} from "./theme.js";

const padding = 18;

/** Where a map's points stand in its frame before the person zooms: it follows growing layouts smoothly. */
export interface MapCamera {
  /** Null: no point has a place, or the frame has no size. */
  readonly fit: Fit | null;
  /** True while it is on the way to where all points are in view. */
  readonly moving: boolean;
  readonly width: number;
  readonly height: number;
  /** Another size, CSS pixels: all points are in view at once. */
  resize(width: number, height: number, positions: Float32Array): void;
  /** Other positions; nothing where the person looks at a part (`zoomed`). */
  aim(positions: Float32Array, zoomed: boolean): void;
  /** All points in view again. */
  reset(positions: Float32Array): void;
  /** Other cells: the next positions are in view at once. */
  forget(): void;
  /** One frame, `time` in ms; true if the view moved. */
  step(time: number): boolean;
}

/** A camera that keeps `bar` CSS pixels at the top free, for buttons that would hide cells. */
export function mapCamera(bar: number): MapCamera {
  let [width, height] = [0, 0];
  let fit: Fit | null = null;
  let target: Fit | null = null;
  let lastTime = 0;
  const whole = (positions: Float32Array): Fit | null => {
    const all = fitPoints(positions, width, height - bar, padding);
    return all === null ? null : {...all, offsetY: all.offsetY + bar};
  };
  return {
    get fit() {
      return fit;
    },
    get moving() {
      return fit !== target;
    },
    get width() {
      return width;
    },
    get height() {
      return height;
    },
    resize(nextWidth, nextHeight, positions) {
      [width, height] = [nextWidth, nextHeight];
      target = fit = whole(positions);
    },
    aim(positions, zoomed) {
      if (width === 0 || (fit !== null && zoomed)) return;
      target = whole(positions);
      if (fit === null || prefersStill()) fit = target;
    },
    reset(positions) {
      if (width > 0) target = whole(positions);
      if (prefersStill()) fit = target;
    },
    forget() {
      fit = null;
    },
    step(time) {
      const moves = fit !== null && target !== null && fit !== target;
      if (moves) {
        fit = moveFit(fit!, target!, 1 - Math.exp(-Math.min(100, Math.max(8, time - lastTime)) / 180), width, height);
        if (sameFit(fit, target!, width, height)) fit = target;
      }
      lastTime = time;
      return moves;
    }
  };
}
