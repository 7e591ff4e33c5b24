import type {MapPaint} from "./map-colors.js";
import type {Fit} from "./map-fit.js";
import {drawGroupNames, nameSize} from "./map-labels.js";
import type {DrawnName} from "./map-names.js";
import {startRaster, type MapScene, type Raster} from "./map-raster.js";

/** Everything that a map shows on its canvas. */
export interface MapPicture {
  positions: Float32Array;
  /** Order in which points are drawn, random: any beginning of it is a fair sample. */
  order: Uint32Array;
  /** Color of each point. */
  index: Uint8Array;
  paint: MapPaint;
  /** 1 for points that are selected; null: no selection. */
  chosen: Uint8Array | null;
  /** The view in CSS pixels. */
  view: Fit;
  /** Radius of a point, CSS pixels. */
  radius: number;
  names: readonly DrawnName[];
}

/** Draws pictures on a canvas within a budget of time a frame. */
export interface MapPainter {
  /** The canvas's size in CSS pixels, and device pixels each; it is blank until something is drawn. */
  resize(width: number, height: number, ratio: number): void;
  /**
   * Draws a picture. In a `hurry` it is on the canvas at once, if need be with a sample of its points; else it appears when it
   * is whole, which may take some calls of `more`. True if the whole picture stands there.
   */
  draw(picture: MapPicture, hurry: boolean): boolean;
  /** Goes on with a picture; true if it is whole. */
  more(): boolean;
  /** Milliseconds that the last call took, and points of the picture on the canvas. */
  readonly drawTime: number;
  readonly drawn: number;
}

/** Time for points in one frame, milliseconds: leaves room for other maps beside this one. */
const budget = 9;

/** A painter for `canvas`. The level of detail follows the measured speed of this machine. */
export function mapPainter(canvas: HTMLCanvasElement): MapPainter {
  const context = canvas.getContext("2d", {alpha: false})!;
  let [width, height, ratio] = [0, 0, 1];
  let image: ImageData | null = null;
  let raster: Raster | null = null;
  let picture: MapPicture | null = null;
  /** Points a millisecond. */
  let speed = 2000;
  let [drawTime, drawn] = [0, 0];

  function begin(count: number): Raster {
    const {positions, order, index, paint, chosen, view, radius} = picture!;
    const scene: MapScene = {
      positions,
      order: count < order.length ? order.subarray(0, count) : order,
      index,
      chosen,
      colors: paint.colors,
      receding: paint.receding,
      away: paint.away,
      ring: paint.ring,
      ringWidth: Math.max(1, Math.min(1.75, 0.45 * radius)) * ratio,
      background: paint.background,
      scale: view.scale * ratio,
      offsetX: view.offsetX * ratio,
      offsetY: view.offsetY * ratio,
      radius: Math.max(0.5, Math.round(radius * ratio * 4) / 4),
      opacity: order.length > 2000 ? 0.8 : 0.9
    };
    return startRaster(new Uint32Array(image!.data.buffer), image!.width, image!.height, scene);
  }

  function show(): void {
    context.putImageData(image!, 0, 0);
    const {names, paint} = picture!;
    if (names.length > 0) drawGroupNames(context, names, {ratio, size: nameSize(), ink: paint.ink, paper: paint.paper});
  }

  function more(): boolean {
    if (raster === null || picture === null) return true;
    const start = performance.now();
    const whole = raster.advance(start + budget);
    if (whole) {
      raster = null;
      drawn = picture.order.length;
      show();
    }
    drawTime = performance.now() - start;
    return whole;
  }

  return {
    resize(nextWidth, nextHeight, nextRatio) {
      [width, height, ratio] = [nextWidth, nextHeight, nextRatio];
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      image = context.createImageData(canvas.width, canvas.height);
      raster = null;
    },
    draw(next, hurry) {
      if (image === null) return true;
      picture = next;
      const all = next.order.length;
      const count = Math.min(all, Math.max(2000, Math.floor(speed * budget)));
      if (!hurry) {
        raster = begin(all);
        return more();
      }
      const start = performance.now();
      begin(count).advance(Infinity);
      const spent = Math.max(0.2, performance.now() - start);
      if (count >= 2000) speed = 0.6 * speed + 0.4 * (count / spent);
      raster = null;
      drawn = count;
      show();
      drawTime = performance.now() - start;
      return count === all;
    },
    more,
    get drawTime() {
      return drawTime;
    },
    get drawn() {
      return drawn;
    }
  };
}
