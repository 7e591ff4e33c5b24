import type {ColorScale} from "./color-scale.js";
import type {SelectionShape} from "./map-select.js";
import type {SelectionChange} from "./points-inside.js";

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
  /** Colors, one index a point; all cells alike by default. */
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
  /** Buttons that select cells by lasso and rectangle (false). */
  selectable?: boolean;
}

/** What the "selection" event of a map carries: points inside the shape that was drawn, ascending. */
export interface MapSelection {
  points: Int32Array;
  change: SelectionChange;
  by: SelectionShape;
}

/**
 * A map of cells. Events (CustomEvent), for views that show the same cells: "hover" and "select" (a click, or Space at the
 * keys' crosshair) with detail {point} (null: none), "selection" with a `MapSelection`: the owner decides what it means and
 * calls `setSelection`.
 */
export type MapView = HTMLElement & {
  /** Other cells, or other positions of another number of cells. */
  setCells(cells: MapCells): void;
  /** New positions of the same cells, as a layout forms: the view follows smoothly unless the person has zoomed. */
  setPositions(positions: Float32Array): void;
  /** Colors by another column; the selection stays. */
  setColors(colors: ColorScale): void;
  /** Points that are selected: they are ringed and drawn on top in their colors, the others recede; null: there is no selection. */
  setSelection(points: ArrayLike<number> | null): void;
  /** Marks a point, as if hovered, without sending an event. */
  setHover(point: number | null): void;
  /** Marks the point that the page looks at, for as long as it does. */
  setMark(point: number | null): void;
  /** Words in place of a map ("The map appears here"); null: none. */
  setMessage(message: string | null): void;
  /** A few words in a corner of the map ("epoch 120 of 500"). */
  setStatus(status: string): void;
  reset(): void;
  /** Stops listening; call when the map leaves the page for good. */
  dispose(): void;
  /** Milliseconds that drawing the last frame took. */
  readonly drawTime: number;
  /** True while the canvas shows all points as they are now, not a sample in motion. */
  readonly settled: boolean;
};
