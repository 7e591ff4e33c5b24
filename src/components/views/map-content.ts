import {type CategoricalScale, type ColorScale, plainScale} from "./color-scale.js";
import {drawOrder} from "./draw-order.js";
import {mapPaint, type MapPaint} from "./map-colors.js";
import {type Fit, pointRadius} from "./map-fit.js";
import {nameFont, nameSize} from "./map-labels.js";
import {mapNames} from "./map-names.js";
import type {MapPicture} from "./map-painter.js";
import type {MapCells, MapOptions} from "./map-types.js";
import {type PointIndex, pointIndex} from "./point-index.js";
import {pageMode} from "./theme.js";

/** From where a map is looked at. */
export interface MapLook {
  /** Null: nothing has a place. */
  view: Fit | null;
  /** The view of all points. */
  whole: Fit | null;
  /** CSS pixels. */
  width: number;
  height: number;
  radius: number;
  /** A place that names keep free. */
  free: [left: number, top: number, right: number, bottom: number];
}

/** What a map shows, wherever it is looked at from. */
export interface MapContent {
  readonly cells: MapCells;
  readonly positions: Float32Array;
  readonly colors: ColorScale;
  /** Number of cells. */
  readonly count: number;
  /** Names of groups are shown where there are any. */
  names: boolean;
  /** True if groups have names to be shown. */
  readonly hasNames: boolean;
  /** Other cells; true if they are not as many as before. */
  setCells(cells: MapCells): boolean;
  place(positions: Float32Array): void;
  setColors(colors: ColorScale): void;
  setSelection(points: ArrayLike<number> | null): void;
  /** Paints anew after a change of colors or of the page's look. */
  repaint(): void;
  /** The point nearest to a place in the map's own units, -1 if none is within `reach`. */
  nearest(x: number, y: number, reach: number): number;
  /** Radius of a point, CSS pixels, on `area` square pixels zoomed `k` times. */
  radius(area: number, k: number): number;
  /** Everything as the painter needs it; without a view there are no points. */
  picture(looked: MapLook, hurry: boolean): MapPicture;
  /** Groups that the map does not name though it could: see `MapNames`. */
  readonly unnamed: readonly string[] | null;
}

/** The content of a map, at first in the colors of its options. */
export function mapContent(cells: MapCells, {colors: first, labels = true}: MapOptions): MapContent {
  let positions = cells.positions;
  let order = drawOrder(positions.length / 2);
  let colors: ColorScale = first ?? plainScale(order.length);
  let chosen: Uint8Array | null = null;
  let paint: MapPaint = mapPaint(colors, pageMode());
  let index: PointIndex | null = null;
  const names = mapNames(wordWidth());
  const place = (next: Float32Array): void => {
    positions = next;
    index = null;
  };
  return {
    names: labels,
    get cells() {
      return cells;
    },
    get positions() {
      return positions;
    },
    get colors() {
      return colors;
    },
    get count() {
      return order.length;
    },
    get hasNames() {
      return colors.kind === "categorical" && colors.entries.length > 1;
    },
    setCells(next) {
      cells = next;
      const other = next.positions.length !== positions.length;
      if (other) {
        order = drawOrder(next.positions.length / 2);
        if (colors.index.length !== order.length) colors = plainScale(order.length);
        chosen = null;
      }
      place(next.positions);
      return other;
    },
    place,
    setColors(next) {
      colors = next;
    },
    setSelection(points) {
      chosen = points === null ? null : new Uint8Array(order.length);
      for (let i = 0; i < (points?.length ?? 0); ++i) chosen![points![i]] = 1;
    },
    repaint() {
      paint = mapPaint(colors, pageMode());
    },
    nearest(x, y, reach) {
      index ??= pointIndex(positions);
      return index.nearest(x, y, reach);
    },
    radius(area, k) {
      return pointRadius(order.length, area) * Math.min(2.5, Math.max(1, k ** 0.35));
    },
    get unnamed() {
      return this.names && order.length > 0 && colors.kind === "categorical" ? names.unnamed : [];
    },
    picture({view, whole, width, height, radius, free}, hurry) {
      const isNamed = view !== null && whole !== null && this.names && colors.kind === "categorical";
      const named = {positions, order, width, height, radius, free: [free], size: nameSize()};
      return {
        positions: view === null ? new Float32Array(0) : positions,
        order: view === null ? order.subarray(0, 0) : order,
        index: colors.index,
        paint,
        chosen,
        view: view ?? {scale: 1, offsetX: 0, offsetY: 0},
        radius,
        names: isNamed ? names.place({...named, view, whole, colors: colors as CategoricalScale}, hurry) : []
      };
    }
  };
}

/** Says how wide words are in the type of names, CSS pixels. */
function wordWidth(): (words: string, size: number) => number {
  const context = document.createElement("canvas").getContext("2d");
  const known = new Map<string, number>();
  return (words, size) => {
    const key = `${size} ${words}`;
    if (context !== null) context.font = nameFont(size);
    const width = known.get(key) ?? context?.measureText(words).width ?? 0.6 * size * words.length;
    known.set(key, width);
    return width;
  };
}
